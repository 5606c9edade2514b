/** The skin round a closed lid, and the lid hidden by it. */
import { expect, test } from 'vitest';
import type { EyeMaskShape } from '../../src/core/crop';
import { point } from '../../src/core/geometry';
import { STRIP } from '../../src/core/opening';
import { CHANNELS, type Raster, raster } from '../../src/core/raster';
import { maskDepthPx } from '../../src/pixels/mask';
import { hideLids, skinRound } from '../../workers/opener/lidSkin';

const { widthPx, heightPx } = STRIP;
const FAR = [23, 211, 97];
const RIGHT_SKIN = [203, 157, 131];
const LEFT_SKIN = [171, 119, 101];
const LID = [64, 31, 83];
/** Beyond the 3.4 px that are read as skin, within the 29 px between the masks. */
const SKIN_PX = 6;

const shapeAt = (x: number): EyeMaskShape<'strip'> => ({
  centre: point<'strip'>(x, 42.5),
  halfWidthPx: 28.4,
  halfHeightPx: 14.7,
  angleRad: 0.05,
  contour: [],
  dilatePx: 5,
  brow: [],
});
const [right, left] = [shapeAt(48.2), shapeAt(143.6)];

/** A lid under each mask, skin of its own round it, and something else beyond. The edge of a lid is hard. */
function strip(): Raster<'strip'> {
  const picture = raster<'strip'>(widthPx, widthPx);
  for (let i = 0; i < widthPx * widthPx; i += 1) {
    const { depth, skin } = nearest(i);
    const codes = depth > -0.5 ? LID : depth > -SKIN_PX ? skin : FAR;
    picture.data.set([...codes, 255], i * CHANNELS);
  }
  return picture;
}

function nearest(i: number) {
  const depth = (shape: EyeMaskShape<'strip'>) =>
    maskDepthPx(shape, (i % widthPx) + 0.5, Math.floor(i / widthPx) + 0.5);
  return depth(right) > depth(left)
    ? { depth: depth(right), skin: RIGHT_SKIN }
    : { depth: depth(left), skin: LEFT_SKIN };
}

const codesAt = ({ data }: Raster<'strip'>, i: number) => [...data.subarray(i * CHANNELS, i * CHANNELS + 3)];

test('it reads the skin beside each mask, neither the lid nor what lies farther off', () => {
  expect(skinRound(strip(), right)).toEqual({ red: 203, green: 157, blue: 131 });
  expect(skinRound(strip(), left)).toEqual({ red: 171, green: 119, blue: 101 });
});

test('nothing of a lid is left under its mask, and nothing beside it is changed', () => {
  const before = strip();
  const hidden = hideLids(before, [right, left]);
  for (let i = 0; i < widthPx * heightPx; i += 1) {
    const { depth, skin } = nearest(i);
    if (depth >= 0.5) expect(codesAt(hidden, i)).toEqual(skin);
    else if (depth <= -0.5) expect(codesAt(hidden, i)).toEqual(codesAt(before, i));
  }
  expect(before).toEqual(strip());
});

test('one eye alone is hidden where one alone is to be opened', () => {
  const hidden = hideLids(strip(), [left]);
  const middle = (x: number) => codesAt(hidden, 42 * widthPx + x);
  expect(middle(143)).toEqual(LEFT_SKIN);
  expect(middle(48)).toEqual(LID);
});

test('a mask that leaves no skin round it hides nothing', () => {
  const whole = { ...right, halfWidthPx: 900, halfHeightPx: 800 };
  expect(skinRound(strip(), whole)).toBeNull();
  expect(hideLids(strip(), [whole])).toEqual(strip());
});
