/** The tab on a box: whose it is. */
import { type Rect, rect } from '../../core/geometry';
import { clamp } from '../../core/units';
import type { Context } from './drawFace';
import { fontOf, LINE_PX, write } from './lettering';
import type { Palette } from './palette';

type Area = Rect<'view'>;

const PAD_PX = 4;
/** The box's line stands out by so much. */
const HALF_LINE_PX = 0.8;

/**
 * On the upper left corner of the box; where the picture ends, in it and as far along as it is seen.
 * @param text number and score; none: no tab.
 */
export function layTab(
  context: Context,
  text: string,
  box: Area,
  within: Area,
  palette: Palette,
): Area | null {
  if (!text) return null;
  context.font = fontOf(palette, true);
  const width = Math.ceil(context.measureText(text).width) + 2 * PAD_PX;
  const left = box.x - HALF_LINE_PX;
  const x = clamp(within.x, left, Math.max(left, box.x + box.width - width));
  const above = box.y - LINE_PX;
  const y = above >= within.y ? above : clamp(within.y, box.y, box.y + box.height - LINE_PX);
  return rect(x, y, width, LINE_PX);
}

export function drawTab(context: Context, text: string, area: Area, colour: string, palette: Palette): void {
  context.beginPath();
  context.roundRect(area.x, area.y, area.width, area.height, 3);
  context.fillStyle = colour;
  context.fill();
  write(context, text, area.x + PAD_PX, area.y + LINE_PX / 2, fontOf(palette, true), palette.on);
}
