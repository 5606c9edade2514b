/** Pan and zoom in numbers: what is under the pointer stays there, and the photo never leaves the stage. */
import { expect, test } from 'vitest';
import { rect } from '../../src/core/geometry';
import { Camera } from '../../src/ui/camera.svelte';

function camera(): Camera {
  const result = new Camera();
  result.stage = { width: 900, height: 600 };
  result.photo = { width: 4000, height: 3000 };
  return result;
}

const under = (c: Camera, x: number, y: number) => ({ x: (x - c.left) / c.scale, y: (y - c.top) / c.scale });

test('at first the whole photo is seen, centred, with a margin', () => {
  const c = camera();
  const { left, top, width, height } = c.onStage(rect<'photo'>(0, 0, 4000, 3000));
  expect(top).toBeGreaterThan(10);
  expect(top + height).toBeCloseTo(600 - top);
  expect(left + width).toBeCloseTo(900 - left);
  expect(width / height).toBeCloseTo(4 / 3);
});

test('zooming keeps the photo point under the pointer', () => {
  const c = camera();
  c.zoomAt(3, 450, 300);
  const before = under(c, 340, 210);
  c.zoomAt(1.7, 340, 210);
  const after = under(c, 340, 210);
  expect(after.x).toBeCloseTo(before.x, 6);
  expect(after.y).toBeCloseTo(before.y, 6);
});

test('panning moves by screen pixels and stops at the edge', () => {
  const c = camera();
  c.zoomAt(4);
  const { left } = c;
  c.panBy(-70, 0);
  expect(c.left).toBeCloseTo(left - 70);
  c.panBy(-1e6, -1e6);
  expect(c.left + 4000 * c.scale).toBeCloseTo(900);
  expect(c.top + 3000 * c.scale).toBeCloseTo(600);
  c.panBy(1e6, 1e6);
  expect(c.left).toBeCloseTo(0);
  expect(c.top).toBeCloseTo(0);
});

test('zoom stays between the whole photo and twelve screen pixels a pixel', () => {
  const c = camera();
  c.zoomAt(0.01);
  expect(c.zoom).toBe(1);
  c.zoomAt(1e6);
  expect(c.scale).toBeCloseTo(12);
});

test('framing brings a face to the middle at half the stage', () => {
  const c = camera();
  c.frame(rect<'photo'>(1800, 1200, 300, 300));
  const { left, top, width, height } = c.onStage(rect<'photo'>(1800, 1200, 300, 300));
  expect(left + width / 2).toBeCloseTo(450);
  expect(top + height / 2).toBeCloseTo(300);
  expect(height).toBeCloseTo(300);
});
