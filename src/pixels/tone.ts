/** Black-and-white, sepia and cyanotype: pictures whose colour follows from their lightness alone. */
import type { Rect, Space } from '../core/geometry';
import { CHANNELS, type Raster } from '../core/raster';

/** Steps of lightness at which the tone is measured. */
const STEPS = 17;
const STEP = 256 / (STEPS - 1);
/**
 * Root mean square of what lightness does not explain of R − Y and B − Y, 8-bit levels: 0 in black-and-white photos,
 * from 5 in 600 portraits in colour (one all but grey: 2.4).
 */
const MOST_COLOUR = 2;
/** Pixels that are looked at; more tell no more. */
const SAMPLES = 20_000;

/** Mean R − Y and B − Y at each step of lightness. */
export interface Tone {
  readonly red: readonly number[];
  readonly blue: readonly number[];
}

/** The one tone of a picture's opaque pixels; null when it has colours. */
export function toneOf({ width, height, data }: Raster<Space>): Tone | null {
  const stride = Math.max(1, Math.floor((width * height) / SAMPLES)) * CHANNELS;
  const [weight, red, blue] = [0, 0, 0].map(() => new Float64Array(STEPS));
  for (let i = 0; i < data.length; i += stride) {
    if (data[i + 3] === 0) continue;
    const y = luma(data, i);
    const step = Math.round(y / STEP);
    weight![step]! += 1;
    red![step]! += data[i]! - y;
    blue![step]! += data[i + 2]! - y;
  }
  const tone = { red: meansOf(red!, weight!), blue: meansOf(blue!, weight!) };
  let squares = 0;
  let count = 0;
  for (let i = 0; i < data.length; i += stride) {
    if (data[i + 3] === 0) continue;
    const y = luma(data, i);
    squares += (data[i]! - y - at(tone.red, y)) ** 2 + (data[i + 2]! - y - at(tone.blue, y)) ** 2;
    count += 1;
  }
  return Math.sqrt(squares / count) <= MOST_COLOUR ? tone : null;
}

/** Gives every pixel of `area` the tone; lightness stays. */
export function applyTone({ width, data }: Raster<Space>, area: Rect<Space>, tone: Tone): void {
  for (let row = area.y; row < area.y + area.height; row += 1) {
    for (let column = area.x; column < area.x + area.width; column += 1) {
      const i = (row * width + column) * CHANNELS;
      const y = luma(data, i);
      const red = at(tone.red, y);
      const blue = at(tone.blue, y);
      data[i] = y + red;
      data[i + 1] = y - (0.299 * red + 0.114 * blue) / 0.587;
      data[i + 2] = y + blue;
    }
  }
}

/** BT.601 luma. */
function luma(data: Uint8ClampedArray, i: number): number {
  return 0.299 * data[i]! + 0.587 * data[i + 1]! + 0.114 * data[i + 2]!;
}

/** The mean at each step; a step that no pixel has takes its nearest neighbour's. */
function meansOf(sums: Float64Array, weight: Float64Array): number[] {
  const known = [...weight.keys()].filter((step) => weight[step]! > 0);
  return Array.from({ length: STEPS }, (_, step) => {
    const near = known.reduce((a, b) => (Math.abs(b - step) < Math.abs(a - step) ? b : a));
    return sums[near]! / weight[near]!;
  });
}

function at(means: readonly number[], y: number): number {
  const step = Math.min(STEPS - 2, Math.floor(y / STEP));
  const share = y / STEP - step;
  return means[step]! * (1 - share) + means[step + 1]! * share;
}
