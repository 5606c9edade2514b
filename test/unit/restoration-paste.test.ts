/** Against CodeFormer's own FaceRestoreHelper (tools/golden/restoration_paste.py). */
import { expect, test } from 'vitest';
import { alignFace } from '../../workers/restoration/align';
import { parsingMask } from '../../workers/restoration/parsingMask';
import { placedPlane } from '../../workers/restoration/pasteFace';
import { type Factor, pasteFrame } from '../../workers/restoration/pasteFrame';
import { cutSquare } from '../../workers/restoration/square';
import { squareMask } from '../../workers/restoration/squareMask';
import {
  cases,
  classesOf,
  colourDifference,
  inWhole,
  pastedPhoto,
  photoOf,
  pointsOf,
  shareDifference,
  toSquareOf,
} from './restorationCases';

const SIXTEEN_BITS = 1 / 65535;

test.each(cases)('seed $seed: the square is cut as the reference cuts it', (one) => {
  const { largest, mean, meansApart } = colourDifference(
    cutSquare(photoOf(one), toSquareOf(one)),
    one.square,
  );
  console.log('cut', one.seed, { largest, mean, meansApart });
});

test.each(cases)('seed $seed, factor $factor: the masks', (one) => {
  const frame = pasteFrame(toSquareOf(one), photoOf(one), one.factor as Factor);
  const [width, height] = one.size.map((side) => side * one.factor) as [number, number];
  const { eroded, soft } = squareMask(frame);
  console.log(
    'mask',
    one.seed,
    shareDifference(inWhole(eroded, frame.area, width, height), one.eroded),
    shareDifference(inWhole(soft, frame.area, width, height), one.soft),
  );
  if (one.parsing) {
    const parsed = placedPlane(parsingMask(classesOf(one)), frame);
    console.log('parse', shareDifference(inWhole(parsed, frame.area, width, height), one.parsing));
  }
});

test.each(cases)('seed $seed, factor $factor: pasted', (one) => {
  console.log(
    'paste',
    one.seed,
    colourDifference(pastedPhoto(one, toSquareOf(one)), one.pasted),
    colourDifference(pastedPhoto(one, alignFace(pointsOf(one), 'lmeds').toSquare), one.pasted),
  );
});
