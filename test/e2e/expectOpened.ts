import { expect, type Page } from '@playwright/test';
import { difference, facesOf, openDoor } from './door';

/** Of a box x1, y1, x2, y2. */
export const area = ([x1, y1, x2, y2]: readonly number[]) => (x2! - x1!) * (y2! - y1!);

/** The saved file shows open eyes to the same detector, and differs from the original round those eyes only. */
export async function expectOpened(page: Page, original: string, saved: string): Promise<void> {
  await openDoor(page, [original, saved]);
  const before = await facesOf(page, 0);
  const after = await facesOf(page, 1);
  expect(after).toHaveLength(before.length);
  const chosen = before.filter((face) => Object.values(face.before).includes('closed'));
  expect(chosen.length).toBeGreaterThan(0);
  for (const face of chosen) {
    expect(after[face.face_idx]!.before).toEqual({ left: 'open', right: 'open' });
  }
  // Eyes lie in the upper two thirds of a face box.
  const eyes = chosen.map(({ bbox: [x1, y1, x2, y2] }) => [x1, y1, x2, y1 + ((y2 - y1) * 2) / 3] as const);
  const changed = await difference(page, [0, 1], eyes);
  expect(changed).toMatchObject({ sameSize: true, outside: 0 });
  expect(changed.pixels).toBeGreaterThan(100);
  expect(changed.pixels).toBeLessThan(0.5 * eyes.reduce((sum, box) => sum + area(box), 0));
}
