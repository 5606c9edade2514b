/** What the shelf says when work on packs fails: what happened, and what to do next. */
import type { AppError, ErrorCode, ErrorDetails } from '../../core/errors';
import { errorSentence } from '../words';
import { bytesWords } from './bytesWords';
import { listWords } from './listWords';

/** Something on the disk that could make room. */
export interface Holding {
  readonly id: string;
  readonly title: string;
  readonly storedBytes: number;
}

/** A person's own wish, under *Your photo stays on this computer*. */
export const OFFLINE =
  '“Work offline” is on (under “Your photo stays on this computer”): nothing is fetched.';

type Say = (details: ErrorDetails, holdings: readonly Holding[]) => string;

/** The store keeps whole parts only, of up to 64 MiB each. */
export const PARTS_KEPT = 'Finished parts are kept; one that was half done begins anew.';

const ERRORS: Partial<Readonly<Record<ErrorCode, Say>>> = {
  'download-failed': ({ host, reason, offline }) =>
    offline
      ? `${OFFLINE} Switch it off, then try again.`
      : `The files could not be fetched${host ? ` from ${host}` : ''}${reason ? `: ${reason}` : ''}. ` +
        `${PARTS_KEPT} Check the connection or wait a little, then try again.`,
  'model-missing': ({ lost, hosts }) =>
    lost
      ? 'The disk has lost a part of this. Press Check, which finds what is damaged; then get the rest again.'
      : `None of the places this pack may come from has it${hosts ? ` (${hosts})` : ''}. ` +
        'Import its folder, or name a mirror further down.',
  'model-corrupt': corruptSentence,
  'storage-full': ({ missingBytes, removable }, holdings) =>
    `The disk is full${missingBytes ? `: ${bytesWords(Number(missingBytes))} more room is needed for this` : ''}. ${roomSentence(removable, holdings)}`,
  'engine-lost': () =>
    'The part of the app that keeps models stopped and was started again. Please try once more.',
  'bad-request': ({ terms, busy, field, insecure, folder }) => {
    if (busy) return 'Another window is at work on this. Try again when it has finished.';
    if (terms) return 'Its terms were not accepted yet. Read them first.';
    if (field === 'mirror')
      return 'The address of the mirror is no web address. Correct it further down, or empty it.';
    if (insecure)
      return 'Models can only be kept when this page comes over https, or from this computer itself. Ask whoever runs this site.';
    if (folder) return 'Nothing may be written into that folder. Choose another one.';
    return 'This pack is not known here any more. Reload the page.';
  },
};

export function packErrorSentence(error: AppError, holdings: readonly Holding[]): string {
  return ERRORS[error.code]?.(error.details, holdings) ?? errorSentence(error);
}

/** Of what another library keeps. */
export function otherErrorSentence(error: AppError): string {
  return error.details['busy']
    ? 'The part of the app that it belongs to has it open. Close other windows of this app and try again.'
    : packErrorSentence(error, []);
}

/** False where the same request would be refused again. */
export function worthAnotherTry({ code, details }: AppError): boolean {
  if (code === 'bad-request') return details['busy'] === true;
  return code !== 'model-missing' || !details['lost'];
}

function corruptSentence({ path, found, changed, field }: ErrorDetails): string {
  if (found) return `These are the files of another pack, ${found}. Choose the folder of this one.`;
  if (field || !path) return descriptionSentence(String(field ?? ''));
  if (!changed) return `${path} came damaged and was not taken. Try again; if it stays so, try a mirror.`;
  return (
    `${path} is not the one that was first seen here. The publisher may have brought out a new version, ` +
    'or somebody may have changed the file on its way. If you do not expect a new version, keep the one you know.'
  );
}

/** @param field where in `catalog.json` or in a `pack.json` it is wrong; empty: not known */
function descriptionSentence(field: string): string {
  if (field.startsWith('catalog')) {
    return "The app's own list of models is damaged. Reload the page; if it stays so, install the app again.";
  }
  const where = field ? ` (${field})` : '';
  return `The file pack.json, which describes this pack, is damaged${where}. Fetch its folder anew from where it came from.`;
}

function roomSentence(removable: ErrorDetails[string] | undefined, holdings: readonly Holding[]): string {
  const ids = String(removable ?? '').split(',');
  const names = holdings
    .filter(({ id }) => ids.includes(id))
    .map(({ title, storedBytes }) => `${title} (${bytesWords(storedBytes)})`);
  return names.length
    ? `Removing ${listWords(names, 'or')} here would make room, and so would clearing other files from this computer.`
    : 'Clear some files from this computer and try again.';
}
