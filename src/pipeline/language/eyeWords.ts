/** Whether words speak of open or closed eyes, and of which colour. */
import { IRIS } from './phrases';

const CLOSED =
  /\b(closed|closing|shut|asleep|sleep\w*|blink\w*|wink\w*|unopened|covered eyes?|eyes? covered)\b/i;
const OPEN = /\b(open(ed)?|awake|wide)\b/i;
/** Eyes that are too wide open are no open eyes. */
const TOO_MUCH = /\btoo\b/i;
const EYES = /\b(eye\w*|lids?|iris(es)?|irides)\b/i;
/** What a person's eyes may have, and what nobody's have: only the first is nothing to avoid. */
const PERSONAL = 'brown|blue|green|gr[ea]y|hazel|amber|turquoise|teal|emerald|sapphire|chestnut|honey';
const ANY_COLOUR = `${PERSONAL}|violet|purple|black|red|yellow|golden|white|silver`;

/** After them the eyes are another thing than what has the colour. */
const BETWEEN = '(?:and|around|beside|from|in|near|of|on|or|with)\\b';

/** A colour, up to two words, and the eyes; or the eyes, and then the colour. */
function eyesOf(colours: string): readonly [RegExp, RegExp] {
  return [
    new RegExp(
      `\\b((dark|light|deep|pale|bright)[ -])?(${colours})(?=([ -](?!${BETWEEN})[a-z]+){0,2}[ -](eye|eyes|eyed|iris|irises|irides)\\b)`,
      'gi',
    ),
    new RegExp(
      `(?<=\\b(eyes?|iris(?:es)?|irides)( (?:are|is|of|in|a|deep|dark|light|pale|bright))* )(${colours})\\b`,
      'gi',
    ),
  ];
}
const PERSONAL_EYES = eyesOf(PERSONAL);
const COLOURED_EYES = eyesOf(ANY_COLOUR);

export function saysClosed(phrase: string): boolean {
  return CLOSED.test(phrase);
}

/** The phrase with the place of the person's colour where it names one; null: it cannot be said so. */
export function inOwnColour(phrase: string, base: string): string | null {
  const own = [...coloursIn(base)];
  const foreign = [...coloursIn(phrase)].filter((colour) => !own.includes(colour));
  if (!foreign.length) return phrase;
  const instead = base.includes(IRIS) ? IRIS : own[0];
  if (!instead) return null;
  const changed = phrase.replaceAll(COLOURED_EYES[0], instead).replaceAll(COLOURED_EYES[1], instead);
  return changed.replaceAll(`${IRIS} ${IRIS}`, IRIS);
}

export function saysOpen(phrase: string): boolean {
  return OPEN.test(phrase) && EYES.test(phrase) && !TOO_MUCH.test(phrase);
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
