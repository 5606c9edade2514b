/** What can be done with a pack as it is. */
import type { PackStatus } from '../../core/packDisk';
import { bytesWords } from './bytesWords';
import { worthAnotherTry } from './packErrorWords';
import type { PackItem } from './packItem.svelte';
import { sizeWords } from './packWords';

export type PackAction =
  | 'get'
  | 'pause'
  | 'cancel'
  | 'leave'
  | 'verify'
  | 'export'
  | 'import-files'
  | 'import-folder'
  | 'remove';

/** Those that make sense, the likeliest first. What another window does makes them wait, but hides none. */
export function actionsOf(item: PackItem, canExport: boolean): readonly PackAction[] {
  if (item.phase === 'waiting') return [item.waitsForAnother ? 'leave' : 'cancel'];
  if (item.phase === 'working') {
    if (item.activity === 'remove') return [];
    return item.activity === 'download' ? ['pause'] : ['cancel'];
  }
  const imports: readonly PackAction[] = ['import-folder', 'import-files'];
  const keep: readonly PackAction[] = canExport ? ['verify', 'export', 'remove'] : ['verify', 'remove'];
  const { state, pack } = item.status;
  // Its "Try again" stands above.
  const failed = item.problem?.activity === 'download' && worthAnotherTry(item.problem.error);
  const get: readonly PackAction[] = failed ? [] : ['get'];
  if (state === 'absent') return pack.origin === 'self-hosted' ? [...imports, ...get] : [...get, ...imports];
  if (state === 'partial') return [...get, ...imports, 'verify', 'remove'];
  return state === 'outdated' ? [...get, ...keep] : keep;
}

const LABELS: Readonly<Record<Exclude<PackAction, 'get'>, string>> = {
  pause: 'Pause',
  cancel: 'Cancel',
  leave: 'Do not wait',
  verify: 'Check',
  export: 'Export…',
  'import-files': 'Import files…',
  'import-folder': 'Import folder…',
  remove: 'Remove',
};

export function actionLabel(action: PackAction, status: PackStatus, fits: boolean): string {
  if (action !== 'get') return LABELS[action];
  if (status.state === 'partial')
    return status.missingBytes ? `Resume (${bytesWords(status.missingBytes)} to go)` : 'Resume';
  if (status.state === 'outdated') return `Update (${bytesWords(status.missingBytes)})`;
  if (status.pack.origin === 'self-hosted') return 'Get from this site';
  const size = sizeWords(status);
  return `${fits ? 'Get' : 'Get anyway'}${size ? ` (${size})` : ''}`;
}
