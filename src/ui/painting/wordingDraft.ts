/** Wordings as the form of a face shows them: one a line, the same line of every text belongs together. */
import { WORDING_FIELDS, type Wording } from '../../core/wording';
import { linesOf } from '../../pipeline/wording';

/** The first line of every text: what variations are made of. */
export function baseOf(texts: Wording): Wording {
  return mapped((field) => linesOf(texts[field])[0]!);
}

/** Every wording of the texts. A text with fewer lines has its first one for all. */
export function wordingsOf(texts: Wording): readonly Wording[] {
  const count = linesOf(texts.prompt).length;
  return Array.from({ length: count }, (_, i) =>
    mapped((field) => {
      const lines = linesOf(texts[field]);
      return lines.length === count ? lines[i]! : lines.join(', ');
    }),
  );
}

/** A text that is the same in all of them has one line; a refiner's that are the painter's stay empty. */
export function textsOf(wordings: readonly Wording[]): Wording {
  const texts = mapped((field) => {
    const lines = wordings.map((wording) => wording[field]);
    return new Set(lines).size === 1 || lines.includes('') ? lines[0]! : lines.join('\n');
  });
  const own = (refiners: string, painters: string) => (refiners === painters ? '' : refiners);
  return {
    ...texts,
    refinerPrompt: own(texts.refinerPrompt, texts.prompt),
    refinerNegativePrompt: own(texts.refinerNegativePrompt, texts.negativePrompt),
  };
}

function mapped(text: (field: (typeof WORDING_FIELDS)[number]) => string): Wording {
  return Object.fromEntries(WORDING_FIELDS.map((field) => [field, text(field)])) as Wording;
}
