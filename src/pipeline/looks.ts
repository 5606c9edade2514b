/** What a detector sees of a photo: upright at growing scale, and turned by quarters. */
import type { Detection } from '../core/face';
import type { Rect } from '../core/geometry';
import type { PhotoInfo } from '../core/photo';
import { raster } from '../core/raster';
import type { Engines } from '../engines/contracts';
import { merge, toPhoto, wantsFiner } from './passes';
import type { Sight } from './sight';
import { squareFrame } from './trace';

type Looking = Pick<Engines, 'photo' | 'vision'>;

/** Squares that are looked at sideways have at most this side, px. */
const TURNED_SIDE_PX = 800;

/** The whole photo at growing scale, as long as a pass suggests that there is more to find. */
export async function lookUpright(
  photo: PhotoInfo,
  sight: Sight,
  engines: Looking,
  signal: AbortSignal,
): Promise<readonly Detection<'photo'>[]> {
  let hits: readonly Detection<'photo'>[] = [];
  for (const { sidePx, glances } of sight.passes(photo)) {
    for (const { request, manner, toPhoto: map } of glances) {
      const [picture] = await engines.photo.regions(photo.id, [request], signal);
      const found = await engines.vision.detect({ ...manner, picture: picture! }, signal);
      const fresh = found.map((hit) => toPhoto(hit, map));
      // Of one picture the detector has merged them itself.
      hits = hits.length > 0 ? merge([...hits, ...fresh]) : fresh;
    }
    if (!wantsFiner(photo, sidePx, hits, sight.sureScore)) break;
  }
  return hits;
}

/** The squares round `areas`, each turned by one, three and two quarters. */
export async function lookTurned(
  photo: PhotoInfo,
  areas: readonly Rect<'photo'>[],
  sight: Sight,
  engines: Looking,
  signal: AbortSignal,
): Promise<readonly Detection<'photo'>[]> {
  const hits: Detection<'photo'>[] = [];
  for (const { x, y, width, height } of areas) {
    const lengthPx = Math.max(width, height);
    const centre = { x: x + width / 2, y: y + height / 2 };
    for (const quarters of [1, 3, 2]) {
      const sidePx = Math.min(TURNED_SIDE_PX, Math.ceil(lengthPx));
      const frame = squareFrame(centre, lengthPx, (quarters * Math.PI) / 2, sidePx);
      const [square] = await engines.photo.cut(photo.id, [frame], signal);
      const picture = raster<'view'>(square!.width, square!.height, square!.data);
      const found = await engines.vision.detect(
        { ...sight.manner(picture, sidePx / lengthPx), picture },
        signal,
      );
      const { a, b, c, d, tx, ty } = frame.toPhoto;
      const sure = found.filter((hit) => hit.score >= sight.turnedScore);
      hits.push(...sure.map((hit) => toPhoto(hit, { a, b, c, d, tx, ty })));
    }
  }
  return merge(hits);
}
