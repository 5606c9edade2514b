/** Before the road: variations of what a painter is told, by a model or by the rules, and what had to be put right. */
import { AppError, asAppError, isAbort } from '../../core/errors';
import type {
  LanguageNews,
  LanguageWish,
  Speaker,
  VariedWordings,
  Wording,
  WordingNotice,
  WordingRequest,
} from '../../core/wording';
import { WORDING_FIELDS } from '../../core/wording';
import type { LanguageEngine, Report } from '../../engines/contracts';
import { type CheckedWordings, checkWordings } from './checkWordings';
import { asRead, type CountTokens, fits, IRIS, phrasesOf } from './phrases';
import { questionFor, readAnswer } from './question';
import { ownWords, ruledWordings } from './rules';
import { ALL_PHRASES } from './vocabulary';

export interface WordingWish {
  /** Null: the rules alone. */
  readonly model: LanguageWish | null;
  /** 0..2; of a model. */
  readonly temperature: number;
}

interface Said {
  readonly model: string;
  readonly drafts: readonly Partial<Wording>[];
  readonly notices: readonly WordingNotice[];
}

const NOBODY: Said = { model: '', drafts: [], notices: [] };

/**
 * As many different wordings as are asked for: where the model gives too few that can be used, or none, the rules
 * fill up, and the notices say so.
 * @throws AppError bad-request (`details.field`) for a count or a prompt that cannot be; model-missing (`details.pack`)
 * as `LanguageEngine.tokens`; AbortError. A model that fails is a notice.
 */
export async function varyWordings(
  request: WordingRequest,
  { model: wish, temperature }: WordingWish,
  language: LanguageEngine,
  signal: AbortSignal,
  report?: Report<LanguageNews>,
): Promise<VariedWordings> {
  expectRequest(request);
  const said = wish ? await ask(request, wish, temperature, language, signal, report) : NOBODY;
  const tokens = await counted([...textsOf(request, said), ...ALL_PHRASES, IRIS], language, signal);
  const checked: CheckedWordings = checkWordings(said.drafts, request, tokens);
  const speaker: Speaker = wish?.speaker ?? 'rules';
  const missing = request.count - checked.wordings.length;
  const ruled = ruledWordings({ ...request, count: missing }, tokens, checked.wordings);
  return {
    wordings: [
      ...checked.wordings.map((wording) => ({ wording, speaker })),
      ...ruled.map((wording) => ({ wording, speaker: 'rules' as const })),
    ],
    speaker,
    model: said.model,
    notices: [
      ...said.notices,
      ...checked.notices,
      ...(wish && ruled.length ? [{ kind: 'filled' as const, count: ruled.length }] : []),
      ...noRoom(request, ruled.length < missing, tokens),
    ],
  };
}

async function ask(
  request: WordingRequest,
  wish: LanguageWish,
  temperature: number,
  language: LanguageEngine,
  signal: AbortSignal,
  report?: Report<LanguageNews>,
): Promise<Said> {
  try {
    const { text, model } = await language.answer(questionFor(request, temperature), wish, signal, report);
    const drafts = readAnswer(text);
    return drafts ? { model, drafts, notices: [] } : { model, drafts: [], notices: [{ kind: 'unreadable' }] };
  } catch (error) {
    if (isAbort(error)) throw error;
    const { code, details } = asAppError(error, 'internal');
    return { ...NOBODY, notices: [{ kind: 'failed', code, details }] };
  }
}

/** Every phrase that may have to be counted. */
function textsOf({ base }: WordingRequest, { drafts }: Said): readonly string[] {
  return [ownWords(base), ...drafts].flatMap((words) => WORDING_FIELDS.map((field) => words[field] ?? ''));
}

/** Counts of all phrases of the texts, asked for in one call. A phrase that was put right is measured by its words. */
async function counted(
  texts: readonly string[],
  language: LanguageEngine,
  signal: AbortSignal,
): Promise<CountTokens> {
  const parts = texts.flatMap((text) => phrasesOf(text).map(asRead));
  const words = [...new Set(parts.flatMap((phrase) => [phrase, ...phrase.split(' ')]))];
  const counts = await language.tokens(words, signal);
  const known = new Map(words.map((word, i) => [word, counts[i]!]));
  const sum = (phrase: string) =>
    phrase.split(' ').reduce((total, word) => total + (known.get(word) ?? word.length), 0);
  return (phrase) => known.get(phrase) ?? sum(phrase);
}

/** Texts that fill an encoder, and the prompt when nothing new could be said. */
function noRoom({ base }: WordingRequest, tooFew: boolean, tokens: CountTokens): readonly WordingNotice[] {
  const full = WORDING_FIELDS.filter(
    (field) => !fits(phrasesOf(base[field]), tokens) || (tooFew && field === 'prompt'),
  );
  return full.map((field) => ({ kind: 'no-room', field }));
}

function expectRequest({ base, count }: WordingRequest): void {
  const refuse = (field: string, found: string | number, allowed: string): never => {
    throw new AppError('bad-request', `${field} is ${found}; allowed is ${allowed}`, {
      field,
      found,
      allowed,
    });
  };
  if (!Number.isInteger(count) || count < 1 || count > 16)
    refuse('count', count, 'a whole number from 1 to 16');
  if (!phrasesOf(base.prompt).length) refuse('prompt', `“${base.prompt}”`, 'words to begin with');
}
