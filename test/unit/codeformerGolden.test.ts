/** The alignments, squares and masks of CodeFormer's own helper against ours (tools/golden/codeformer.py). */
import { expect, test } from 'vitest';
import type { FivePoints } from '../../src/core/face';
import { apply, invert, point, rect } from '../../src/core/geometry';
import { REFERENCE_SIDE_PX } from '../../src/core/units';
import { alignFace } from '../../src/pipeline/alignFace';
import { planeAt } from '../../src/pixels/window';
import { pasteFrame } from '../../workers/restoration/pasteFrame';
import { squareMask } from '../../workers/restoration/squareMask';
import golden from '../golden/codeformer.json' with { type: 'json' };
import {
  alignment,
  alignmentCount,
  alignmentPoints,
  caseFaces,
  casePhoto,
  casePicture,
  coloursApart,
  sharesApart,
} from './codeformerGolden';
import { cutSquare } from './restorationCases';

const ENDS = [0, REFERENCE_SIDE_PX - 1];
const CORNERS = ENDS.flatMap((x) => ENDS.map((y) => ({ x, y })));

test('the helper leaves out the points that we leave out, and its square lies where ours does', () => {
  let farthest = 0;
  let strays = 0;
  for (let index = 0; index < alignmentCount; index += 1) {
    const points = alignmentPoints(index).map(([x, y]) => point<'photo'>(x, y));
    const { toSquare, inliers } = alignFace(points as unknown as FivePoints<'photo'>, 'lmeds');
    const wanted = alignment(index);
    expect(
      inliers.flatMap((kept, i) => (kept ? [i] : [])),
      `set ${index}`,
    ).toEqual(wanted.inliers);
    if (wanted.inliers.length < points.length) strays += 1;
    const [a, c, tx, ty] = wanted.matrix;
    const toPhoto = invert<'photo', 'crop'>({ a, b: -c, c, d: a, tx, ty });
    for (const { x, y } of CORNERS) {
      // The middle of a corner's pixel, which the helper counts from: into the photo by its map, and back by ours.
      const there = apply(toPhoto, point<'crop'>(x, y));
      const back = apply(toSquare, point<'photo'>(there.x + 0.5, there.y + 0.5));
      farthest = Math.max(farthest, Math.hypot(back.x - 0.5 - x, back.y - 0.5 - y));
    }
  }
  expect(strays).toBeGreaterThan(100);
  expect(farthest).toBeLessThan(0.01);
});

test.each(golden.cases)('the photo of $size, gray $gray, is the one that was pasted on', (one) => {
  expect(casePhoto(one).reduce((sum, value) => sum + value, 0)).toBe(one.photoSum);
});

test.each(golden.cases)('$size, gray $gray, enlarged $upscale times: the squares and the masks', (one) => {
  const picture = casePicture(one);
  expect([picture.width, picture.height]).toEqual(one.inputSize);
  for (const face of caseFaces(one)) {
    const square = coloursApart(cutSquare(picture, face.toSquare), face.crop);
    // Bilinear values at .5 may round the other way.
    expect(square.largest).toBeLessThanOrEqual(1);
    expect(square.mean).toBeLessThan(0.005);
    const frame = pasteFrame(face.toSquare, picture, one.upscale);
    const { x, y, width, height } = face.box;
    const box = rect(x - frame.area.x, y - frame.area.y, width, height);
    expect(sharesApart(planeAt(squareMask(frame), box), face.soft).largest).toBeLessThan(0.0002);
  }
});
