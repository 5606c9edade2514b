/** What any model says is held against what was asked: repaired where that is possible, else dropped, and told. */
import {
  isNegative,
  WORDING_FIELDS,
  type Wording,
  type WordingFault,
  type WordingField,
  type WordingNotice,
  type WordingRequest,
} from '../../core/wording';
import { inOwnColour, namesPersonal, saysClosed, saysColour, saysOpen } from './eyeWords';
import { type CountTokens, fits, joined, phrasesOf, sameWords } from './phrases';
import { keyOf, ownWords } from './rules';

/** A wording needs so much of the given words, else it speaks of something else. */
const LEAST_KEPT = 0.4;
/** They tell nothing of what is asked. */
const FILLERS = new Set([
  'the',
  'and',
  'with',
  'for',
  'from',
  'that',
  'this',
  'are',
  'photo',
  'picture',
  'image',
]);

export interface CheckedWordings {
  readonly wordings: readonly Wording[];
  readonly notices: readonly WordingNotice[];
}

type Checked =
  | { readonly text: string; readonly faults: readonly WordingFault[] }
  | { readonly fatal: WordingFault };

/**
 * @param said as the model said it, in its order
 * @param tokens of a phrase
 * @returns at most as many as were asked for, all different and unlike the given one; each fits a text encoder
 */
export function checkWordings(
  said: readonly Partial<Wording>[],
  request: WordingRequest,
  tokens: CountTokens,
): CheckedWordings {
  const base = ownWords(request.base);
  const wordings: Wording[] = [];
  const notices: WordingNotice[] = [];
  const known = new Set([keyOf(base.prompt)]);
  let surplus = 0;
  said.forEach((draft, variation) => {
    if (wordings.length === request.count) {
      surplus += 1;
      return;
    }
    const fields = WORDING_FIELDS.map((field) => [field, checkField(field, draft, base, tokens)] as const);
    const fatal = fields.map(([, field]) => ('fatal' in field ? field.fatal : null)).find((fault) => fault);
    const texts = fields.map(([name, field]) => [name, 'text' in field ? field.text : '']);
    const wording = Object.fromEntries(texts) as Wording;
    const fault = fatal ?? (known.has(keyOf(wording.prompt)) ? 'duplicate' : null);
    if (fault) {
      notices.push({ kind: 'dropped', variation, fault });
      return;
    }
    known.add(keyOf(wording.prompt));
    wordings.push(wording);
    for (const [field, checked] of fields) {
      if ('fatal' in checked) continue;
      notices.push(...checked.faults.map((f) => ({ kind: 'repaired', variation, field, fault: f }) as const));
    }
  });
  if (surplus) notices.push({ kind: 'surplus', count: surplus });
  return { wordings, notices };
}

/** @returns what is to be used of it, and what was wrong with it */
function checkField(
  field: WordingField,
  draft: Partial<Wording>,
  base: Wording,
  tokens: CountTokens,
): Checked {
  const given = phrasesOf(base[field]);
  const said = phrasesOf(draft[field] ?? '');
  if (!said.length) {
    // Without a prompt there is no wording; the others are the given ones.
    if (field === 'prompt') return { fatal: 'field-missing' };
    return { text: joined(given), faults: given.length ? ['field-missing'] : [] };
  }
  const checked = isNegative(field)
    ? checkNegative(said, given, base, tokens)
    : checkPositive(said, given, base[field], tokens);
  if (field === 'prompt' || !('fatal' in checked)) return checked;
  return { text: fits(given, tokens) ? joined(given) : '', faults: [checked.fatal] };
}

/** What is wished for: open eyes of the person's own colour. */
function checkPositive(
  said: readonly string[],
  given: readonly string[],
  base: string,
  tokens: CountTokens,
): Checked {
  const faults = new Set<WordingFault>();
  const open = said.filter((phrase) => !saysClosed(phrase) || isGiven(phrase, given));
  if (open.length < said.length) faults.add('closed-eyes');
  const coloured = open.flatMap((phrase) => {
    const right = isGiven(phrase, given) ? phrase : inOwnColour(phrase, base);
    if (right !== phrase) faults.add('other-colour');
    return right === null ? [] : [right];
  });
  // What a wording must not be without, each where the given words have it.
  const needs = [saysOpen, saysColour].filter((says) => !coloured.some(says));
  const missing = given.filter((phrase) => needs.some((says) => says(phrase)));
  if (missing.length) faults.add('left-out');
  const all = phrasesOf(joined([...missing, ...coloured]));
  const needed = all.filter((phrase) => saysOpen(phrase) || saysColour(phrase));
  const checked = shortened(all, [...given, ...needed], faults, tokens);
  if ('fatal' in checked) return checked;
  // What had to be added says nothing of what the model kept.
  const own = phrasesOf(checked.text).filter((phrase) => !missing.includes(phrase));
  if (keptShare(own, given) >= LEAST_KEPT) return checked;
  return { fatal: faults.has('too-long') ? 'too-long' : 'strayed' };
}

/** What is to be avoided: all that was given, and what the model adds. */
function checkNegative(
  said: readonly string[],
  given: readonly string[],
  base: Wording,
  tokens: CountTokens,
): Checked {
  const faults = new Set<WordingFault>();
  const wished = phrasesOf(`${base.prompt}, ${base.refinerPrompt}`);
  const added = said.filter((phrase) => !isGiven(phrase, given));
  const right = added.filter((phrase) => {
    return !saysOpen(phrase) && !isGiven(phrase, wished) && !namesPersonal(phrase);
  });
  if (right.length < added.length) faults.add('avoids-wish');
  return shortened([...given, ...right], given, faults, tokens);
}

/** Without phrases at the end, the given ones last of all, until it fits. */
function shortened(
  phrases: readonly string[],
  given: readonly string[],
  faults: Set<WordingFault>,
  tokens: CountTokens,
): Checked {
  let rest = phrases;
  while (rest.length && !fits(rest, tokens)) {
    faults.add('too-long');
    const last = rest.findLastIndex((phrase) => !isGiven(phrase, given));
    rest = rest.filter((_, i) => i !== (last < 0 ? rest.length - 1 : last));
  }
  return rest.length ? { text: joined(rest), faults: [...faults] } : { fatal: 'too-long' };
}

function isGiven(phrase: string, given: readonly string[]): boolean {
  return given.some((other) => sameWords(other, phrase));
}

/** Share of the given words that is still there, 0..1. */
function keptShare(phrases: readonly string[], given: readonly string[]): number {
  const words = wordsOf(given);
  const there = wordsOf(phrases);
  return words.size ? [...words].filter((word) => there.has(word)).length / words.size : 1;
}

/** Stems of words that mean something: `eye` for `eyes`. */
function wordsOf(phrases: readonly string[]): ReadonlySet<string> {
  const words =
    joined(phrases)
      .toLowerCase()
      .match(/[\p{L}]{3,}/gu) ?? [];
  return new Set(words.filter((word) => !FILLERS.has(word)).map((word) => word.replace(/s$/, '')));
}
