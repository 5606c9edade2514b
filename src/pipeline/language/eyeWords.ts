/** Whether words speak of open or closed eyes, and of which colour. */
import { IRIS } from './phrases';

const CLOSED =
  /\b(closed|closing|shut|asleep|sleep\w*|blink\w*|wink\w*|unopened|covered eyes?|eyes? covered|lowered (eye)?lids?|(eye)?lids? (down|lowered))\b/i;
/** Also with one word between: `not fully open`. */
const NOT_OPEN = /(n['’]t|\b(not|never|no|without|half|barely|hardly))[ -](\w+[ -])?open(ed)?\b/i;
const OPEN = /\b(open(ed)?|awake|wide)\b/i;
/** Eyes that are too wide open are no open eyes. */
const TOO_MUCH = /\btoo\b/i;
const EYES = /\b(eye\w*|lids?|iris(es)?|irides)\b/i;
/** What a person's eyes may have, and what nobody's have: only the first is nothing to avoid. */
const PERSONAL =
  'brown(?:ish)?|blu(?:e|ish)|green(?:ish)?|gr[ea]y(?:ish)?|hazel|amber|azure|turquoise|teal|emerald|jade|sapphire|chestnut|chocolate|honey';
const ANY_COLOUR = `${PERSONAL}|violet|purple|black|red|yellow|golden|white|silver`;

/** After them the eyes are another thing than what has the colour. */
const BETWEEN =
  '(?:and|around|beside|from|in|near|of|on|or|with|lash(?:es)?|(?:eye)?(?:brows?|lids?)|(?:catch)?lights?|reflections?|rings?|rims?)\\b';

/**
 * A colour or several together, up to two words, and the eyes; or the eyes, and then the colour. No part repeats without
 * end: a model that stammers would be read for ever.
 */
function eyesOf(colours: string): readonly [RegExp, RegExp] {
  const shade = `(?:(?:dark|light|deep|pale|bright)[ -]|[a-z]+-)?(?:${colours})`;
  const together = `${shade}(?:(?:[ -]| and | or )${shade}){0,3}`;
  return [
    new RegExp(
      `\\b${together}(?=([ -](?!${BETWEEN})[a-z]+){0,2}[ -](eye|eyes|eyed|iris|irises|irides)\\b)`,
      'gi',
    ),
    new RegExp(
      `(?<=\\b(eyes?|iris(?:es)?|irides):?( (?:are|is|that|of|in|a|colou?r(?:ed)?:?|deep|dark|light|pale|bright)){0,4} \\(?)${together}\\b`,
      'gi',
    ),
  ];
}
const PERSONAL_EYES = eyesOf(PERSONAL);
const COLOURED_EYES = eyesOf(ANY_COLOUR);

export function saysClosed(phrase: string): boolean {
  return CLOSED.test(phrase) || NOT_OPEN.test(phrase);
}

/** The phrase with the place of the person's colour where it names one; null: it cannot be said so. */
export function inOwnColour(phrase: string, base: string): string | null {
  const own = [...coloursIn(base)];
  const instead = base.includes(IRIS) ? IRIS : own[0];
  const isOwn = [...coloursIn(phrase)].every((colour) => own.includes(colour));
  // A colour that was asked for by name is not left to the photo.
  const isNamed = instead !== undefined && instead !== IRIS;
  if (isOwn && !(isNamed && phrase.includes(IRIS))) return phrase;
  if (!instead) return null;
  const changed = [...COLOURED_EYES, IRIS].reduce<string>(
    (text, colour) => text.replaceAll(colour, instead),
    phrase,
  );
  return changed.replaceAll(`${instead} ${instead}`, instead).replaceAll(`${instead}-${instead}`, instead);
}

export function saysOpen(phrase: string): boolean {
  return OPEN.test(phrase) && EYES.test(phrase) && !TOO_MUCH.test(phrase) && !NOT_OPEN.test(phrase);
}

export function saysColour(phrase: string): boolean {
  return phrase.includes(IRIS) || coloursIn(phrase).size > 0;
}

export function namesPersonal(phrase: string): boolean {
  return phrase.includes(IRIS) || PERSONAL_EYES.some((pattern) => phrase.search(pattern) >= 0);
}

function coloursIn(text: string): ReadonlySet<string> {
  const found = COLOURED_EYES.flatMap((pattern) => [...text.matchAll(pattern)]);
  return new Set(found.map(([colour]) => colour.toLowerCase()));
}
