/** What the shelf says of packs and of work on them. Sentences for a parent: what happened, and what to do next. */
import type { FirstSeen, ImportRefusal, ImportResult, PackActivity, PackStatus } from '../../core/packDisk';
import { count } from '../words';
import { bytesWords } from './bytesWords';
import type { KeepingAnswer } from './keeping.svelte';
import { listWords } from './listWords';
import { packBytes } from './packBytes';
import { PARTS_KEPT } from './packErrorWords';

export const DOING: Readonly<Record<PackActivity, string>> = {
  download: 'Downloading',
  import: 'Importing',
  verify: 'Checking',
  export: 'Exporting',
  remove: 'Removing',
};

/** What another window does. */
const ELSEWHERE: Readonly<Record<PackActivity, string>> = {
  download: 'Another window is downloading this. It can be paused there.',
  import: 'Another window is importing this. It can be stopped there.',
  verify: 'Another window is checking this. It can be stopped there.',
  export: 'Another window is exporting this. It can be stopped there.',
  remove: 'Another window is removing this.',
};
const ELSEWHERE_UNKNOWN = 'Another window is at work on this.';

/**
 * @param theirs what another window does; null: not known
 * @param own what this window asked for meanwhile
 */
export function elsewhereSentence(theirs: PackActivity | null, own: PackActivity | undefined): string {
  const sentence = theirs ? ELSEWHERE[theirs] : ELSEWHERE_UNKNOWN;
  return own === 'download'
    ? `${sentence} This window waits for it and then fetches what is still missing.`
    : sentence;
}

export function stateWords(status: PackStatus): string {
  if (status.state === 'absent') return 'Not here';
  if (status.state === 'ready') return 'Ready';
  if (status.state === 'outdated') return 'Ready, update available';
  const total = packBytes(status.pack);
  const have = bytesWords(total - status.missingBytes);
  return total ? `Partly here, ${have} of ${bytesWords(total)}` : 'Partly here';
}

/** Of the whole pack; null where nobody knows before it is converted. */
export function sizeWords(status: PackStatus): string | null {
  const total = packBytes(status.pack);
  if (!total) return null;
  const about = status.pack.files.some(({ approximate }) => approximate) ? 'about ' : '';
  return `${about}${bytesWords(total)}`;
}

export function doneSentence(title: string, activity: PackActivity): string {
  return {
    download: `${title} is here and ready.`,
    import: `The import into ${title} is done.`,
    verify: `The check of ${title} is done.`,
    export: `${title} is exported.`,
    remove: `${title} was removed from this computer.`,
  }[activity];
}

/** @param activity null: it had not begun. */
export function stoppedSentence(title: string, activity: PackActivity | null): string {
  if (!activity) return `${title} waits no longer.`;
  return {
    download: `${title} is paused. ${PARTS_KEPT}`,
    import: `The import into ${title} was stopped. ${PARTS_KEPT}`,
    verify: `The check of ${title} was stopped.`,
    export: `The export of ${title} was stopped. The folder is incomplete.`,
    remove: `Removing ${title} was stopped.`,
  }[activity];
}

export function verifySentences(damaged: readonly string[]): readonly string[] {
  if (!damaged.length) return ['Every file is whole and right.'];
  return [
    `${listWords(damaged)} ${damaged.length === 1 ? 'was' : 'were'} damaged and taken off. Get the rest again.`,
  ];
}

const REFUSED: Readonly<Record<ImportRefusal, string>> = {
  'not-of-this-pack': 'not part of this pack',
  'ambiguous-name': 'several files of this pack have that name: choose the whole folder',
  'wrong-size': 'not of the right size, perhaps cut off while copying',
  'wrong-content': 'not what this pack needs, perhaps another version',
  unreadable: 'could not be read',
};
const NOT_FIRST_SEEN = 'not the one first seen here, which stays remembered even when the pack is removed';

/** @param firstSeen of the pack */
export function importSentences(
  { taken, missing, refused }: ImportResult,
  firstSeen: readonly FirstSeen[],
): readonly string[] {
  const left = refused.map(({ name, reason }) => ({
    name,
    why: reason === 'wrong-content' && isOneOf(firstSeen, name) ? NOT_FIRST_SEEN : REFUSED[reason],
  }));
  const reasons = [...new Set(left.map(({ why }) => why))];
  return [
    taken.length ? `${count(taken.length, 'file')} taken.` : 'Nothing was taken.',
    ...(missing.length ? [`Still missing: ${listWords(missing)}.`] : []),
    ...reasons.map((reason) => {
      const names = left.filter(({ why }) => why === reason).map(({ name }) => name);
      return `Left out: ${listWords(names)} (${reason}).`;
    }),
  ];
}

/** A single file is known by its name, one of a folder by its place in it. */
function isOneOf(files: readonly FirstSeen[], name: string): boolean {
  return files.some(({ path }) => `/${name}`.endsWith(`/${path}`) || path.endsWith(`/${name}`));
}

/** Whether the browser promised to keep what is stored. */
export const KEEPING: Readonly<Record<KeepingAnswer, string>> = {
  unasked:
    'When you start a download, the browser is asked to keep these files; without its promise it may clear them when the disk runs full.',
  asking:
    'The browser is asked to keep these files even when the disk runs full. It may put the question to you.',
  promised: 'The browser has promised to keep them until you remove them.',
  'not-promised':
    'The browser did not promise to keep them: it may clear them when the disk runs full. Then they have to be fetched again.',
};
