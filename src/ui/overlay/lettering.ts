/** Words on the photo, in px of the page. */
import type { Context } from './drawFace';
import type { Palette } from './palette';

/** Height of a row of words, and of a tab. */
export const LINE_PX = 15;
const FONT_PX = 11.5;

export function fontOf({ sans }: Palette, strong: boolean): string {
  return `${strong ? 650 : 500} ${FONT_PX}px ${sans}`;
}

/** Left edge and middle of the row. */
export function write(
  context: Context,
  text: string,
  x: number,
  y: number,
  font: string,
  colour: string,
): void {
  context.font = font;
  context.textBaseline = 'middle';
  context.fillStyle = colour;
  context.fillText(text, x, y + 0.5);
}
