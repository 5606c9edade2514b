import { expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../../src/core/config';
import type { EyeShape, Side } from '../../src/core/face';
import { point } from '../../src/core/geometry';
import { REFERENCE_EYE_DISTANCE_PX } from '../../src/core/units';
import { aspectRatio } from '../../src/pipeline/landmarks';
import { measureOf, verdictsOf } from '../../src/pipeline/verdict';

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

test('legacy area: pixels of the picture as it is', () => {
  const eyes = { left: eye('left', 14, WIDTH, 0.3), right: eye('right', 14, WIDTH, 0.3) };
  expect(verdictsOf(eyes, 1, config).left.state).toBe('open');
  const legacy = { ...config, legacyArea: true, closedAspectRatio: 0.3, unsureAspectRatio: 0.4 };
  expect(verdictsOf(eyes, 1, legacy).left.state).toBe('closed');
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
