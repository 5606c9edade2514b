/** What the page says of wordings: who spoke, what was put right, and why a model could not speak. */
import type { ErrorCode, ErrorDetails } from '../../core/errors';
import {
  LANGUAGE_PACK,
  type LanguageNews,
  type Speaker,
  type SpeakerState,
  type VariedWordings,
  type WordingFault,
  type WordingField,
  type WordingNotice,
} from '../../core/wording';
import { bytesWords } from '../shelf/bytesWords';
import { count } from '../words';

export const SPEAKERS: Readonly<Record<Speaker, string>> = {
  rules: 'Rules, no model',
  webllm: 'A language model on the graphics card',
  cpu: 'A language model on the processor',
  browser: 'The browser’s own language model',
};

const FIELDS: Readonly<Record<WordingField, string>> = {
  prompt: 'What to paint',
  negativePrompt: 'What to avoid',
  refinerPrompt: 'The refiner’s text',
  refinerNegativePrompt: 'What the refiner avoids',
};

const REPAIRED: Readonly<Record<WordingFault, string>> = {
  'closed-eyes': 'spoke of closed eyes',
  'avoids-wish': 'would have avoided what is wished for',
  'other-colour': 'named another colour of eyes',
  'left-out': 'left out the open eyes or their colour',
  'too-long': 'was too long',
  strayed: 'spoke of something else',
  duplicate: 'was said before',
  'field-missing': 'was missing',
};

/** Who spoke, of which wordings. */
export function spokenSentence({ wordings, speaker, model }: VariedWordings): string {
  const own = wordings.filter((spoken) => spoken.speaker !== 'rules').length;
  const ruled = wordings.length - own;
  const by = model || SPEAKERS[speaker];
  if (!wordings.length) return 'No wording was made.';
  if (!own) return `${count(ruled, 'wording')} by the rules, without a language model.`;
  if (!ruled) return `${count(own, 'wording')} by ${by}.`;
  return `${count(own, 'wording')} by ${by}, ${ruled} by the rules.`;
}

/** The same repair of several wordings is one sentence. */
export function noticeSentences(notices: readonly WordingNotice[]): readonly string[] {
  const sentences = notices.map(noticeSentence);
  return [...new Set(sentences)].map((sentence) => {
    const times = sentences.filter((other) => other === sentence).length;
    return times === 1 ? sentence : `${sentence} (${times} times)`;
  });
}

function noticeSentence(notice: WordingNotice): string {
  switch (notice.kind) {
    case 'repaired':
      return `${FIELDS[notice.field]}: what ${REPAIRED[notice.fault]} was put right.`;
    case 'dropped':
      return `A wording that ${REPAIRED[notice.fault]} was left out.`;
    case 'surplus':
      return `${count(notice.count, 'wording')} more than asked for were left out.`;
    case 'filled':
      return `${count(notice.count, 'wording')} had to come from the rules.`;
    case 'unreadable':
      return 'The model’s answer had not the form that was asked for.';
    case 'failed':
      return `The model could not speak. ${whySilent(notice.code, notice.details)}`;
    case 'no-room':
      return `${FIELDS[notice.field]} is so long that there is no room for more words.`;
  }
}

/** Why a model could not speak, for a person. */
export function whySilent(code: ErrorCode, details: ErrorDetails): string {
  const { reason, host, hosts, path, pack } = details;
  switch (code) {
    case 'gpu-missing':
      return 'This browser gives web pages no graphics card.';
    case 'gpu-too-small':
      return String(reason);
    case 'model-missing':
      if (pack === LANGUAGE_PACK) return 'Its model is not on this computer. Get it under Models.';
      return reason ? String(reason) : `${path} is not to be had from ${hosts}.`;
    case 'model-corrupt':
      return `${path} is not what it should be; it was not kept.`;
    case 'download-failed':
      return `${host} could not be reached. What is here already stays.`;
    case 'storage-full':
      return 'The disk has no room for it.';
    case 'bad-request':
      return `${details['found']} is not ${details['allowed']} (${details['field']} in the settings).`;
    default:
      return 'It stopped. Trying once more may help.';
  }
}

export function newsWords({ phase }: LanguageNews): string {
  return {
    fetching: 'Fetching the language model',
    checking: 'Checking the language model',
    loading: 'Loading the language model',
    writing: 'The language model is writing',
  }[phase];
}

/** Share of the whole that is done; null: not known. Fetching is nearly all of it the first time. */
export function shareDone({ phase, done }: LanguageNews): number | null {
  if (done === null) return null;
  return phase === 'loading' ? 0.9 + 0.1 * done : 0.9 * done;
}

/** What the choice of a speaker says of one. */
export function speakerWords(speaker: Speaker, state: SpeakerState | undefined): string {
  const name = SPEAKERS[speaker];
  if (!state || state.state === 'ready') return name;
  if (state.state === 'unavailable') return `${name} (not here)`;
  return state.bytes === null
    ? `${name} (has to be fetched)`
    : `${name} (up to ${bytesWords(state.bytes)} to fetch)`;
}
