/** A candidate made part of its square: light, grain and edge of the photo. */
import type { Config } from '../../src/core/config';
import { AppError } from '../../src/core/errors';
import type { Blended, Candidate } from '../../src/core/generation';
import type { Rect } from '../../src/core/geometry';
import { CHANNELS, expectSameSize, type Plane, plane, type Raster } from '../../src/core/raster';
import { REFERENCE_SIDE_PX } from '../../src/core/units';
import { boundsOfPlane } from '../../src/pixels/bounds';
import { applyGains, fitGains } from '../../src/pixels/colour';
import { featherInside } from '../../src/pixels/feather';
import { addGrain, measureGrain, missingGrain } from '../../src/pixels/grain';
import { joinAtRim } from '../../src/pixels/membrane';

/** A photo with less grain than this (deviation, codes) shows none. */
const GRAIN_SEEN = 0.5;
const GRAIN_SEED = 20_011;

/**
 * Where the candidate's mask is 0 so is alpha: those pixels stay as they are, bit for bit, in `pixels` too.
 * Colour and grain are judged on the soft edge, where skin lies on both sides.
 * @param original the candidate's area of the square. @param sidePx side of the whole square.
 * @throws AppError BLEND_001 when candidate and square differ in size.
 */
export function blendSquare(
  original: Raster<'crop'>,
  candidate: Candidate,
  sidePx: number,
  settings: Config['blend'],
): Blended {
  checkSizes(original, candidate);
  const { area } = candidate;
  const whole = boundsOfPlane<'crop'>(candidate.mask);
  if (!whole) {
    return { sidePx, area, pixels: copyOf(original), alpha: plane(original.width, original.height) };
  }
  const core = candidate.core ?? null;
  const featherPx = (settings.feather * sidePx) / REFERENCE_SIDE_PX;
  const alpha = featherInside(candidate.mask, core, featherPx, whole);
  const pixels = copyOf(original);
  for (const part of partsOf(candidate.mask, whole)) {
    const patch = blendPart(original, candidate, alpha, part, settings);
    copyArea(patch, pixels, part, alpha);
  }
  return { sidePx, area, pixels, alpha };
}

function blendPart(
  original: Raster<'crop'>,
  candidate: Candidate,
  alpha: Plane<'0..1'>,
  area: Rect<'crop'>,
  settings: Config['blend'],
): Raster<'crop'> {
  const ring = ringOf(candidate, alpha, area);
  let patch = candidate.pixels;
  if (settings.colourMatch) patch = applyGains(patch, fitGains(original, patch, ring, area));
  if (settings.gradientDomain) patch = joinAtRim(original, patch, candidate.mask, alpha, area);
  if (settings.grainMatch) {
    const wanted = measureGrain(original, ring, area);
    const found = measureGrain(patch, ring, area);
    if (wanted && found && wanted.fine > GRAIN_SEEN)
      patch = addGrain(patch, area, missingGrain(wanted, found), wanted, alpha, GRAIN_SEED);
  }
  return patch;
}

/** Where both pictures show skin: the soft edge, the core left out. */
function ringOf(candidate: Candidate, alpha: Plane<'0..1'>, area: Rect<'crop'>): Plane<'0..1'> {
  const ring = plane<'0..1'>(alpha.width, alpha.height);
  for (let y = area.y; y < area.y + area.height; y++)
    for (let x = area.x; x < area.x + area.width; x++) {
      const index = y * alpha.width + x;
      const inCore = candidate.core ? candidate.core.data[index]! > 0 : alpha.data[index]! >= 1;
      ring.data[index] = alpha.data[index]! > 0 && !inCore ? 1 : 0;
    }
  return ring;
}

/** Left and right eye apart where a free column lies between them: each has its own light. */
function partsOf(mask: Plane<'0..1'>, whole: Rect<'crop'>): readonly Rect<'crop'>[] {
  const empty = (x: number) => {
    for (let y = whole.y; y < whole.y + whole.height; y++)
      if (mask.data[y * mask.width + x]! > 0) return false;
    return true;
  };
  for (let x = whole.x + 1; x < whole.x + whole.width - 1; x++) {
    if (!empty(x)) continue;
    const right = whole.x + whole.width - x;
    return [{ ...whole, width: x - whole.x }, ...partsOf(mask, trimmed(mask, { ...whole, x, width: right }))];
  }
  return [whole];
}

function trimmed(mask: Plane<'0..1'>, area: Rect<'crop'>): Rect<'crop'> {
  let x = area.x;
  const used = (column: number) => {
    for (let y = area.y; y < area.y + area.height; y++)
      if (mask.data[y * mask.width + column]! > 0) return true;
    return false;
  };
  while (x < area.x + area.width - 1 && !used(x)) x++;
  return { ...area, x, width: area.x + area.width - x };
}

function copyOf(picture: Raster<'crop'>): Raster<'crop'> {
  return { width: picture.width, height: picture.height, data: new Uint8ClampedArray(picture.data) };
}

function copyArea(
  from: Raster<'crop'>,
  into: Raster<'crop'>,
  area: Rect<'crop'>,
  alpha: Plane<'0..1'>,
): void {
  for (let y = area.y; y < area.y + area.height; y++)
    for (let x = area.x; x < area.x + area.width; x++) {
      const index = y * into.width + x;
      if (alpha.data[index]! <= 0) continue;
      for (let c = 0; c < 3; c++) into.data[index * CHANNELS + c] = from.data[index * CHANNELS + c]!;
    }
}

function checkSizes(original: Raster<'crop'>, candidate: Candidate): void {
  try {
    expectSameSize(original, candidate.pixels);
    expectSameSize(original, candidate.mask);
    if (candidate.core) expectSameSize(original, candidate.core);
  } catch (cause) {
    throw new AppError('BLEND_001', 'candidate and square differ in size', { id: candidate.id }, { cause });
  }
}
