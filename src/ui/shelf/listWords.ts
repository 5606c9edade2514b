/** Names listed before the rest is only counted. */
const MOST_NAMES = 4;

/** `a, b and c`; of many only the first. */
export function listWords(names: readonly string[], word = 'and'): string {
  const shown = names.length > MOST_NAMES ? names.slice(0, MOST_NAMES - 1) : names;
  const rest = names.length - shown.length;
  const all = rest ? [...shown, `${rest} more`] : shown;
  return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} ${word} ${all.at(-1)}`;
}
