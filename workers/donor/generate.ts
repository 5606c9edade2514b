/** Opens eyes with real pixels: picks the eyes of each source, lays them over the closed ones, ranks the results. */
import { SIDES } from '../../src/core/face';
import type {
  Candidate,
  DonorSource,
  GenerationRequest,
  GenerationResult,
  NoCandidateReason,
} from '../../src/core/generation';
import { boundsOf, invert, point, type Rect, rect, scaleOf } from '../../src/core/geometry';
import { type Plane, plane, type Raster, raster } from '../../src/core/raster';
import { areaToBlend } from '../../src/pixels/bounds';
import { cornerFrame } from '../../src/pixels/cornerFrame';
import { featherInside } from '../../src/pixels/feather';
import { measureIris } from '../../src/pixels/iris';
import { blurArea, matchSharpness, type SharpnessMatch } from '../../src/pixels/sharpness';
import { applyTone, toneOf } from '../../src/pixels/tone';
import { planeAt, rasterAt } from '../../src/pixels/window';
import { findStrange } from './covered';
import { expose, exposureGains } from './exposure';
import { type Gaze, gazeOf, lookOf } from './gaze';
import { faceMap, likenessOf } from './likeness';
import { paintEye } from './paint';
import { type Pick, pickEyes, unfit } from './pick';
import { type EyePlan, planEye } from './plan';
import { rankOf } from './rank';
import { cleared, drawRegion, type EyeRegion, eyeRegion, outOfReach } from './region';
import { lightRatio, relight } from './relight';

/** Share of the surroundings that may differ (hair tips, rims at the edge) before the eye counts as covered. */
const MOST_STRANGE = 0.5;

/** The same close round the opening: 0.29 where a rim passes close by, at most 0.24 on bare eyes. */
const MOST_AT_CORE = 0.25;
/** Share of the new lid ring that may run over the edge of the face or the nose: more is a profile. */
const MOST_OUT_OF_REACH = 0.07;

/** Width of the soft edge for comparisons: the default feather, 25 px at 512. */
const RING_FEATHER = 0.05;

type Attempt =
  | { readonly kind: 'candidate'; readonly candidate: Candidate }
  | { readonly kind: 'refusal'; readonly reason: NoCandidateReason };

/**
 * One candidate a source. @param pause lets a cancel in; called between eyes.
 * @throws AbortError from `pause`.
 */
export async function generate(
  request: GenerationRequest,
  pause: () => Promise<void>,
  report: (done: number) => void,
): Promise<GenerationResult> {
  const candidates: Candidate[] = [];
  const refusals: { sourceId: string; reason: NoCandidateReason }[] = [];
  for (const [i, source] of request.sources.entries()) {
    const attempt = await open(request, source, pause);
    if (attempt.kind === 'candidate') candidates.push(attempt.candidate);
    else refusals.push({ sourceId: source.id, reason: attempt.reason });
    report((i + 1) / request.sources.length);
  }
  return { candidates: candidates.sort((a, b) => b.rank - a.rank), refusals };
}

async function open(
  request: GenerationRequest,
  source: DonorSource,
  pause: () => Promise<void>,
): Promise<Attempt> {
  const picks = pickEyes(request, source);
  const reason = picks === null ? 'no-open-eye-anywhere' : unfit(request, source, picks);
  if (picks === null || reason) return { kind: 'refusal', reason: reason ?? 'no-open-eye-anywhere' };
  const { target } = request;
  const { width, height } = target.pixels;
  const pixels = raster<'crop'>(width, height, new Uint8ClampedArray(target.pixels.data));
  const mask = plane<'0..1'>(width, height);
  const core = plane<'0..1'>(width, height);
  const sharpness = compareSharpness(request, source);
  const tone = source.kind === 'other-photo' ? toneOf(target.pixels) : null;
  let light = 0;
  let strange = 0;
  let shifted = 0;
  for (const pick of picks) {
    await pause();
    const { plan, gaze } = arrange(request, source, pick, picks);
    const region = eyeRegion(target, pick.side, source.square, request.masks[pick.side], plan);
    if (outOfReach(region, plan) > MOST_OUT_OF_REACH)
      return { kind: 'refusal', reason: 'pose-too-different' };
    paintEye(pixels, region.area, softened(source, pick, sharpness, plan), plan, gaze);
    if (source.kind === 'other-photo') expose(pixels, region.area, exposureGains(target, source.square));
    if (tone) applyTone(pixels, region.area, tone);
    const ring = ringOf(region, width, height);
    light = Math.max(light, Math.abs(lightRatio(target.pixels, pixels, ring, region.area)));
    relight(target.pixels, pixels, ring, region.area, plan);
    const { share, atCore, clearancePx } = findStrange(
      target.pixels,
      pixels,
      ring,
      region.area,
      plan.frame.widthPx,
      region.coreDepthPx,
    );
    if (share > MOST_STRANGE || atCore > MOST_AT_CORE) return { kind: 'refusal', reason: 'eye-covered' };
    strange = Math.max(strange, share);
    drawRegion(mask, core, cleared(region, clearancePx, plan.frame.widthPx));
    shifted = Math.max(shifted, Math.abs(gaze.shiftPx) / plan.frame.widthPx);
  }
  keepOutside(pixels, target.pixels, mask);
  const judged = rankOf({
    kind: source.kind,
    likeness: likenessOf(target, source.square),
    yawRad: target.pose.yawRad,
    light,
    strange,
    softer: sharpness.softer,
    gazeShift: shifted,
    mirrored: picks.some((pick) => pick.side !== pick.sourceSide),
    unsure: picks.some((pick) => source.square.states[pick.sourceSide] === 'unsure'),
  });
  const origin = { kind: source.kind, photoName: source.photoName, sourceId: source.id };
  const area = areaToBlend(mask);
  const candidate: Candidate = {
    id: `donor-${source.id}`,
    generator: 'donor',
    area,
    pixels: rasterAt(pixels, area),
    mask: planeAt(mask, area),
    core: planeAt(core, area),
    origin,
    ...judged,
  };
  return { kind: 'candidate', candidate };
}

