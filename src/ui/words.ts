/** What the page says about the closed sets of the core. Sentences for a parent: what happened, and what to do next. */
import type { Config } from '../core/config';
import { AppError, type ErrorCode, type ErrorDetails } from '../core/errors';
import type { EyeState, Face, Side, VerdictReason } from '../core/face';
import type { CandidateNote, CandidateOrigin, GeneratorId, NoCandidateReason } from '../core/generation';
import type { DetectorChoice } from '../core/look';
import { PAINTER_PACKS } from '../core/painting';
import type { PhotoNotice, UnreadableReason } from '../core/photo';
import { PARSER_PACK, type RestorerId } from '../core/restoration';
import type { Stage } from '../core/run';
import { settingName } from './settingName';

type Say = (details: ErrorDetails) => string;

export const RESTORER_NAMES: Readonly<Record<RestorerId, string>> = {
  codeformer: 'CodeFormer',
  gfpgan: 'GFPGAN',
};

const UNREADABLE: Readonly<Record<UnreadableReason, string>> = {
  empty: 'The file is empty. Copy it again from the camera or phone.',
  'not-a-picture': 'This is not a picture. Choose a JPEG, PNG, WebP, AVIF or GIF.',
  markup: 'This is a web page or a drawing, not a photo. Choose the photo file itself.',
  damaged: 'The file is damaged or incomplete. Copy it again from where it came from.',
  'format-heic': 'This is a HEIC photo, which this browser cannot read. Save it as JPEG first.',
  'format-tiff': 'This is a TIFF or camera raw file, which browsers cannot read. Save it as JPEG first.',
  'format-other': 'This kind of picture is not known here. Save it as JPEG or PNG first.',
  gone: 'The file is no longer where it was. Choose it again.',
};
const UNREADABLE_OTHERWISE = 'The photo could not be read. Try to save it as JPEG or PNG first.';

export const NO_FILES = 'There is no file in what you dropped. Choose the photo itself.';
export const FILES_GONE = 'Some files could not be reached. Choose the photos once more.';
export const PHOTOS_REOPENED = 'The photo part of the app stopped and was started again. Your work is kept.';

const ERRORS: Readonly<Record<ErrorCode, Say>> = {
  FACE_DET_001: () => 'Looking for faces did not work. Try again; reloading the page helps if it stays so.',
  NO_EYES_001: () => 'No closed eyes here. Mark an eye as closed if you see one.',
  CROP_001: () => 'This face is too far turned or cut off to work on. The other faces are not touched.',
  GEN_001: ({ reason }) =>
    UNPAINTED[String(reason)] ??
    'Opening these eyes did not work. Try again, or add another photo of the same moment.',
  BLEND_001: () => 'The new eyes could not be fitted in. Try another choice for this face.',
  RES_001: () => 'Restoring the detail of this face did not work. The face is as it was before.',
  'gpu-missing': ({ detector, pack }) =>
    pack
      ? `Painting needs a graphics card, and this browser gives web pages none. ${WITHOUT_PAINTER}`
      : `This browser has no access to the graphics card. ${withoutGpu(detector)}`,
  'gpu-too-small': ({ pack, reason }) => {
    if (!pack) return 'The graphics card has too little memory for this. A smaller size may do (Settings).';
    return reason ? `${PACK_NAMES[String(pack)]} cannot work on this computer. ${reason}` : TOO_FULL_TO_PAINT;
  },
  'gpu-wrong': ({ detector, pack }) =>
    `The graphics card gives wrong results and is not used. ${pack ? WITHOUT_PAINTER : withoutGpu(detector)}`,
  'engine-lost': ({ engine, reason }) => {
    if (engine === 'painter' && reason === 'out-of-memory') return TOO_FULL_TO_PAINT;
    return reason === 'silent'
      ? 'A part of the app did not answer any more and was ended. Start the browser again before you try once more.'
      : 'A part of the app stopped and was started again. Please try once more.';
  },
  'model-missing': ({ detector, lost, pack }) => {
    const name = detector ? detectorName(detector) : PACK_NAMES[String(pack)];
    if (!name) return 'A file of the app is missing. Reload the page; if it stays so, install the app again.';
    const where = lost ? 'has lost a part on the disk' : 'is not on this computer';
    return `${name} ${where}. Get or import it under Models${detector ? OTHER_DETECTOR : ''}.`;
  },
  'model-corrupt': ({ detector, pack, path = 'its file' }) => {
    const name = detector ? detectorName(detector) : PACK_NAMES[String(pack)];
    if (!name) return 'A file of the app is damaged. Reload the page to fetch it again.';
    return `${name} cannot be used: ${path} is another model than its name says. Remove it under Models and get it again${detector ? OTHER_DETECTOR : ''}.`;
  },
  'download-failed': () => 'A file of the app could not be fetched. Check the connection and try again.',
  'storage-full': () => 'The disk has no room left for this. Free some space and try again.',
  'photo-unreadable': ({ reason }) => UNREADABLE[reason as UnreadableReason] ?? UNREADABLE_OTHERWISE,
  'photo-too-large': (details) => `The photo is too large${sizes(details)}. Make it smaller first.`,
  'bad-request': ({ field, found, allowed, photo }) => {
    if (photo !== undefined) return 'The photo has to be read again. Please try once more.';
    if (!allowed) return 'The settings file could not be read.';
    const setting = settingName(String(field));
    if (String(field).startsWith('address.'))
      return `In the address, ${String(field).slice(8)} is ${found}; allowed is ${allowed}.`;
    return setting
      ? `The setting ${setting} is ${found}; allowed is ${allowed}.`
      : `This face cannot be painted: ${field} is ${found}; allowed is ${allowed}.`;
  },
  internal: () => 'Something went wrong in the app. Try again; reloading the page helps if it stays so.',
};

