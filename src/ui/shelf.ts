/**
 * Which pictures the photo engine holds open. Pixels are heavy: the ones not used for longest are closed
 * when the shelf is full, and opened again from their File, with their placed faces, when they are needed.
 */
import { AppError } from '../core/errors';
import type { PhotoInfo } from '../core/photo';
import type { Engines } from '../engines/contracts';
import type { Picture } from './picture.svelte';

/** 4 bytes a pixel: about 480 MB of decoded photos. */
const ROOM_MEGAPIXELS = 120;

export class Shelf {
  readonly #photo: Engines['photo'];
  /** Least recently used first. */
  readonly #open = new Map<Picture, PhotoInfo>();
  #inUse: ReadonlySet<Picture> = new Set();

  constructor(photo: Engines['photo']) {
    this.#photo = photo;
  }

  /** Opens the picture where it is not open. @throws as `PhotoEngine.open`. */
  async use(picture: Picture, signal: AbortSignal, report?: (done: number) => void): Promise<PhotoInfo> {
    const held = this.#open.get(picture);
    if (held) {
      this.#open.delete(picture);
      this.#open.set(picture, held);
      return held;
    }
    const info = await this.#photo.open(picture.file, picture.name, signal, report);
    this.#open.set(picture, info);
    picture.info = info;
    await this.#layFacesAgain(picture, info, signal);
    await this.#makeRoom(picture);
    return info;
  }

  /** These stay open until the next call, whatever room they take. */
  hold(pictures: readonly Picture[]): void {
    this.#inUse = new Set(pictures);
  }

  async close(picture: Picture): Promise<void> {
    const info = this.#open.get(picture);
    this.#open.delete(picture);
    if (info) await this.#photo.close(info.id, new AbortController().signal);
  }

  /** The engine died with everything it held. */
  forget(): void {
    this.#open.clear();
  }

  async #layFacesAgain(picture: Picture, info: PhotoInfo, signal: AbortSignal): Promise<void> {
    for (const { face, frame, candidates, pickedId, placement } of picture.run?.faces ?? []) {
      const picked = candidates.find(({ candidate }) => candidate.id === pickedId);
      if (!placement || !frame || !picked) continue;
      await this.#photo.place(info.id, face.index, frame, picked.blended, signal);
    }
  }

  async #makeRoom(newest: Picture): Promise<void> {
    const megapixels = (info: PhotoInfo) => (info.width * info.height) / 1e6;
    let used = [...this.#open.values()].reduce((sum, info) => sum + megapixels(info), 0);
    for (const [picture, info] of [...this.#open]) {
      if (used <= ROOM_MEGAPIXELS) return;
      if (picture === newest || this.#inUse.has(picture)) continue;
      used -= megapixels(info);
      await this.close(picture);
    }
  }
}

/** True when the error says that the photo engine lost what it held. */
export function lostPhotos(error: unknown): boolean {
  if (!(error instanceof AppError) || error.code !== 'engine-lost') return false;
  const { engine = 'photo' } = error.details;
  return engine === 'photo';
}
