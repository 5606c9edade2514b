/**
 * The opened photos. Files are kept, decoded pixels are a cache over them: the least recently used make room
 * when the budget is spent and are decoded again when asked for. Placed faces are small and always kept.
 */
import { AppError } from '../../src/core/errors';
import type { PhotoId, PhotoInfo } from '../../src/core/photo';
import { MIB_BYTES } from '../../src/core/units';
import { decode } from './decode';
import type { Bytes } from './formats/bytes';
import type { PictureHeader } from './formats/header';
import type { Patch } from './patch';
import { bytesOf, type Pyramid, pyramidOf } from './pyramid';

/** Decoded pixels kept at once, halves included: twelve photos of 12 MP, or one of 120. */
const PIXEL_BUDGET_BYTES = 768 * MIB_BYTES;

/** RGBA and its halves, quarters and so on. */
const DECODED_BYTES_PER_PIXEL = (4 * 4) / 3;

export interface OpenPhoto {
  readonly info: PhotoInfo;
  readonly file: Blob;
  readonly header: PictureHeader;
  /** Profile of the decoded values; null means sRGB. */
  readonly profile: Bytes | null;
  /** By face, in the order they were placed. */
  readonly patches: Map<number, Patch>;
}

export class Album {
  readonly #budgetBytes: number;
  readonly #photos = new Map<PhotoId, OpenPhoto>();
  /** Least recently used first. */
  readonly #pixels = new Map<PhotoId, Pyramid<'photo'>>();

  constructor(budgetBytes = PIXEL_BUDGET_BYTES) {
    this.#budgetBytes = budgetBytes;
  }

  add(photo: OpenPhoto, pyramid: Pyramid<'photo'>): void {
    this.#photos.set(photo.info.id, photo);
    this.#keep(photo.info.id, pyramid);
  }

  /** @throws bad-request for a photo that is not open. */
  photo(id: PhotoId): OpenPhoto {
    const photo = this.#photos.get(id);
    if (!photo) throw new AppError('bad-request', `no photo ${id} is open`, { photo: id });
    return photo;
  }

  /** The photo's pixels, decoded again when they had to make room. @throws photo-unreadable when the file is gone */
  async pixels(id: PhotoId, signal: AbortSignal): Promise<Pyramid<'photo'>> {
    const { file, header } = this.photo(id);
    let pyramid = this.#pixels.get(id);
    if (!pyramid) {
      // Room is made first, so that old and new are not held together.
      this.expect(header);
      pyramid = pyramidOf((await decode(file, header, signal)).pixels);
    }
    this.#keep(id, pyramid);
    return pyramid;
  }

  /** Room for a photo about to be decoded. */
  expect(header: PictureHeader): void {
    this.#makeRoom(Math.ceil(header.width * header.height * DECODED_BYTES_PER_PIXEL));
  }

  remove(id: PhotoId): void {
    this.#photos.delete(id);
    this.#pixels.delete(id);
  }

  /** Photos whose pixels are in memory, least recently used first. */
  get decoded(): readonly PhotoId[] {
    return [...this.#pixels.keys()];
  }

  #keep(id: PhotoId, pyramid: Pyramid<'photo'>): void {
    this.#pixels.delete(id);
    this.#makeRoom(bytesOf(pyramid));
    this.#pixels.set(id, pyramid);
  }

  #makeRoom(neededBytes: number): void {
    let held = [...this.#pixels.values()].reduce((sum, pyramid) => sum + bytesOf(pyramid), 0);
    for (const [id, pyramid] of this.#pixels) {
      if (held + neededBytes <= this.#budgetBytes) return;
      this.#pixels.delete(id);
      held -= bytesOf(pyramid);
    }
  }
}
