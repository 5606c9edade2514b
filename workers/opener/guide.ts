/** The wished eyes as maps that the network follows (tools/train/form.py). */
import type { Rgb } from '../../src/core/colour';
import { type EyeShape, SIDES, type Side } from '../../src/core/face';
import { STRIP } from '../../src/core/opening';
import { smoothstep } from '../../src/core/units';
import type { FloatTensor } from '../ort/tensor';
import type { EyeWish } from './wish';
import { wishedEye } from './wishedEye';

/** Opening, iris disc, the disc in its colour (red, green, blue), catchlight. */
export const GUIDE_MAPS = 6;
/** Half of the lids' soft edge in corner distances, and of the disc's in iris radii. */
const LID_EDGE = 0.02;
const DISC_EDGE = 0.1;
/** Deviation of the catchlight, in iris radii. */
const GLINT_RADIUS = 0.17;

const { widthPx: WIDTH, heightPx: HEIGHT } = STRIP;
const MAP_PX = WIDTH * HEIGHT;

/** How much of an eye a place shows, 0..1. */
interface EyePoint {
  readonly opening: number;
  readonly disc: number;
  readonly glint: number;
}

/**
 * @param colour of both irises, codes; null: not told
 * @returns [1, 6, height, width], 0..1
 */
export function guideOf(
  eyes: Readonly<Record<Side, Pick<EyeShape<'strip'>, 'corners'>>>,
  wish: EyeWish,
  colour: Rgb | null,
): FloatTensor {
  const data = new Float32Array(GUIDE_MAPS * MAP_PX);
  const raise = (map: number, i: number, value: number) => {
    const at = map * MAP_PX + i;
    data[at] = Math.max(data[at]!, value);
  };
  for (const side of SIDES) {
    const at = eyeAt(eyes[side], side, wish);
    for (let y = 0, i = 0; y < HEIGHT; y += 1)
      for (let x = 0; x < WIDTH; x += 1, i += 1) {
        const { opening, disc, glint } = at(x + 0.5, y + 0.5);
        raise(0, i, opening);
        raise(1, i, disc);
        raise(5, i, glint * disc);
      }
  }
  const parts = colour ? [colour.red, colour.green, colour.blue] : [];
  for (const [c, code] of parts.entries())
    for (let i = 0; i < MAP_PX; i += 1) data[(2 + c) * MAP_PX + i] = (data[MAP_PX + i]! * code) / 255;
  return { data, dims: [1, GUIDE_MAPS, HEIGHT, WIDTH] };
}

function eyeAt(
  eye: Pick<EyeShape<'strip'>, 'corners'>,
  side: Side,
  wish: EyeWish,
): (x: number, y: number) => EyePoint {
  const wished = wishedEye(eye, side, wish);
  const { glint } = wish;
  return (x, y) => {
    const { open, right, below } = wished.at(x, y);
    const away = (right - glint.right) ** 2 + (below - glint.below) ** 2;
    return {
      opening: softStep(open / LID_EDGE),
      disc: softStep((1 - Math.hypot(right, below)) / DISC_EDGE),
      glint: glint.strength * Math.exp((-0.5 * away) / GLINT_RADIUS ** 2),
    };
  };
}

/** 0 from a depth of −1, 1 from a depth of 1. */
function softStep(depth: number): number {
  return smoothstep(0.5 + depth / 2);
}
