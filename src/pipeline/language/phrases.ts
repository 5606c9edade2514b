/** Prompts as painters' prompts are built: phrases with commas between them. */

/** The colour that costs a prompt the most tokens, in place of `{iris}`. */
const LONGEST_IRIS = 'dark brown';
export const IRIS = '{iris}';

/** Tokens of a text, without start and end. */
export type CountTokens = (text: string) => number;

/** Tokens of a prompt, start and end among them, as CLIP's encoders read it. */
const MOST_TOKENS = 77;
const START_AND_END = 2;

/** Trimmed, inner spaces and line breaks one space each, without those that are empty or said twice. */
export function phrasesOf(text: string): readonly string[] {
  const phrases = text
    .split(/[,;\n]/)
    .map(tidied)
    .filter((phrase) => phrase !== '');
  return phrases.filter((phrase, i) => phrases.findIndex((other) => sameWords(other, phrase)) === i);
}

export function joined(phrases: readonly string[]): string {
  return phrases.join(', ');
}

export function sameWords(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** What a text encoder will read, at its longest. */
export function asRead(text: string): string {
  return text.replaceAll(IRIS, LONGEST_IRIS);
}

/**
 * Words are cut one by one, so that the tokens of phrases add up; a mark beside a comma may cost less than counted here.
 * @param tokens of a phrase as it is read
 */
export function fits(phrases: readonly string[], tokens: CountTokens): boolean {
  const words = phrases.reduce((sum, phrase) => sum + tokens(asRead(phrase)), 0);
  return words + Math.max(0, phrases.length - 1) + START_AND_END <= MOST_TOKENS;
}

/** Marks at the ends belong to lists and quotes, not to the words. */
function tidied(phrase: string): string {
  return phrase
    .replaceAll(/\{\s*iris\s*\}/gi, IRIS)
    .replaceAll(/\s+/g, ' ')
    .replace(/^[\s.,;:•*"'“”–—-]+|[\s.,;:"“”–—-]+$/g, '')
    .trim();
}
