/** Wordings as the form of a face shows them: one a line, the same line of every text belongs together. */
import { WORDING_FIELDS, type Wording, type WordingField } from '../../core/wording';
import { ownWords } from '../../pipeline/language/rules';
import { wordingsOf } from '../../pipeline/wording';

/**
 * Back from `wordingsOf`. But for the prompt, a text that is the same in all of them has one line; a refiner's that are
 * the painter's stay empty.
 */
export function textsOf(wordings: readonly Wording[]): Wording {
  const isOne = new Set(wordings.map((wording) => JSON.stringify(wording))).size === 1;
  const textOf = (field: WordingField) => {
    const lines = wordings.map((wording) => wording[field]);
    // Its lines say how many wordings there are, also where only what is to be avoided differs.
    if (field === 'prompt' && !isOne) return lines.join('\n');
    return new Set(lines).size === 1 || lines.includes('') ? lines[0]! : lines.join('\n');
  };
  const texts = Object.fromEntries(WORDING_FIELDS.map((field) => [field, textOf(field)])) as Wording;
  const own = (refiners: string, painters: string) => (refiners === painters ? '' : refiners);
  return {
    ...texts,
    refinerPrompt: own(texts.refinerPrompt, texts.prompt),
    refinerNegativePrompt: own(texts.refinerNegativePrompt, texts.negativePrompt),
  };
}

/**
 * The suggestions below the wording that they were made of; below all that is there now, where a person has changed the
 * texts since they were asked for.
 */
export function withSuggestions(asked: Wording, now: Wording, suggested: readonly Wording[]): Wording {
  const isSame = WORDING_FIELDS.every((field) => asked[field] === now[field]);
  const kept = wordingsOf(now).slice(0, isSame ? 1 : undefined);
  return textsOf([...kept.map(ownWords), ...suggested]);
}
