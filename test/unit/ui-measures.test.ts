/** What the overlay says of a face, and where its plates of numbers find room. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../../src/core/config';
import { point, type Rect, rect } from '../../src/core/geometry';
import { overlapOf } from '../../src/core/overlap';
import { densePoints, plateOf, platesOf, titleOf } from '../../src/ui/overlay/measures';
import { placePlates } from '../../src/ui/overlay/placePlates';
import { overruled } from '../../src/ui/runs';
import { makeFace } from '../fakes/faces';

const limits = DEFAULT_CONFIG.detection;
const winking = makeFace({ index: 3, x: 40, y: 60, sidePx: 200, left: 'open', right: 'closed' });

test('the full plate is a table: names, then the eyes in the order of the picture', () => {
  expect(plateOf(winking, limits, 'full')).toEqual({
    names: ['', '', 'px² at 512', 'ratio'],
    columns: [
      { side: 'right', state: 'closed', rows: ['Right eye', 'closed', '91 < 260', '0.07 < 0.16'] },
      { side: 'left', state: 'open', rows: ['Left eye', 'open', '590 ≥ 330', '0.29 ≥ 0.22'] },
    ],
  });
});

test('a face that stands on its head has its left eye on the left', () => {
  const turned = makeFace({ index: 0, x: 300, y: 300, sidePx: 200, rollRad: 3, left: 'open', right: 'open' });
  expect(plateOf(turned, limits, 'short').columns.map(({ side }) => side)).toEqual(['left', 'right']);
});

test('legacy mode shows the area in pixels of the photo', () => {
  const { names, columns } = plateOf(winking, { ...limits, legacyArea: true }, 'full');
  expect(names?.[2]).toBe('px² of photo');
  expect(columns.map(({ rows }) => rows[2])).toEqual(['97 < 260', '613 ≥ 260']);
});

test('the limit that is shown is the one that was missed or reached', () => {
  const area = (areaPx512: number, closedArea: number, unsureArea: number) => {
    const verdict = { ...winking.verdicts.left, areaPx512 };
    const face = { ...winking, verdicts: { left: verdict, right: verdict } };
    return plateOf(face, { ...limits, closedArea, unsureArea }, 'short').columns[0]!.rows[1];
  };
  expect(area(259.96, 260, 330)).toBe('259 < 260');
  expect(area(226.7, 260, 330)).toBe('227 < 260');
  expect(area(260, 260, 330)).toBe('260 < 330');
  expect(area(329.5, 260, 330)).toBe('329 < 330');
  expect(area(330, 260, 330)).toBe('330 ≥ 330');
  // A band without width is a step.
  expect(area(400, 300, 100)).toBe('400 ≥ 300');
});

test('a verdict against its numbers says whose it is', () => {
  const rows = plateOf(overruled(winking, 'right', 'open'), limits, 'full').columns[0]!.rows;
  expect(rows.slice(1, 3)).toEqual(['open, as you said', '91 < 260']);
});

test('the smaller the box, the less is said', () => {
  const rows = (width: number) => platesOf(winking, limits, width).map(({ columns }) => columns[1]!.rows);
  expect(rows(39)).toEqual([]);
  expect(rows(40)).toEqual([['open', '590']]);
  expect(rows(100)).toEqual([
    ['open', '590 ≥ 330', '0.29 ≥ 0.22'],
    ['open', '590'],
  ]);
  expect(rows(400)).toHaveLength(3);
  expect([12, 30, 200].map((width) => titleOf(winking, width))).toEqual(['', '4', '4 · 93 %']);
});

test("InsightFace's landmarks are shown where the eyes were measured on them", () => {
  expect(densePoints(winking)).toBe(winking.mesh.points);
  const points106 = Array.from({ length: 106 }, (_, i) => point<'photo'>(i, 2 * i));
  expect(densePoints({ ...winking, points106 })).toBe(points106);
});

const PICTURE = rect<'view'>(0, 0, 800, 600);
const SIZES = [
  { width: 160, height: 50 },
  { width: 80, height: 30 },
];

/** As faces are: the eyes in the upper half of the box. */
function asking(x: number, y: number, side: number) {
  const eyes = rect<'view'>(x + 0.2 * side, y + 0.3 * side, 0.6 * side, 0.15 * side);
  const tab = rect<'view'>(x, y - 15, 40, 15);
  return { box: rect<'view'>(x, y - 15, side, side + 15), eyes, tab, sizes: SIZES };
}

test('a plate goes below its box, above it at the foot of the picture, and nowhere when its eyes are not seen', () => {
  const [below] = placePlates([asking(300, 200, 100)], PICTURE);
  expect(below).toEqual({ size: 0, area: rect(270, 305, 160, 50) });
  const [above] = placePlates([asking(300, 490, 100)], PICTURE);
  expect(above).toEqual({ size: 0, area: rect(270, 420, 160, 50) });
  expect(placePlates([asking(300, 620, 100)], PICTURE)).toEqual([null]);
});

test('a face that fills the picture wears its plate, off its eyes', () => {
  const face = asking(-100, -150, 1000);
  const [given] = placePlates([face], PICTURE);
  expect(given?.size).toBe(0);
  expect(overlapOf(given!.area, face.eyes).smaller).toBe(0);
});

test('in any crowd plates lie in the picture, off each other and off all eyes and tabs', () => {
  const face = fc.tuple(
    fc.integer({ min: -50, max: 800 }),
    fc.integer({ min: -50, max: 600 }),
    fc.integer({ min: 40, max: 300 }),
  );
  fc.assert(
    fc.property(fc.array(face, { maxLength: 25 }), (rows) => {
      const faces = rows.map((row) => asking(...row));
      const areas: Rect<'view'>[] = placePlates(faces, PICTURE).flatMap((given) =>
        given ? [given.area] : [],
      );
      areas.forEach((area, i) => {
        expect(area.x >= 0 && area.y >= 0 && area.x + area.width <= 800 && area.y + area.height <= 600).toBe(
          true,
        );
        expect(areas.slice(i + 1).some((other) => overlapOf(area, other).union > 0)).toBe(false);
        expect(faces.some(({ eyes }) => overlapOf(area, eyes).union > 0)).toBe(false);
        expect(faces.some(({ tab }) => overlapOf(area, tab).union > 0)).toBe(false);
      });
    }),
  );
});
