/** Wordings without any model: the given words, and a few more of a fixed vocabulary. */
import { shuffled, uniform } from '../../core/random';
import {
  isNegative,
  WORDING_FIELDS,
  type Wording,
  type WordingField,
  type WordingRequest,
} from '../../core/wording';
import { type CountTokens, fits, joined, phrasesOf } from './phrases';
import { AVOIDANCES, type PhraseGroup, WISHES } from './vocabulary';

/** A painter heeds a few details; with more of them each counts less. */
const MOST_ADDED = 3;
/** Tries to find one that is new before there is said to be no more. */
const MOST_TRIES = 40;
/** Odd, so that no two turns share a seed. */
const TURN_STRIDE = 0x9e37;
const FIELD_SEEDS: Readonly<Record<WordingField, number>> = {
  prompt: 0x51ed,
  negativePrompt: 0x2c1b,
  refinerPrompt: 0x7f4a,
  refinerNegativePrompt: 0x19d3,
};

/** A refiner without words of its own has the painter's. */
export function ownWords(base: Wording): Wording {
  return {
    ...base,
    refinerPrompt: base.refinerPrompt.trim() || base.prompt,
    refinerNegativePrompt: base.refinerNegativePrompt.trim() || base.negativePrompt,
  };
}

/**
 * The given words of every field, each followed by one to three phrases. The same request gives the same wordings.
 * Prompts differ from each other, from the given one, and from `taken`.
 * @returns as many as were asked for; fewer when the given prompt leaves no room for more words
 */
export function ruledWordings(
  { base, count, seed }: WordingRequest,
  tokens: CountTokens,
  taken: readonly Wording[] = [],
): readonly Wording[] {
  const words = ownWords(base);
  const said = new Set([words, ...taken].map(({ prompt }) => keyOf(prompt)));
  const wordings: Wording[] = [];
  for (let turn = 0; wordings.length < count && turn < count + MOST_TRIES; turn += 1) {
    const field = (name: WordingField) => elaborated(name, words, turn, seed, tokens);
    const prompt = field('prompt');
    if (said.has(keyOf(prompt))) continue;
    said.add(keyOf(prompt));
    wordings.push({
      prompt,
      negativePrompt: field('negativePrompt'),
      refinerPrompt: field('refinerPrompt'),
      refinerNegativePrompt: field('refinerNegativePrompt'),
    });
  }
  return wordings;
}

/** Whether two prompts would be read as the same. */
export function keyOf(prompt: string): string {
  return phrasesOf(prompt.toLowerCase()).toSorted().join(',');
}

/** Neighbouring turns begin with other groups. */
function elaborated(
  field: WordingField,
  words: Wording,
  turn: number,
  seed: number,
  tokens: CountTokens,
): string {
  const given = phrasesOf(words[field]);
  const groups = shuffled(groupsFor(field, words), uniform(seed ^ FIELD_SEEDS[field]));
  if (!groups.length) return joined(given);
  const next = uniform((seed ^ FIELD_SEEDS[field]) + TURN_STRIDE * (turn + 1));
  const first = groups[turn % groups.length]!;
  const others = shuffled(
    groups.filter((group) => group !== first),
    next,
  );
  const most = given.length + 1 + Math.floor(MOST_ADDED * next());
  const all = [...given];
  for (const { phrases } of [first, ...others]) {
    const phrase = phrases[Math.floor(next() * phrases.length)]!;
    if (all.length < most && fits([...all, phrase], tokens)) all.push(phrase);
  }
  return joined(all);
}

/** Without what is spoken of already, on either side: to avoid what is wished for would undo it. */
function groupsFor(field: WordingField, words: Wording): readonly PhraseGroup[] {
  const negative = isNegative(field);
  const against = WORDING_FIELDS.filter((other) => isNegative(other) !== negative);
  const given = [field, ...against].map((name) => words[name]).join(', ');
  return (negative ? AVOIDANCES : WISHES).filter(({ spokenOf }) => !spokenOf.test(given));
}
