/** The picture for the screen. */
import { type Rect, rect } from '../../src/core/geometry';
import type { PhotoView } from '../../src/core/photo';
import type { Raster } from '../../src/core/raster';
import type { OpenPhoto } from './album';
import { storedPng } from './formats/storedPng';
import { profileChunks } from './metadata/pngMetadata';
import { flatten, type Patch, paste } from './patch';
import { type Pyramid, regionOf } from './pyramid';

/** Longest side at most `maxSidePx`, never enlarged; colours managed by the browser through the photo's profile. */
export async function viewOf(
  photo: OpenPhoto,
  pyramid: Pyramid<'photo'>,
  maxSidePx: number,
  withFaces: boolean,
): Promise<PhotoView> {
  const [picture] = pyramid;
  const scale = Math.min(1, maxSidePx / Math.max(picture.width, picture.height));
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  const whole = rect<'photo'>(0, 0, picture.width, picture.height);
  const view = regionOf(pyramid, whole, width, height);
  const toPhoto = { a: picture.width / width, b: 0, c: 0, d: picture.height / height, tx: 0, ty: 0 };
  if (withFaces) {
    for (const patch of photo.patches.values()) layOnView(view, picture, photo.patches, patch.area, toPhoto);
  }
  return { bitmap: await bitmapOf(view, photo), toPhoto };
}

/** Renders anew the view's pixels that `area` reaches, from full-size pixels with faces. */
function layOnView(
  view: Raster<'view'>,
  picture: Raster<'photo'>,
  patches: ReadonlyMap<number, Patch>,
  area: Rect<'photo'>,
  { a, d }: { readonly a: number; readonly d: number },
): void {
  const left = Math.floor(area.x / a);
  const top = Math.floor(area.y / d);
  const right = Math.min(view.width, Math.ceil((area.x + area.width) / a));
  const bottom = Math.min(view.height, Math.ceil((area.y + area.height) / d));
  // Whole photo pixels around those cells of the view.
  const x = Math.floor(left * a);
  const y = Math.floor(top * d);
  const outer = rect<'photo'>(
    x,
    y,
    Math.min(picture.width, Math.ceil(right * a)) - x,
    Math.min(picture.height, Math.ceil(bottom * d)) - y,
  );
  const pixels = flatten(picture, patches.values(), outer);
  const width = Math.min((right - left) * a, outer.width - (left * a - x));
  const height = Math.min((bottom - top) * d, outer.height - (top * d - y));
  const cells = rect<'photo'>(left * a - x, top * d - y, width, height);
  const part = regionOf([pixels], cells, right - left, bottom - top);
  paste(view, part, rect<'view'>(left, top, part.width, part.height));
}

/** Profiles that say by name that they are sRGB: no colour engine is needed for a picture on the screen. */
const SRGB_NAME = /^sRGB\b/;

/** A photo with another profile goes through an unpacked PNG that carries it: the browser's own colour engine reads it. */
async function bitmapOf(view: Raster<'view'>, photo: OpenPhoto): Promise<ImageBitmap> {
  const chunks = SRGB_NAME.test(photo.info.colourProfile ?? '') ? [] : profileChunks(photo);
  if (chunks.length === 0) return createImageBitmap(new ImageData(view.data, view.width, view.height));
  return createImageBitmap(storedPng(view, chunks));
}
