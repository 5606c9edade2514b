/** A face for the painter's tests: noise, with one eye to paint, at the size of the twins. */
import { point, rect } from '../../src/core/geometry';
import type { PaintFace, PaintRequest, PaintSettings } from '../../src/core/painting';
import { raster } from '../../src/core/raster';
import { noiseBytes } from '../unit/noise';

const SIDE_PX = 64;

export const PAINT_SETTINGS: PaintSettings = {
  strength: 0.7,
  steps: 4,
  guidanceScale: 5,
  guidanceRescale: 0,
  scheduler: 'auto',
  prefill: true,
  refiner: null,
};

/** Two variations, two steps each. */
export function makePaintFace(change: Partial<PaintFace> = {}): PaintFace {
  const eye = {
    contour: [],
    corners: [point<'crop'>(52, 60), point<'crop'>(72, 61)] as const,
    iris: null,
    brow: [],
  };
  const mask = {
    centre: point<'crop'>(62, 60),
    halfWidthPx: 15,
    halfHeightPx: 9,
    angleRad: 0.05,
    contour: [],
    dilatePx: 2,
    brow: [],
  };
  return {
    picture: raster<'paint'>(SIDE_PX, SIDE_PX, noiseBytes(SIDE_PX * SIDE_PX * 4, 5)),
    area: rect<'crop'>(30, 40, 96, 96),
    eyes: [{ side: 'left', eye, mask }],
    yawRad: 0.1,
    iris: { red: 94, green: 61, blue: 42 },
    photoName: 'family.jpg',
    settings: PAINT_SETTINGS,
    variations: [1, 2].map((seed) => ({
      prompt: 'open eyes',
      negativePrompt: 'closed eyes',
      refinerPrompt: 'sharp eyes',
      refinerNegativePrompt: '',
      seed,
    })),
    ...change,
  };
}

export function makePaintRequest(
  faces: readonly PaintFace[] = [makePaintFace()],
  plan: Partial<PaintRequest['plan']> = {},
): PaintRequest {
  return {
    faces,
    plan: { sidePx: SIDE_PX, keeps: [], together: false, pictures: 1, needsBytes: 1, ...plan },
  };
}
