/** Align, network, paste: the app's restorer and layers against CodeFormer's own code in Python with its network in small. */
import { rect, type Space } from '../../src/core/geometry';
import { plane, type Raster, raster } from '../../src/core/raster';
import type { RestorerEngine } from '../../src/engines/contracts';
import { alignFace } from '../../src/pipeline/alignFace';
import { rasterAt } from '../../src/pixels/window';
import { enlargedPhoto } from '../../workers/photo/enlarged';
import type { Patch } from '../../workers/photo/patch';
import { grayFace, isGray } from '../../workers/restoration/gray';
import { pasteFrame } from '../../workers/restoration/pasteFrame';
import { type Apart, type CodeformerCase, caseFaces, casePicture, coloursApart } from './codeformerGolden';
import { cutSquare, pastedOn } from './restorationCases';

/** Of each face in grey levels: what the network gave, and the picture with it and those before it pasted. */
export async function roadDifferences(
  restorer: RestorerEngine,
  one: CodeformerCase,
): Promise<readonly Apart[]> {
  const photo = casePicture(one);
  const factor = one.upscale;
  const patches: Patch[] = [];
  let picture = raster<'enlarged'>(photo.width, photo.height, photo.data);
  const found: Apart[] = [];
  for (const face of caseFaces(one)) {
    const { toSquare } = alignFace(face.points, 'lmeds');
    const square = cutSquare(photo, toSquare);
    const asked = {
      restorer: 'codeformer',
      device: 'cpu',
      square,
      fidelity: one.fidelity,
      parse: false,
    } as const;
    const restored = await restorer.restore(asked, new AbortController().signal);
    const gray = isGray(photo);
    const drawn = gray ? grayFace(restored.face, square) : restored.face;
    // What is stored of a gray one is rounded, not cut off.
    if (!gray) found.push(coloursApart(drawn, face.restored));
    if (factor === 1) picture = pastedOn(picture, pasteFrame(toSquare, photo, factor), drawn, null);
    else {
      // At the photo's own size nothing changes: only the enlarged face is looked at.
      const nothing = {
        area: rect<'photo'>(0, 0, 1, 1),
        colours: raster<'photo'>(1, 1),
        alpha: plane<'0..1'>(1, 1),
      };
      patches.push({ ...nothing, fine: { toSquare, face: drawn, parsed: null } });
      picture = enlargedPhoto(photo, patches, factor) as Raster<Space> as Raster<'enlarged'>;
    }
    const { x, y, width: wide, height: high } = face.box;
    found.push(coloursApart(rasterAt(picture, rect(x, y, wide, high)), face.pasted));
  }
  return found;
}
