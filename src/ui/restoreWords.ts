/** What a person should know of a face that was to be restored. */
import { AppError } from '../core/errors';
import type { RestoreNote, RestoreObjection } from '../core/restoration';
import { errorSentence } from './words';

const OBJECTIONS: Readonly<Record<RestoreObjection, string>> = {
  'eyes-closed': 'it closed the eyes again',
  'iris-colour': 'it changed the colour of the eyes',
  'another-face': 'it made another face of it',
};

const LEFT_ALONE: Readonly<Record<Extract<RestoreNote, { outcome: 'left-alone' }>['because'], string>> = {
  'too-small': 'This face is too small to be restored: the detail would be invented.',
  'too-large': 'This face has more detail than a restorer draws, so it was left alone.',
  'nothing-there': 'There was nothing to restore in this face.',
};

export function restoredSentence(note: RestoreNote): string {
  switch (note.outcome) {
    case 'restored':
      return note.objection
        ? `Detail restored, gently: with more freedom ${OBJECTIONS[note.objection]}.`
        : 'Detail restored.';
    case 'refused':
      return `Its detail was not restored: ${OBJECTIONS[note.objection]}.`;
    case 'left-alone':
      return LEFT_ALONE[note.because];
    case 'failed':
      return errorSentence(new AppError(note.code, 'restoring failed', note.details));
  }
}
