/** Align, network, paste: the app's restorer and layers against CodeFormer's own code in Python with its network in small. */
import { rect } from '../../src/core/geometry';
import type { RestorerEngine } from '../../src/engines/contracts';
import { alignFace } from '../../src/pipeline/alignFace';
import { opencvResize } from '../../src/pixels/opencvResize';
import { rasterAt } from '../../src/pixels/window';
import { grayFace, isGray } from '../../workers/restoration/gray';
import { type Factor, pasteFrame } from '../../workers/restoration/pasteFrame';
import { type Apart, type CodeformerCase, caseFaces, casePicture, coloursApart } from './codeformerGolden';
import { cutSquare, pastedOn } from './restorationCases';

/** Of each face in grey levels: what the network gave, and the picture with it and those before it pasted. */
export async function roadDifferences(
  restorer: RestorerEngine,
  one: CodeformerCase,
): Promise<readonly Apart[]> {
  const photo = casePicture(one);
  const factor = one.upscale as Factor;
  const [width, height] = [photo.width * factor, photo.height * factor];
  let picture = opencvResize<'photo', 'enlarged'>(photo, width, height, 'linear');
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
    picture = pastedOn(picture, pasteFrame(toSquare, photo, factor), drawn, null);
    const { x, y, width: wide, height: high } = face.box;
    found.push(coloursApart(rasterAt(picture, rect(x, y, wide, high)), face.pasted));
  }
  return found;
}
