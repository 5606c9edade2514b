/** The photo worker's own engine under Node, over pixels that are at hand. */
import type { PhotoInfo } from '../../src/core/photo';
import type { Raster } from '../../src/core/raster';
import type { PhotoEngine } from '../../src/engines/contracts';
import { Album, type OpenPhoto } from '../../workers/photo/album';
import { createPhotoEngine } from '../../workers/photo/engine';
import { pyramidOf } from '../../workers/photo/pyramid';
import { makePhoto } from './faces';

export interface OpenedPicture {
  readonly engine: PhotoEngine;
  readonly info: PhotoInfo;
  readonly photo: OpenPhoto;
}

/** There is no file: its pixels must stay within the album's budget. */
export function openPicture(picture: Raster<'photo'>, name = 'picture'): OpenedPicture {
  const album = new Album();
  const info = makePhoto(name, picture.width, picture.height);
  const photo = { info, patches: new Map() } as Partial<OpenPhoto> as OpenPhoto;
  album.add(photo, pyramidOf(picture));
  return { engine: createPhotoEngine(album), info, photo };
}
