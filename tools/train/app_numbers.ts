/**
 * What the app's own code says of traced faces, for check.py. JSON from standard input: a list of `points` [478][2], `presence`,
 * `width`, `height` and `rgb` (bytes). JSON to standard output: by side, right first, masks, states and iris colours; the pose.
 */
import { readFileSync } from 'node:fs';
import { DEFAULT_CONFIG } from '../../src/core/config';
import type { FaceMesh, Side } from '../../src/core/face';
import { shift } from '../../src/core/geometry';
import { raster } from '../../src/core/raster';
import { maskShapes } from '../../src/pipeline/crop';
import { eyesOf } from '../../src/pipeline/landmarks';
import { poseOf } from '../../src/pipeline/pose';
import { verdictsOf } from '../../src/pipeline/verdict';
import { irisColour } from '../../src/pixels/irisColour';
import { rasteriseMask } from '../../src/pixels/mask';

interface Traced {
  readonly points: readonly (readonly [number, number])[];
  readonly presence: number;
  readonly width: number;
  readonly height: number;
  readonly rgb: readonly number[];
}

const SIDES: readonly Side[] = ['right', 'left'];

function numbersOf({ points, presence, width, height, rgb }: Traced): unknown {
  const mesh: FaceMesh<'photo'> = {
    layout: 'mediapipe-478',
    presence,
    points: points.map(([x, y]) => ({ x, y })),
  };
  const eyes = eyesOf(mesh);
  const frame = {
    sidePx: Math.max(width, height),
    toCrop: shift<'photo', 'crop'>(0, 0),
    toPhoto: shift<'crop', 'photo'>(0, 0),
  };
  const shapes = maskShapes({ eyes }, frame, DEFAULT_CONFIG.crop);
  const verdicts = verdictsOf(eyes, presence, DEFAULT_CONFIG.detection);
  const picture = raster<'photo'>(width, height);
  rgb.forEach((value, i) => {
    picture.data[4 * Math.floor(i / 3) + (i % 3)] = value;
  });
  const { yawRad, pitchRad } = poseOf(mesh);
  return {
    masks: SIDES.map((side) => Array.from(rasteriseMask(shapes[side], width, height).data)),
    states: SIDES.map((side) => verdicts[side].state),
    irises: SIDES.map((side) => irisColour(picture, eyes[side])),
    pose: [yawRad, pitchRad],
  };
}

const faces: readonly Traced[] = JSON.parse(readFileSync(0, 'utf8'));
process.stdout.write(JSON.stringify(faces.map(numbersOf)));
