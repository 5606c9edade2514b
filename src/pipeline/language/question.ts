/** What a model is asked for, and how its answer is read. */
import { type LanguageQuestion, WORDING_FIELDS, type Wording, type WordingRequest } from '../../core/wording';
import { ownWords } from './rules';

/** Names of the fields in JSON, as the original system has them. */
const NAMES = {
  prompt: 'prompt',
  negativePrompt: 'negative_prompt',
  refinerPrompt: 'refiner_prompt',
  refinerNegativePrompt: 'refiner_negative_prompt',
} as const satisfies Record<keyof Wording, string>;

/** Letters of one text: about as many as 75 tokens have. */
const MOST_LETTERS = 320;
/** Of a wording as JSON, four texts. */
const TOKENS_A_WORDING = 400;
const TOKENS_AROUND = 64;
/** Places where JSON may begin, and end, that are tried: an answer that is only brackets is not searched for ever. */
const MOST_STARTS = 8;
const MOST_ENDS = 256;

const SYSTEM = [
  'You write prompts for an image model that paints open eyes into a photo in which they are closed.',
  'You are given four texts. Write variations of them that keep the meaning and add concrete detail:',
  'the iris, the lids, the catchlight, the light of the photo, the lens.',
  'Rules. Keep every fact of the given texts. Copy {iris} exactly where a text has it; name no colour of eyes yourself.',
  'The eyes are open in prompt and refiner_prompt; never say closed, shut, sleeping or blinking there.',
  'negative_prompt and refiner_negative_prompt list what must not be seen; never list open eyes there.',
  'Short phrases with commas between them, in English, at most 45 words a text. No two variations are alike.',
  'Answer with JSON only.',
].join(' ');

export function questionFor(request: WordingRequest, temperature: number): LanguageQuestion {
  const { count, seed } = request;
  const base = ownWords(request.base);
  const given = Object.fromEntries(WORDING_FIELDS.map((field) => [NAMES[field], base[field]]));
  return {
    system: SYSTEM,
    user: `Write ${count} variations of ${JSON.stringify(given)}`,
    schema: JSON.stringify(schemaFor(count)),
    mostTokens: TOKENS_AROUND + TOKENS_A_WORDING * count,
    temperature,
    seed,
  };
}

/**
 * The wordings of an answer, as they were said: fields may be missing. Talk around the JSON is passed over, and so is
 * what comes after an answer was cut off.
 * @returns null when it holds no list of objects
 */
export function readAnswer(text: string): readonly Partial<Wording>[] | null {
  const list = listIn(text);
  if (!list) return null;
  return list.map((entry) => {
    const said = entry as Readonly<Record<string, unknown>>;
    const texts = WORDING_FIELDS.map((field) => [field, said[NAMES[field]]] as const);
    return Object.fromEntries(texts.filter(([, value]) => typeof value === 'string'));
  });
}

function schemaFor(count: number): object {
  const text = { type: 'string', minLength: 1, maxLength: MOST_LETTERS };
  const names = Object.values(NAMES);
  return {
    type: 'object',
    properties: {
      variations: {
        type: 'array',
        minItems: count,
        maxItems: count,
        items: {
          type: 'object',
          properties: Object.fromEntries(names.map((name) => [name, text])),
          required: names,
          additionalProperties: false,
        },
      },
    },
    required: ['variations'],
    additionalProperties: false,
  };
}

/** The first list of objects; brackets in the talk before it are none. */
function listIn(text: string): readonly object[] | null {
  const starts = [...text.matchAll(/\{\s*"|\[\s*\{/g)].slice(0, MOST_STARTS);
  for (const { index } of starts) {
    const list = listOf(parsed(text.slice(index)));
    if (list) return list;
  }
  return null;
}

function listOf(value: unknown): readonly object[] | null {
  const list = Array.isArray(value) ? value : (value as { variations?: unknown } | null)?.variations;
  if (!Array.isArray(list)) return null;
  const entries = list.filter((entry) => typeof entry === 'object' && entry !== null);
  return entries.length ? entries : null;
}

/** The JSON at the beginning of a text; of an answer that was cut off, what was whole. */
function parsed(body: string): unknown {
  const ends = [...body.matchAll(/[\]}]/g)].map(({ index }) => index + 1).slice(-MOST_ENDS);
  for (const end of ends.toReversed()) {
    const whole = body.slice(0, end);
    for (const closing of ['', ']}', ']']) {
      try {
        return JSON.parse(whole + closing);
      } catch {
        // A shorter one may be whole.
      }
    }
  }
  return null;
}
