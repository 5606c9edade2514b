import { expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../../src/core/config';
import type { EyeShape, Side } from '../../src/core/face';
import { point } from '../../src/core/geometry';
import { REFERENCE_EYE_DISTANCE_PX } from '../../src/core/units';
import { aspectRatio } from '../../src/pipeline/landmarks';
import { measureOf, secondVotes, verdictsOf } from '../../src/pipeline/verdict';

const config = DEFAULT_CONFIG.detection;
const WIDTH = 55;

/** An almond of 16 points on the FFHQ-512 scale: `rise` px open at the middle. */
function eye(side: Side, rise: number, widthPx = WIDTH, scale = 1): EyeShape<'photo'> {
  const x0 = (side === 'right' ? 0 : REFERENCE_EYE_DISTANCE_PX) - widthPx / 2;
  const lid = (i: number) => {
    const t = i / 8;
    const up = 4 * t * (1 - t) * (rise / 2);
    return { x: x0 + t * widthPx, up };
  };
  const upper = Array.from({ length: 9 }, (_, i) => lid(i)).map(({ x, up }) =>
    point<'photo'>(x * scale, -up * scale),
  );
  const lower = Array.from({ length: 7 }, (_, i) => lid(7 - i)).map(({ x, up }) =>
    point<'photo'>(x * scale, up * scale),
  );
  const contour = [...upper, ...lower];
  return { contour, corners: [contour[0]!, contour[8]!], iris: null, brow: [] };
}

const judge = (left: number, right: number, presence = 1, settings = config) =>
  verdictsOf({ left: eye('left', left), right: eye('right', right) }, presence, settings);

test('a parabolic lid has the area and the ratio that geometry says', () => {
  const shape = eye('left', 12);
  expect(measureOf(shape, REFERENCE_EYE_DISTANCE_PX).areaPx512).toBeCloseTo(
    (2 / 3) * 12 * WIDTH * (1 - 1 / 64),
    6,
  );
  expect(aspectRatio(shape)).toBeCloseTo((12 * 0.9375) / WIDTH, 9);
});

test.each([
  [4, 'closed', 'lids-together'],
  [7, 'closed', 'lids-together'],
  [8.6, 'unsure', 'between-the-limits'],
  [14, 'open', 'lids-apart'],
] as const)('an eye %f px open is %s', (rise, state, reason) => {
  const { left, right } = judge(rise, 15);
  expect(left).toMatchObject({ state, reason });
  expect(right.state).toBe('open');
});

test('the verdict does not depend on the size of the face', () => {
  for (const scale of [0.2, 1, 7.3]) {
    const eyes = { left: eye('left', 5, WIDTH, scale), right: eye('right', 13, WIDTH, scale) };
    const { left, right } = verdictsOf(eyes, 1, config);
    expect([left.state, right.state]).toEqual(['closed', 'open']);
    expect(left.areaPhotoPx).toBeCloseTo(left.areaPx512 * scale ** 2, 6);
  }
});

test('legacy area: px² of the picture as it is below 260 is closed, anything else open, whatever else is known', () => {
  const legacy = { ...config, legacyArea: true };
  const small = { left: eye('left', 14, WIDTH, 0.3), right: eye('right', 14, WIDTH, 0.3) };
  expect(verdictsOf(small, 1, config).left.state).toBe('open');
  expect(verdictsOf(small, 1, legacy).left.state).toBe('closed');
  const large = { left: eye('left', 4, WIDTH, 3), right: eye('right', 4, WIDTH, 3) };
  expect(verdictsOf(large, 1, config).left.state).toBe('closed');
  expect(verdictsOf(large, 0.1, legacy).left).toMatchObject({ state: 'open', reason: 'lids-apart' });
});

test.each([
  // Rise of the lids by the first landmarks and by the second, px.
  [4, 4, 'closed'],
  [14, 14, 'open'],
  [4, 14, 'unsure'],
  [14, 4, 'unsure'],
  [8.6, 4, 'closed'],
  [8.6, 14, 'open'],
  [4, 8.6, 'closed'],
  [8.6, 8.6, 'unsure'],
] as const)('lids %f px apart, %f by the second landmarks: %s', (first, second, state) => {
  const voted = secondVotes(judge(first, first), judge(second, second), config).left;
  expect(voted.state).toBe(state);
  expect(voted.areaPx512).toBe(judge(first, first).left.areaPx512);
});

test('a second vote changes nothing where an eye cannot be judged, or where the legacy rule holds', () => {
  const hidden = judge(4, 4, 0.3);
  expect(secondVotes(hidden, judge(14, 14), config)).toEqual(hidden);
  const closed = judge(4, 4);
  expect(secondVotes(closed, judge(14, 14), { ...config, legacyArea: true })).toEqual(closed);
});

test('what cannot be read is not judged: no face traced, too small, turned away', () => {
  expect(judge(4, 15, 0.3).left).toMatchObject({ state: 'unsure', reason: 'eye-turned-away' });
  const tiny = { left: eye('left', 4, WIDTH, 0.07), right: eye('right', 15, WIDTH, 0.07) };
  expect(verdictsOf(tiny, 1, config).left).toMatchObject({ state: 'unsure', reason: 'too-small' });
  const turned = { left: eye('left', 4, 30), right: eye('right', 15, 55) };
  expect(verdictsOf(turned, 1, config).left).toMatchObject({ state: 'unsure', reason: 'eye-turned-away' });
  expect(verdictsOf(turned, 1, config).right.state).toBe('open');
});

test('measures that point to different sides are said to disagree', () => {
  const settings = { ...config, closedAspectRatio: 0.3, unsureAspectRatio: 0.35 };
  const state = judge(11, 11, 1, settings).left;
  expect(state).toMatchObject({ state: 'unsure', reason: 'measures-disagree' });
});

test('in a face of few pixels only a unanimous vote closes an eye', () => {
  const at = (rise: number, scale: number) => {
    const eyes = { left: eye('left', rise, WIDTH, scale), right: eye('right', 15, WIDTH, scale) };
    return verdictsOf(eyes, 1, config).left.state;
  };
  expect([at(7, 0.18), at(7, 0.2)]).toEqual(['unsure', 'closed']);
  expect([at(2, 0.18), at(15, 0.18)]).toEqual(['closed', 'open']);
});