function arrange(
  request: GenerationRequest,
  source: DonorSource,
  pick: Pick,
  picks: readonly Pick[],
): { readonly plan: EyePlan; readonly gaze: Gaze } {
  const { target } = request;
  const scale = source.kind === 'other-eye' ? 1 : scaleOf(invert(faceMap(target, source.square)));
  const iris = measureIris(source.square.pixels, source.square.eyes[pick.sourceSide]);
  const plan = planEye(target, pick.side, source.square, pick.sourceSide, iris, scale);
  const own = lookOf(source.square, pick.sourceSide, iris);
  const open = SIDES.find((side) => !request.sides.includes(side) && target.states[side] !== 'closed');
  const wanted =
    open && source.kind === 'other-photo'
      ? lookOf(target, open, measureIris(target.pixels, target.eyes[open]))
      : lookOf(
          source.square,
          picks[0]!.sourceSide,
          measureIris(source.square.pixels, source.square.eyes[picks[0]!.sourceSide]),
        );
  return { plan, gaze: gazeOf(plan, own, wanted) };
}

function compareSharpness(request: GenerationRequest, source: DonorSource): SharpnessMatch {
  if (source.kind === 'other-eye') return { blurPx: 0, softer: false };
  const { target } = request;
  const points = SIDES.flatMap((side) => [...target.eyes[side].brow, ...target.eyes[side].contour]);
  const area = boundsOf(points, 4, rect<'crop'>(0, 0, target.pixels.width, target.pixels.height));
  return matchSharpness(target.pixels, source.square.pixels, faceMap(target, source.square), area);
}

/** The source, blurred round the eye as far as the photo is softer than it. */
function softened(
  source: DonorSource,
  pick: Pick,
  sharpness: SharpnessMatch,
  plan: EyePlan,
): Raster<'source'> {
  const { pixels, eyes } = source.square;
  if (sharpness.blurPx === 0) return pixels;
  const { widthPx, origin } = cornerFrame(eyes[pick.sourceSide]);
  const around: Rect<'source'> = boundsOf(
    [point<'source'>(origin.x, origin.y)],
    1.6 * widthPx,
    rect(0, 0, pixels.width, pixels.height),
  );
  return blurArea(pixels, around, sharpness.blurPx / plan.scale);
}

/** The soft edge without the core: where both pictures should show the same skin. */
function ringOf(region: EyeRegion, width: number, height: number): Plane<'0..1'> {
  const mask = plane<'0..1'>(width, height);
  const core = plane<'0..1'>(width, height);
  drawRegion(mask, core, region);
  const ring = featherInside(mask, core, RING_FEATHER * width, region.area);
  const { x, y, width: columns, height: rows } = region.area;
  for (let j = y; j < y + rows; j++)
    for (let i = x; i < x + columns; i++) if (core.data[j * width + i]! > 0) ring.data[j * width + i] = 0;
  return ring;
}

/** What the mask leaves out is the target's own picture. */
function keepOutside(pixels: Raster<'crop'>, target: Raster<'crop'>, mask: Plane<'0..1'>): void {
  const from = new Uint32Array(target.data.buffer, target.data.byteOffset, mask.data.length);
  const into = new Uint32Array(pixels.data.buffer, pixels.data.byteOffset, mask.data.length);
  for (let i = 0; i < into.length; i++) if (mask.data[i]! <= 0) into[i] = from[i]!;
}
