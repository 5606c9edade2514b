/**
 * Which pictures the photo engine knows. It keeps their files and makes room for pixels by itself; after its
 * death they are opened again, with their placed faces, when they are next used.
 */
import { AppError } from '../core/errors';
import type { PhotoInfo } from '../core/photo';
import { laidNow } from '../core/run';
import type { Engines } from '../engines/contracts';
import type { Picture } from './picture.svelte';

export class OpenPhotos {
  readonly #photo: Engines['photo'];
  readonly #open = new Map<Picture, PhotoInfo>();
  readonly #opening = new Map<Picture, Promise<PhotoInfo>>();

  constructor(photo: Engines['photo']) {
    this.#photo = photo;
  }

  /** Opens the picture where it is not open. @throws as `PhotoEngine.open`. */
  async use(picture: Picture, signal: AbortSignal): Promise<PhotoInfo> {
    // Two at once would open it twice, and nobody would close one of the two.
    while (this.#opening.has(picture)) await this.#opening.get(picture)!.catch(() => undefined);
    signal.throwIfAborted();
    const held = this.#open.get(picture);
    if (held) return held;
    const opening = this.#openAgain(picture, signal);
    this.#opening.set(picture, opening);
    try {
      return await opening;
    } finally {
      this.#opening.delete(picture);
    }
  }

  async #openAgain(picture: Picture, signal: AbortSignal): Promise<PhotoInfo> {
    const info = await this.#photo.open(picture.file, picture.name, signal);
    picture.info = info;
    try {
      await this.#placeAgain(picture, info, signal);
    } catch (error) {
      // Without its placed faces it must not pass for the opened one, and nobody else knows its id.
      await this.#photo.close(info.id, new AbortController().signal).catch(() => undefined);
      throw error;
    }
    this.#open.set(picture, info);
    return info;
  }

  async #placeAgain(picture: Picture, { id }: PhotoInfo, signal: AbortSignal): Promise<void> {
    for (const faceRun of picture.run?.faces ?? []) {
      const laid = laidNow(faceRun);
      if (laid) await this.#photo.place(id, faceRun.face.index, laid.frame, laid.square, signal);
    }
  }

  async close(picture: Picture): Promise<void> {
    await this.#opening.get(picture)?.catch(() => undefined);
    const info = this.#open.get(picture);
    this.#open.delete(picture);
    if (info) await this.#photo.close(info.id, new AbortController().signal);
  }

  /** The engine died with everything it held. */
  forget(): void {
    this.#open.clear();
  }
}

/** @param forget what was open, after the engine lost it; then the work is tried again */
export async function onceMore<T>(work: () => Promise<T>, forget: () => Promise<void>): Promise<T> {
  return await work().catch(async (error: unknown) => {
    if (!lostPhotos(error)) throw error;
    await forget();
    return await work();
  });
}

/** True when the error says that the photo engine lost what it held: it died in this call, or unseen before it. */
export function lostPhotos(error: unknown): boolean {
  if (!(error instanceof AppError)) return false;
  const { engine = 'photo', photo } = error.details;
  return (
    (error.code === 'engine-lost' && engine === 'photo') ||
    (error.code === 'bad-request' && photo !== undefined)
  );
}