/** Why a painter made nothing, by its reason. */
const UNPAINTED: Readonly<Record<string, string>> = {
  'not-finite': 'The graphics card gave no usable picture. Try another seed.',
  'nothing-to-paint': 'The eyes of this face lie outside of what can be painted.',
};
const TOO_FULL_TO_PAINT =
  'The graphics card has too little memory for painting. A smaller size (Settings) may do, or closing other programs.';
/** Packs whose errors come without a detector's name. */
const PACK_NAMES: Readonly<Record<string, string>> = {
  ...RESTORER_NAMES,
  [PARSER_PACK]: 'ParseNet',
  [PAINTER_PACKS.base]: 'The painter',
  [PAINTER_PACKS.refiner]: 'The refiner',
};
const OTHER_DETECTOR = ', or find faces in another way (Settings)';
const WITHOUT_PAINTER = 'Eyes from the photos and built-in ones work without it.';

function sizes({
  fileMib,
  limitFileMib,
  widthPx,
  heightPx,
  limitSidePx,
  limitMegapixels,
}: ErrorDetails): string {
  if (fileMib) return ` (${fileMib} MB; up to ${limitFileMib} MB work)`;
  if (!widthPx) return '';
  return ` (${widthPx} × ${heightPx}; up to ${limitMegapixels} megapixels and ${limitSidePx} a side work)`;
}

export const DETECTORS: Readonly<Record<DetectorChoice['detector'], string>> = {
  auto: 'The best that is here',
  embedded: 'Built in',
  buffalo_l: 'InsightFace Buffalo_L',
  retinaface: 'RetinaFace',
};

/** Where new eyes come from. */
export const GENERATORS: Readonly<Partial<Record<Config['generation']['generator'], string>>> = {
  auto: 'The photos, else made new',
  donor: 'Open eyes in the photos',
  'built-in': 'The built-in network',
  sdxl: 'The painter',
};

function withoutGpu(detector: ErrorDetails[string] | undefined): string {
  return detector === undefined
    ? 'The built-in way works without it.'
    : 'Let the detector run on the processor (Settings).';
}

function detectorName(detector: ErrorDetails[string]): string {
  return DETECTORS[detector as DetectorChoice['detector']];
}

export function errorSentence(error: AppError): string {
  return ERRORS[error.code](error.details);
}

/** False where the same file would be refused again. */
export function worthAnotherTry({ code }: AppError): boolean {
  return code !== 'photo-unreadable' && code !== 'photo-too-large';
}

export const PHOTO_NOTICES: Readonly<Record<PhotoNotice, string>> = {
  'first-frame-only': 'This picture moves; only its first frame is used.',
  'reduced-to-8-bit': 'This picture has more than 8 bits a colour; it is worked on and saved with 8.',
  'cmyk-converted': 'This picture was made for printing (CMYK); it was converted to RGB.',
  'damaged-part': 'Part of the file is damaged; the missing part is empty.',
  'hdr-flattened': 'This is an HDR picture; it is worked on and saved in normal range.',
};

export const REASONS: Readonly<Record<VerdictReason, string>> = {
  'lids-apart': 'the lids are apart',
  'lids-together': 'the lids are together',
  'measures-disagree': 'the measures disagree',
  'between-the-limits': 'the lids are almost together',
  'eye-turned-away': 'the eye is turned away',
  'too-small': 'the face is very small',
  overruled: 'you said so',
};

