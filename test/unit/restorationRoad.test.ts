/**
 * Align, network, paste: CodeFormer's own code in Python with its network in small (tools/golden/codeformer.py) against the
 * app's restorer and its layers.
 */
import { expect, test } from 'vitest';
import type { FivePoints } from '../../src/core/face';
import { point } from '../../src/core/geometry';
import { CHANNELS, type Raster, raster } from '../../src/core/raster';
import { alignFace } from '../../src/pipeline/alignFace';
import { opencvResize } from '../../src/pixels/opencvResize';
import { rasterAt } from '../../src/pixels/window';
import { createRestorer } from '../../workers/restoration/engine';
import { grayFace, isGray } from '../../workers/restoration/gray';
import { type Factor, pasteFrame } from '../../workers/restoration/pasteFrame';
import { squareMask } from '../../workers/restoration/squareMask';
import { codeformerTwinPack } from '../fakes/restorerPacks';
import golden from '../golden/codeformer.json' with { type: 'json' };
import { type CodeformerCase, casePhoto } from './codeformerGolden';
import { cutSquare, pastedOn, rgbOf } from './restorationCases';

/** The issue's own limits, codes. */
const LARGEST_DIFFERENCE = 2;
const MEAN_DIFFERENCE = 0.5;

const restorer = createRestorer({ pack: async (id) => (id === 'codeformer' ? codeformerTwinPack() : null) });

test.each(golden.cases)('$size, enlarged by $upscale, fidelity $fidelity, gray $gray', async (one) => {
  const photo = photoOf(one);
  const factor = one.upscale as Factor;
  const enlarged = { width: photo.width * factor, height: photo.height * factor };
  let picture = opencvResize<'photo', 'enlarged'>(photo, enlarged.width, enlarged.height, 'linear');
  for (const face of one.faces) {
    const points = face.points.map(([x, y]) => point<'photo'>(x!, y!)) as unknown as FivePoints<'photo'>;
    const { toSquare } = alignFace(points, 'lmeds');
    const square = cutSquare(photo, toSquare);
    expectNear(rgbOf(square), face.crop, 'crop');
    const asked = {
      restorer: 'codeformer',
      device: 'cpu',
      square,
      fidelity: one.fidelity,
      parse: false,
    } as const;
    const restored = await restorer.restore(asked, new AbortController().signal);
    expect(restored).toMatchObject({ parsed: null, fixed: false });
    expect(isGray(photo)).toBe(one.gray);
    const drawn = one.gray ? grayFace(restored.face, square) : restored.face;
    if (!one.gray) expectNear(rgbOf(drawn), face.restored, 'restored');
    const frame = pasteFrame(toSquare, photo, factor);
    const soft = squareMask(frame).data.reduce((sum, share) => sum + share, 0);
    expect(Math.abs(soft / face.sums.soft - 1)).toBeLessThan(1e-4);
    picture = pastedOn(picture, frame, drawn, null);
    const [x, y, width, height] = face.box as [number, number, number, number];
    expectNear(rgbOf(rasterAt(picture, { x, y, width, height })), face.pasted, 'pasted');
  }
});

/** Small ones are enlarged first, as the reference does. */
function photoOf(one: CodeformerCase): Raster<'photo'> {
  const [width, height] = one.size as [number, number];
  const rgb = casePhoto(one);
  const data = new Uint8ClampedArray(width * height * CHANNELS).fill(255);
  for (let i = 0; i < width * height; i += 1) data.set(rgb.subarray(3 * i, 3 * i + 3), CHANNELS * i);
  const [inputWidth, inputHeight] = one.inputSize as [number, number];
  const photo = raster<'photo'>(width, height, data);
  return width === inputWidth
    ? photo
    : opencvResize<'photo', 'photo'>(photo, inputWidth, inputHeight, 'linear');
}

function expectNear(
  rgb: Uint8ClampedArray,
  { every, bytes }: { every: number; bytes: string },
  what: string,
) {
  const wanted = Buffer.from(bytes, 'hex');
  const apart = Array.from(wanted, (byte, i) =>
    Math.abs(rgb[Math.floor(i / 3) * every * 3 + (i % 3)]! - byte),
  );
  expect(Math.max(...apart), what).toBeLessThanOrEqual(LARGEST_DIFFERENCE);
  expect(apart.reduce((sum, value) => sum + value, 0) / apart.length, what).toBeLessThanOrEqual(
    MEAN_DIFFERENCE,
  );
}
