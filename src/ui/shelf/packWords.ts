/** What the shelf says of packs and of work on them. Sentences for a parent: what happened, and what to do next. */
import type { AppError, ErrorCode, ErrorDetails } from '../../core/errors';
import type { ImportRefusal, ImportResult, PackActivity, PackStatus } from '../../core/packDisk';
import { count, errorSentence } from '../words';
import { bytesWords } from './bytesWords';
import type { KeepingAnswer } from './keeping.svelte';
import { packBytes } from './packBytes';

/** Something on the disk that could make room. */
export interface Holding {
  readonly id: string;
  readonly title: string;
  readonly storedBytes: number;
}

/** The store keeps whole parts only, of up to 64 MiB each. */
const PARTS_KEPT = 'Its finished parts are kept; one that was half done begins anew.';

/** Names listed before the rest is only counted. */
const MOST_NAMES = 4;

export const DOING: Readonly<Record<PackActivity, string>> = {
  download: 'Downloading',
  import: 'Importing',
  verify: 'Checking',
  export: 'Exporting',
  remove: 'Removing',
};

export const ELSEWHERE: Readonly<Record<PackActivity, string>> = {
  download: 'Another window is downloading this. It can be paused there.',
  import: 'Another window is importing this. It can be stopped there.',
  verify: 'Another window is checking this. It can be stopped there.',
  export: 'Another window is exporting this. It can be stopped there.',
  remove: 'Another window is removing this.',
};
export const ELSEWHERE_UNKNOWN = 'Another window is at work on this.';

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
    `${named(damaged)} ${damaged.length === 1 ? 'was' : 'were'} damaged and taken off. Get the rest again.`,
  ];
}

const REFUSED: Readonly<Record<ImportRefusal, string>> = {
  'not-of-this-pack': 'not part of this pack',
  'ambiguous-name': 'several files of this pack have that name: choose the whole folder',
  'wrong-size': 'not of the right size, perhaps cut off while copying',
  'wrong-content': 'not what this pack needs, perhaps another version',
  unreadable: 'could not be read',
};

export function importSentences({ taken, missing, refused }: ImportResult): readonly string[] {
  const reasons = [...new Set(refused.map(({ reason }) => reason))];
  return [
    taken.length ? `${count(taken.length, 'file')} taken.` : 'Nothing was taken.',
    ...(missing.length ? [`Still missing: ${named(missing)}.`] : []),
    ...reasons.map((reason) => {
      const names = refused.filter((file) => file.reason === reason).map(({ name }) => name);
      return `Left out: ${named(names)} (${REFUSED[reason]}).`;
    }),
  ];
}

const ERRORS: Partial<
  Readonly<Record<ErrorCode, (details: ErrorDetails, holdings: readonly Holding[]) => string>>
> = {
  'download-failed': ({ host, reason }) =>
    `${host ? `The files could not be fetched from ${host}` : 'The files could not be fetched'}${reason ? ` (${reason})` : ''}. ` +
    `${PARTS_KEPT} Check the connection and try again.`,
  'model-missing': () =>
    'None of the places this pack may come from has it. Import its folder, or name a mirror further down.',
  'model-corrupt': ({ path = 'A file', found, changed }) => {
    if (found) return `These are the files of another pack, ${found}. Choose the folder of this one.`;
    if (!changed) return `${path} came damaged and was not taken. Try again; if it stays so, try a mirror.`;
    return (
      `${path} is not the one that was first seen here. The publisher may have brought out a new version, ` +
      'or somebody may have changed the file on its way. If you do not expect a new version, keep the one you know.'
    );
  },
  'storage-full': ({ missingBytes, removable }, holdings) =>
    `The disk is full${missingBytes ? `: ${bytesWords(Number(missingBytes))} more room is needed for this` : ''}. ${roomSentence(removable, holdings)}`,
  'engine-lost': () =>
    'The part of the app that keeps models stopped and was started again. Please try once more.',
  'bad-request': ({ terms, busy }) => {
    if (busy) return 'Another window is at work on this. Try again when it has finished.';
    if (terms) return 'Its terms were not accepted yet. Read them first.';
    return 'This pack is not known here any more. Reload the page.';
  },
};

export function packErrorSentence(error: AppError, holdings: readonly Holding[]): string {
  return ERRORS[error.code]?.(error.details, holdings) ?? errorSentence(error);
}

/** False where the same request would be refused again. */
export function worthAnotherTry({ code, details }: AppError): boolean {
  return code !== 'bad-request' || details['busy'] === true;
}

function roomSentence(removable: ErrorDetails[string] | undefined, holdings: readonly Holding[]): string {
  const ids = String(removable ?? '').split(',');
  const names = holdings
    .filter(({ id }) => ids.includes(id))
    .map(({ title, storedBytes }) => `${title} (${bytesWords(storedBytes)})`);
  return names.length
    ? `Removing ${named(names, 'or')} here would make room, and so would clearing other files from this computer.`
    : 'Clear some files from this computer and try again.';
}

/** `a, b and c`; of many only the first. */
function named(names: readonly string[], word = 'and'): string {
  const shown = names.length > MOST_NAMES ? names.slice(0, MOST_NAMES - 1) : names;
  const rest = names.length - shown.length;
  const all = rest ? [...shown, `${rest} more`] : shown;
  return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} ${word} ${all.at(-1)}`;
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
