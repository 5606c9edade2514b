import { describe, expect, test } from 'vitest';
import type { Side } from '../../src/core/face';
import type { Candidate, DonorSource, FaceSquare, GenerationResult } from '../../src/core/generation';
import { CHANNELS } from '../../src/core/raster';
import { generate } from '../../workers/donor/generate';
import {
  centreOf,
  DRAWN,
  type DrawnFace,
  drawFace,
  drawnMasks,
  IRIS_RADIUS,
  irisCentre,
} from '../fakes/drawnFace';
import { onWhole } from '../fakes/squares';

const never = async () => {};

async function run(
  target: FaceSquare<'crop'>,
  sides: readonly Side[],
  sources: readonly DonorSource[],
): Promise<GenerationResult> {
  const request = { target, sides, masks: drawnMasks(target), sources, seed: 7 };
  const { candidates, refusals } = await generate(request, never, () => {});
  return { refusals, candidates: candidates.map((candidate) => onWhole(candidate, target.pixels)) };
}

const ownEye = (face: DrawnFace): DonorSource => ({
  id: 'own',
  kind: 'other-eye',
  photoName: 'a.jpg',
  square: drawFace<'source'>(face),
});
const otherPhoto = (face: DrawnFace, id = 'other'): DonorSource => ({
  id,
  kind: 'other-photo',
  photoName: `${id}.jpg`,
  square: drawFace<'source'>(face),
});

const wink: DrawnFace = { ...DRAWN, left: 'closed' };
const isPupil = (r: number, g: number, b: number) => r + g + b < 85;
const isGlint = (r: number, g: number, b: number) => r > 236 && g > 232 && b > 232;
/** Iris and pupil: neither white, nor skin. */
const isDark = (r: number, _g: number, b: number) => r < 130 && b < 120;

async function winkOpened(face: DrawnFace, side: Side = 'left'): Promise<Candidate> {
  const closed = { ...face, [side]: 'closed' };
  const { candidates, refusals } = await run(drawFace<'crop'>(closed), [side], [ownEye(closed)]);
  expect(refusals).toEqual([]);
  return candidates[0]!;
}

describe("a face's own other eye", () => {
  test('is mirrored into place, iris where the eye looks', async () => {
    const truth = irisCentre(wink, 'left');
    const radius = IRIS_RADIUS * wink.sidePx;
    const pupil = centreOf((await winkOpened(wink)).pixels, truth, 1.2 * radius, isPupil)!;
    expect(Math.hypot(pupil.x - truth.x, pupil.y - truth.y)).toBeLessThan(0.2 * radius);
  });

  test.each([0.14, -0.13, 0.2, -0.22])('looks the same way as the open eye (%s)', async (look) => {
    for (const side of ['left', 'right'] as const) {
      const face = { ...DRAWN, look };
      const radius = IRIS_RADIUS * face.sidePx;
      const truth = irisCentre(face, side);
      const candidate = await winkOpened(face, side);
      const pupil = centreOf(candidate.pixels, truth, 1.4 * radius, isPupil)!;
      expect(Math.abs(pupil.x - truth.x)).toBeLessThan(0.35 * radius);
      expect(candidate.notes).toContain('gaze-shifted');
    }
  });

  test.each([
    [-0.42, -0.36],
    [0.45, -0.3],
  ] as const)('keeps the catchlight on the side of the light (%s, %s)', async (dx, dy) => {
    for (const look of [0, 0.2]) {
      const face: DrawnFace = { ...DRAWN, glint: [dx, dy], look };
      const radius = IRIS_RADIUS * face.sidePx;
      const truth = irisCentre(face, 'left');
      const spot = centreOf((await winkOpened(face)).pixels, truth, 0.85 * radius, isGlint)!;
      expect(Math.sign(spot.x - truth.x)).toBe(Math.sign(dx));
      expect(Math.hypot(spot.x - truth.x - dx * radius, spot.y - truth.y - dy * radius)).toBeLessThan(
        0.4 * radius,
      );
    }
  });

  test('has a round iris', async () => {
    const truth = irisCentre(wink, 'left');
    const iris = centreOf((await winkOpened(wink)).pixels, truth, 1.15 * IRIS_RADIUS * wink.sidePx, isDark)!;
    const drawn = centreOf(drawFace<'crop'>(DRAWN).pixels, truth, 1.15 * IRIS_RADIUS * wink.sidePx, isDark)!;
    expect(iris.aspect / drawn.aspect).toBeGreaterThan(0.88);
    expect(iris.aspect / drawn.aspect).toBeLessThan(1.14);
  });

  test('leaves no trace of the closed lashes outside the opening, and nothing outside the mask', async () => {
    const target = drawFace<'crop'>(wink);
    const candidate = await winkOpened(wink);
    const { mask, core, pixels } = candidate;
    for (let i = 0; i < mask.data.length; i++) {
      const k = i * CHANNELS;
      const wasLash = target.pixels.data[k]! < 80 && Math.floor(i / wink.sidePx) > 0.4 * wink.sidePx;
      const atLeft = i % wink.sidePx > wink.sidePx / 2;
      if (wasLash && atLeft) expect(core!.data[i]).toBe(1);
      if (mask.data[i] !== 0) continue;
      for (let c = 0; c < 4; c++)
        if (pixels.data[k + c] !== target.pixels.data[k + c]) expect.fail(`pixel ${i}`);
    }
  });

  test('takes over the light of its new place, the white only in part', async () => {
    const face: DrawnFace = { ...wink, sideLight: 0.55 };
    const target = drawFace<'crop'>(face);
    const { pixels } = await winkOpened(face);
    const n = face.sidePx;
    const k = (Math.round(0.505 * n) * n + Math.round(0.623 * n)) * CHANNELS;
    for (let c = 0; c < 3; c++)
      expect(Math.abs(pixels.data[k + c]! - target.pixels.data[k + c]!)).toBeLessThan(10);
  });
});

