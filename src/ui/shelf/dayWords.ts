const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });

/** @param iso date-time. @returns the day where the person is, as `3 November 2026` */
export function dayWords(iso: string): string {
  const time = Date.parse(iso);
  return Number.isNaN(time) ? 'an unknown day' : DAY.format(time);
}
