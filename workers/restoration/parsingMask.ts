/** Which parts of a restored square are face, by ParseNet's 19 classes: spec C.5, step 6. */
import { type Plane, plane } from '../../src/core/raster';
import { REFERENCE_SIDE_PX } from '../../src/core/units';
import { gaussianBlur } from '../../src/pixels/gaussianBlur';
import type { Tensors } from '../ort/tensor';

const CLASSES = 19;
/** All but background, hat, necklace, neck and cloth. */
const KEPT: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15]);
const BLUR_PX = 101;
const SIGMA_PX = 11;
/** Nothing is taken so near the square's rim. */
const RIM_PX = 10;

/** What ParseNet answers. @throws RangeError when it is no class for each pixel */
export function classesOf(outputs: Tensors): Uint8Array {
  const [answer] = Object.values(outputs);
  if (!(answer?.data instanceof Uint8Array)) throw new RangeError('the face parser answers with no classes');
  return answer.data;
}

/**
 * @param classes 0..18 for each pixel of the square, row-major
 * @throws RangeError for another count or class
 */
export function parsingMask(classes: Uint8Array): Plane<'0..1'> {
  const side = REFERENCE_SIDE_PX;
  if (classes.length !== side * side)
    throw new RangeError(`${classes.length} classes for ${side * side} pixels`);
  const wrong = classes.find((found) => found >= CLASSES);
  if (wrong !== undefined) throw new RangeError(`the face parser knows no class ${wrong}`);
  const hard = plane<'0..1'>(
    side,
    side,
    Float32Array.from(classes, (found) => (KEPT.has(found) ? 1 : 0)),
  );
  const once = gaussianBlur(hard, BLUR_PX, SIGMA_PX);
  const soft = gaussianBlur(once, BLUR_PX, SIGMA_PX).data;
  const mask = plane<'0..1'>(side, side);
  for (let y = RIM_PX; y < side - RIM_PX; y += 1)
    mask.data.set(soft.subarray(y * side + RIM_PX, (y + 1) * side - RIM_PX), y * side + RIM_PX);
  return mask;
}