describe('another photo', () => {
  const shut: DrawnFace = { ...DRAWN, left: 'closed', right: 'closed' };

  test('opens both eyes from one face', async () => {
    const { candidates } = await run(drawFace<'crop'>(shut), ['left', 'right'], [otherPhoto(DRAWN)]);
    expect(candidates).toHaveLength(1);
    for (const side of ['left', 'right'] as const) {
      const truth = irisCentre(DRAWN, side);
      const radius = IRIS_RADIUS * DRAWN.sidePx;
      const pupil = centreOf(candidates[0]!.pixels, truth, 1.2 * radius, isPupil)!;
      expect(Math.hypot(pupil.x - truth.x, pupil.y - truth.y)).toBeLessThan(0.15 * radius);
    }
    expect(candidates[0]!.origin).toEqual({ kind: 'other-photo', photoName: 'other.jpg', sourceId: 'other' });
  });

  test('of another size gives an iris of this size', async () => {
    const { candidates } = await run(
      drawFace<'crop'>(shut),
      ['left', 'right'],
      [otherPhoto({ ...DRAWN, sidePx: 410 })],
    );
    const radius = IRIS_RADIUS * DRAWN.sidePx;
    const iris = centreOf(candidates[0]!.pixels, irisCentre(DRAWN, 'right'), 1.3 * radius, isDark)!;
    const drawn = centreOf(drawFace<'crop'>(DRAWN).pixels, irisCentre(DRAWN, 'right'), 1.3 * radius, isDark)!;
    expect(iris.count / drawn.count).toBeGreaterThan(0.85);
    expect(iris.count / drawn.count).toBeLessThan(1.15);
  });

  test('turned less ranks higher, and says so', async () => {
    const { candidates } = await run(
      drawFace<'crop'>(shut),
      ['left', 'right'],
      [otherPhoto({ ...DRAWN, yawRad: 0.35 }, 'turned'), otherPhoto({ ...DRAWN, yawRad: 0.03 }, 'straight')],
    );
    expect(candidates.map((c) => c.origin.sourceId)).toEqual(['straight', 'turned']);
    expect(candidates[0]!.notes).toContain('same-pose');
    expect(candidates[1]!.notes).toContain('different-pose');
  });

  test('whose eyes look elsewhere follows the open eye of this one', async () => {
    const target: DrawnFace = { ...DRAWN, left: 'closed', look: 0.15 };
    const { candidates } = await run(drawFace<'crop'>(target), ['left'], [otherPhoto(DRAWN)]);
    const truth = irisCentre(target, 'left');
    const radius = IRIS_RADIUS * DRAWN.sidePx;
    const pupil = centreOf(candidates[0]!.pixels, truth, 1.4 * radius, isPupil)!;
    expect(Math.abs(pupil.x - truth.x)).toBeLessThan(0.35 * radius);
  });
});

describe('refusals', () => {
  const reasonOf = async (target: DrawnFace, sides: readonly Side[], source: DonorSource) => {
    const result = await run(drawFace<'crop'>(target), sides, [source]);
    expect(result.candidates).toEqual([]);
    return result.refusals[0]!.reason;
  };

  test('no open eye', async () => {
    const shut: DrawnFace = { ...DRAWN, left: 'closed', right: 'closed' };
    expect(await reasonOf(shut, ['left', 'right'], ownEye(shut))).toBe('no-open-eye-anywhere');
    expect(await reasonOf(shut, ['left'], otherPhoto(shut))).toBe('no-open-eye-anywhere');
  });

  test('a head turned too far', async () => {
    expect(await reasonOf({ ...wink, yawRad: 0.8 }, ['left'], ownEye({ ...wink, yawRad: 0.8 }))).toBe(
      'pose-too-different',
    );
    expect(await reasonOf(wink, ['left'], otherPhoto({ ...DRAWN, yawRad: 0.7 }))).toBe('pose-too-different');
  });

  test('a tiny source', async () => {
    expect(await reasonOf(wink, ['left'], otherPhoto({ ...DRAWN, sidePx: 64 }))).toBe('source-too-small');
  });

  test('something lies over the eye', async () => {
    const hidden: DrawnFace = { ...wink, bar: 'left' };
    expect(await reasonOf(hidden, ['left'], ownEye(hidden))).toBe('eye-covered');
  });
});

test('a cancel stops the work', async () => {
  const target = drawFace<'crop'>(wink);
  const request = {
    target,
    sides: ['left'] as const,
    masks: drawnMasks(target),
    sources: [ownEye(wink)],
    seed: 1,
  };
  const stop = async () => {
    throw new DOMException('stop', 'AbortError');
  };
  await expect(generate(request, stop, () => {})).rejects.toMatchObject({ name: 'AbortError' });
});
