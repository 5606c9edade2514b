/** The tab on a box: whose it is. */
import type { Rect } from '../../core/geometry';
import type { Context } from './drawFace';
import { fontOf, LINE_PX, write } from './lettering';
import type { Palette } from './palette';

type Area = Rect<'view'>;

const PAD_PX = 4;

/** Number and score on the upper left corner of the box, or in it where the picture ends; kept `within` what is seen. */
export function drawTab(
  context: Context,
  text: string,
  box: Area,
  within: Area,
  colour: string,
  palette: Palette,
): void {
  const font = fontOf(palette, true);
  context.font = font;
  const width = Math.ceil(context.measureText(text).width) + 2 * PAD_PX;
  const x = Math.max(box.x - 0.8, within.x);
  const above = box.y - LINE_PX;
  const y = above >= within.y ? above : Math.max(box.y, within.y);
  context.beginPath();
  context.roundRect(x, y, width, LINE_PX, 3);
  context.fillStyle = colour;
  context.fill();
  write(context, text, x + PAD_PX, y + LINE_PX / 2, font, palette.on);
}
