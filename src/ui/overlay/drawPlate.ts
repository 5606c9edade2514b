/** The numbers of a face on a dark plate, with a tip towards its box. */
import type { Rect } from '../../core/geometry';
import { clamp } from '../../core/units';
import type { Context } from './drawFace';
import { fontOf, LINE_PX, write } from './lettering';
import type { Plate } from './measures';
import { LIGHT, type Palette, PLATE } from './palette';

const PAD_X_PX = 7;
const PAD_Y_PX = 4;
const COLUMN_GAP_PX = 12;
const ROUND_PX = 6;
/** The tip that points from a plate to its box. */
const TIP_PX = 4;
/** Lets a plate stand out from a dark photo. */
const EDGE = 'rgb(255 255 255 / 16%)';
const NAMES = 'rgb(255 255 255 / 68%)';

type Area = Rect<'view'>;

interface Cell {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly strong: boolean;
  readonly colour: string;
}

/** A plate with its cells measured, px of the page. */
export interface PlateLayout {
  readonly width: number;
  readonly height: number;
  readonly cells: readonly Cell[];
}

export function layPlate(context: Context, { names, columns }: Plate, palette: Palette): PlateLayout {
  const stateRow = names ? 1 : 0;
  const all = [
    ...(names ? [{ rows: names, stateColour: NAMES, colour: NAMES }] : []),
    ...columns.map(({ rows, state }) => ({ rows, stateColour: palette[state], colour: LIGHT })),
  ];
  const cells: Cell[] = [];
  let x = PAD_X_PX;
  for (const { rows, stateColour, colour } of all) {
    let widest = 0;
    for (const [row, text] of rows.entries()) {
      const strong = row === stateRow;
      context.font = fontOf(palette, strong);
      widest = Math.max(widest, context.measureText(text).width);
      const y = PAD_Y_PX + (row + 0.5) * LINE_PX;
      cells.push({ text, x, y, strong, colour: strong ? stateColour : colour });
    }
    x += Math.ceil(widest) + COLUMN_GAP_PX;
  }
  const rows = columns[0]?.rows.length ?? 0;
  return { width: x - COLUMN_GAP_PX + PAD_X_PX, height: rows * LINE_PX + 2 * PAD_Y_PX, cells };
}

export function drawPlate(
  context: Context,
  { cells }: PlateLayout,
  area: Area,
  box: Area,
  palette: Palette,
): void {
  context.beginPath();
  context.roundRect(area.x, area.y, area.width, area.height, ROUND_PX);
  addTip(context, area, box);
  context.fillStyle = PLATE;
  context.fill();
  context.lineWidth = 1;
  context.strokeStyle = EDGE;
  context.stroke();
  for (const { text, x, y, strong, colour } of cells) {
    write(context, text, area.x + x, area.y + y, fontOf(palette, strong), colour);
  }
}

/** Nothing where the plate lies on its own box. */
function addTip(context: Context, area: Area, box: Area): void {
  const right = area.x + area.width;
  const bottom = area.y + area.height;
  const x = clamp(box.x + box.width / 2, area.x + ROUND_PX + TIP_PX, right - ROUND_PX - TIP_PX);
  const y = clamp(box.y + box.height / 2, area.y + ROUND_PX + TIP_PX, bottom - ROUND_PX - TIP_PX);
  if (area.y >= box.y + box.height) triangle(context, x, area.y, 0, -TIP_PX);
  else if (bottom <= box.y) triangle(context, x, bottom, 0, TIP_PX);
  else if (area.x >= box.x + box.width) triangle(context, area.x, y, -TIP_PX, 0);
  else if (right <= box.x) triangle(context, right, y, TIP_PX, 0);
}

function triangle(context: Context, x: number, y: number, dx: number, dy: number): void {
  context.moveTo(x + dy, y - dx);
  context.lineTo(x + dx, y + dy);
  context.lineTo(x - dy, y + dx);
}