export const STATES: Readonly<Record<EyeState, string>> = {
  open: 'open',
  closed: 'closed',
  unsure: 'unsure',
};

export const SIDE_NAMES: Readonly<Record<Side, string>> = { left: 'Left eye', right: 'Right eye' };

export const STAGES: Readonly<Record<Stage, string>> = {
  detect: 'Looking for faces',
  crop: 'Measuring the face',
  generate: 'Finding new eyes',
  paint: 'Painting new eyes',
  blend: 'Matching colour and light',
  restore: 'Restoring detail',
  place: 'Putting the eyes in',
};

const NOTES: Readonly<Record<CandidateNote, string>> = {
  'same-pose': 'head held the same way',
  'different-pose': 'head held differently',
  'same-light': 'same light',
  'different-light': 'different light',
  'same-expression': 'same expression',
  'gaze-shifted': 'gaze turned to match',
  'softer-than-photo': 'a little softer than the photo',
  'glasses-near': 'close to glasses; look closely',
};

/** Under the choices, where not all were made in one way. */
export const MAKERS: Readonly<Record<GeneratorId, string>> = {
  donor: 'from the photos',
  'built-in': 'made new',
  sdxl: 'painted',
};

/** Where a candidate comes from and what speaks for or against it. */
export function whySentence(origin: CandidateOrigin, notes: readonly CandidateNote[]): string {
  const source = {
    'other-eye': 'The other eye of this face, mirrored',
    'other-photo': `The same person in ${origin.photoName}`,
    painted: `Painted for this face, ${origin.sourceId}`,
    'built-in': `Made for this face by the built-in network, ${origin.sourceId}`,
  }[origin.kind];
  return notes.length ? `${source}: ${notes.map((note) => NOTES[note]).join(', ')}.` : `${source}.`;
}

/** What a person should know of eyes that the built-in network made; none for others. */
export function madeSentences({ kind, builtIn }: CandidateOrigin): readonly string[] {
  if (kind !== 'built-in') return [];
  return [MADE_UP, ...(builtIn?.iris === null ? [IRIS_CHOSEN] : [])];
}

const MADE_UP =
  'These eyes are made up: the network has never seen this person’s. Another photo of the moment would show the real ones.';
const IRIS_CHOSEN =
  'No photo shows their colour, so they are brown, as most eyes are. You can choose another.';

/** What the ends of the range of openness mean. */
export const OPENNESS_ENDS = ['Narrower', 'Wider'] as const;

export function percentOf(share: number): string {
  return `${Math.round(100 * share)} %`;
}

export const REFUSALS: Readonly<Record<NoCandidateReason, string>> = {
  'no-open-eye-anywhere': 'no open eye of this person was found',
  'eye-covered': 'the eye is covered, by glasses, hair or a hand',
  'pose-too-different': 'the head is held too differently',
  'source-too-small': 'the face there is too small',
  'source-unreadable': 'it could not be read any more',
  'stays-closed': 'the eye would still look closed',
};

export function stayedSentence(face: number, why: NoCandidateReason | AppError): string {
  const stays = `Face ${face + 1} keeps the eyes it had`;
  return why instanceof AppError ? `${stays}. ${errorSentence(why)}` : `${stays}: ${REFUSALS[why]}.`;
}

/** What would help when nothing could be done for a face. */
export const ADVICE: Readonly<Record<NoCandidateReason, string>> = {
  'no-open-eye-anywhere':
    'There is no open eye to borrow. Another photo of the same moment, where this person looks up, would do.',
  'eye-covered': 'Something covers the eye, so putting another over it would look wrong.',
  'pose-too-different':
    'The open eyes found look another way. A photo taken a moment earlier or later would fit.',
  'source-too-small':
    'The open eyes found are too small to be sharp here. A closer photo of this person would do.',
  'source-unreadable':
    'The photo with the open eyes could not be read any more. Take it away and choose its file again.',
  'stays-closed':
    'With all eyes that were tried this face would still look shut, so it was left alone. Another photo of this person would help.',
};

/** State of a whole face for its marker: one closed eye makes it closed. */
export function faceState(face: Face): EyeState {
  const states = [face.verdicts.left.state, face.verdicts.right.state];
  return states.includes('closed') ? 'closed' : states.includes('unsure') ? 'unsure' : 'open';
}

export function faceWords(face: Face): string {
  const { left, right } = face.verdicts;
  if (left.state === right.state) return left.state === 'unsure' ? 'eyes unsure' : `eyes ${left.state}`;
  if (left.state === 'closed' || right.state === 'closed') return 'one eye closed';
  return 'one eye unsure';
}

export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}
