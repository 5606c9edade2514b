/** Decimal, as shops and system dialogs count; three digits are as much as a person reads. */
const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

export function bytesWords(bytes: number): string {
  let value = bytes > 0 && bytes < Number.POSITIVE_INFINITY ? Math.round(bytes) : 0;
  let unit = 0;
  // 999.6 of one unit reads as 1 of the next.
  while (threeDigits(value) >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  // A no-break space: the unit stays with its number.
  return `${threeDigits(value)}\u00A0${UNITS[unit]}`;
}

function threeDigits(value: number): number {
  return Number(value.toPrecision(3));
}
