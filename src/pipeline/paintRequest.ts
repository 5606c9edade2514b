/** What the painter is asked for one face: where in its square, with which words. */
import type { Config } from '../core/config';
import type { Face, Side } from '../core/face';
import { movedEye } from '../core/face';
import {
  type Affine,
  boundsOf,
  compose,
  invert,
  midpoint,
  point,
  type Rect,
  rect,
  type Space,
} from '../core/geometry';
import { type PaintFace, type PaintSettings, toPaint } from '../core/painting';
import type { CropFrame } from '../core/photo';
import { clamp } from '../core/units';
import { maskShapes } from './crop';
import type { IrisFound } from './irisOf';
import type { PaintWish, RunRequest } from './request';
import { variationsOf } from './wording';

/**
 * Side of the painted part, in sides of the face square: from the brows to the mouth, so that the model sees a face,
 * and an iris has twice the pixels that it would have in the whole square.
 */
const PAINTED_SHARE = 0.6;
/** Of the width of both masks: what lies round them is what the model goes by. */
const LEAST_ROUND_MASKS = 1.3;
/** The eyes lie above the middle of the part, in its sides. */
const EYES_ABOVE_MIDDLE = 0.1;

/** The part of the face square that is painted: whole pixels, as wide as high, both eyes in it. */
export function paintedPart(face: Face, frame: CropFrame, config: Config['crop']): Rect<'crop'> {
  const { left, right } = maskShapes(face, frame, config);
  const whole = rect<'crop'>(0, 0, frame.sidePx, frame.sidePx);
  const reach = [left, right].flatMap(({ centre, halfWidthPx }) => [
    point<'crop'>(centre.x - halfWidthPx, centre.y - halfWidthPx),
    point<'crop'>(centre.x + halfWidthPx, centre.y + halfWidthPx),
  ]);
  const bounds = boundsOf(reach, 0, whole);
  const wanted = Math.max(PAINTED_SHARE * frame.sidePx, LEAST_ROUND_MASKS * bounds.width);
  const side = Math.min(frame.sidePx, Math.ceil(wanted));
  const middle = midpoint(left.centre, right.centre);
  const from = (centre: number) => clamp(Math.round(centre - side / 2), 0, frame.sidePx - side);
  return rect(from(middle.x), from(middle.y + EYES_ABOVE_MIDDLE * side), side, side);
}

/** How the painted part is cut out of the photo. */
export function paintFrame(frame: CropFrame, part: Rect<'crop'>, sidePx: number): CropFrame {
  const toPart = compose<'photo', 'crop', Space>(frame.toCrop, toPaint(part, sidePx)) as Affine<
    'photo',
    'crop'
  >;
  return { sidePx, toCrop: toPart, toPhoto: invert(toPart) };
}

/** All but the pixels. */
export function paintFace(
  face: Face,
  sides: readonly Side[],
  frame: CropFrame,
  part: Rect<'crop'>,
  iris: IrisFound | null,
  { config, self, paintWishes }: RunRequest,
): Omit<PaintFace, 'picture'> {
  const wish = paintWishes?.get(face.index) ?? {};
  const wanted = withWish(config, wish);
  const masks = maskShapes(face, frame, config.crop);
  return {
    area: part,
    eyes: sides.map((side) => ({
      side,
      eye: movedEye(face.eyes[side], frame.toCrop),
      mask: masks[side],
    })),
    yawRad: face.pose.yawRad,
    iris: iris?.colour ?? null,
    photoName: self.photo.name,
    settings: paintSettings(wanted),
    variations: variationsOf(wanted, iris?.name ?? null),
  };
}

/** The settings for one face. */
export function withWish(config: Config, wish: PaintWish): Config {
  const { iris: _, refinerPrompt, refinerNegativePrompt, ...settings } = wish;
  const { refiner } = config;
  return {
    ...config,
    generation: { ...config.generation, ...settings },
    refiner: {
      ...refiner,
      prompt: refinerPrompt ?? refiner.prompt,
      negativePrompt: refinerNegativePrompt ?? refiner.negativePrompt,
    },
  };
}

function paintSettings({ generation, refiner }: Config): PaintSettings {
  const { strength, guidanceScale, guidanceRescale, scheduler, prefill } = generation;
  return {
    strength,
    steps: generation.numInferenceSteps,
    guidanceScale,
    guidanceRescale,
    scheduler,
    prefill,
    refiner: refiner.enabled
      ? {
          by: refiner.by,
          strength: refiner.strength,
          steps: refiner.numInferenceSteps,
          guidanceScale: refiner.guidanceScale,
          switchAt: refiner.switchAt,
        }
      : null,
  };
}
