/** Opens dropped photos one after the other, finds their faces, and keeps the selected one ready for the screen. */
import type { Config } from '../core/config';
import { asAppError, isAbort } from '../core/errors';
import type { Face } from '../core/face';
import { frameOf } from '../pipeline/crop';
import { Activity } from './activity.svelte';
import type { Picture } from './picture.svelte';
import { withoutFace } from './runs';
import { lostPhotos } from './shelf';
import type { Tools } from './tools';

/** Longest side of the picture on the screen, and of the one fetched when a person zooms in. */
const VIEW_SIDE_PX = 2048;
const SHARP_SIDE_PX = 4096;
const THUMBNAIL_SIDE_PX = 192;
const PORTRAIT_SIDE_PX = 320;

/** The part of the session that the looker reads. */
export interface Table {
  readonly pictures: readonly Picture[];
  readonly selected: Picture | null;
  readonly config: Config;
  tools(): Promise<Tools>;
  failed(error: unknown, name: string): void;
}

export class Looker {
  readonly activity = new Activity();
  /** A person cancelled: only a picture that is selected by hand is looked at. */
  paused = $state(false);
  readonly #session: Table;
  /** A picture that the engine died on gets one more try. */
  readonly #retried = new WeakSet<Picture>();
  #refreshed: Promise<void> = Promise.resolve();

  constructor(session: Table) {
    this.#session = session;
  }

  get waiting(): number {
    return this.#session.pictures.filter(({ status }) => status === 'waiting').length;
  }

  async go(): Promise<void> {
    this.paused = false;
    await this.#work(() => this.#next());
  }

  cancel(): void {
    this.paused = true;
    this.activity.cancel();
  }

  /** Brings the picture to the screen; looks at it first when that has not been done. */
  async show(picture: Picture): Promise<void> {
    if (picture.status === 'waiting') {
      await this.#work(() =>
        picture.status === 'waiting' ? picture : this.paused ? undefined : this.#next(),
      );
      return;
    }
    if (picture.status !== 'ready') return;
    const { signal } = new AbortController();
    try {
      await this.refresh(picture, signal);
      await this.portraitsOf(picture, signal);
    } catch (error) {
      this.#session.failed(error, picture.name);
    }
  }

  async retry(picture: Picture): Promise<void> {
    picture.error = null;
    picture.status = 'waiting';
    await this.show(picture);
  }

  /** The views of a selected picture as it is now. */
  async refresh(picture: Picture, signal: AbortSignal, sidePx = VIEW_SIDE_PX): Promise<void> {
    // One after the other: each closes the bitmaps that the one before it left.
    const before = this.#refreshed;
    const mine = before.then(() => this.#refresh(picture, signal, sidePx));
    this.#refreshed = mine.catch(() => undefined);
    await mine;
  }

  async #refresh(picture: Picture, signal: AbortSignal, sidePx: number): Promise<void> {
    if (picture !== this.#session.selected) return;
    const { workshop, shelf } = await this.#session.tools();
    const { id } = await shelf.use(picture, signal);
    const { photo } = workshop.engines;
    const held = picture.before;
    const longest = held ? Math.max(held.bitmap.width, held.bitmap.height) : 0;
    const side = Math.max(sidePx, longest);
    const before =
      held && longest >= Math.min(side, longestSide(picture))
        ? held
        : await photo.view(id, side, false, signal);
    const after = picture.placedCount ? await photo.view(id, side, true, signal) : null;
    if (picture !== this.#session.selected || held !== picture.before) {
      after?.bitmap.close();
      if (before !== held) before.bitmap.close();
      return;
    }
    if (before !== held) held?.bitmap.close();
    picture.after?.bitmap.close();
    picture.before = before;
    picture.after = after;
  }

  /** Fetches more detail for a picture that is looked at closely. */
  async sharpen(picture: Picture): Promise<void> {
    const now = picture.before?.bitmap;
    if (!now || Math.max(now.width, now.height) >= Math.min(SHARP_SIDE_PX, longestSide(picture))) return;
    await this.refresh(picture, new AbortController().signal, SHARP_SIDE_PX).catch(() => undefined);
  }

  /** Small squares of the faces for cards and dialogs. */
  async portraitsOf(picture: Picture, signal: AbortSignal): Promise<void> {
    const missing = picture.faces.filter(({ index }) => !picture.portraits.has(index));
    if (!missing.length) return;
    const { workshop, shelf } = await this.#session.tools();
    const { id } = await shelf.use(picture, signal);
    const squares = await workshop.engines.photo.cut(id, missing.map(portraitFrame), signal);
    const added = missing.map((face, i) => [face.index, squares[i]!] as const);
    picture.portraits = new Map([...picture.portraits, ...added]);
  }

  /** A new photo may have the open eyes that were missing: the answer "nothing to be done" is taken back. */
  #reconsider(added: Picture): void {
    for (const picture of this.#session.pictures) {
      if (picture === added || picture.run?.status === 'running') continue;
      for (const { face, status } of picture.run?.faces ?? []) {
        if (status === 'no-candidate') picture.run = withoutFace(picture.run, face.index);
      }
    }
  }

  #next(): Picture | undefined {
    const { selected, pictures } = this.#session;
    if (selected?.status === 'waiting') return selected;
    return this.paused ? undefined : pictures.find(({ status }) => status === 'waiting');
  }

  async #work(next: () => Picture | undefined): Promise<void> {
    await this.activity.run('looking', '', async (signal) => {
      for (let picture = next(); picture; picture = next()) {
        this.activity.subject = picture.name;
        await this.#look(picture, signal);
      }
    });
  }

  async #look(picture: Picture, signal: AbortSignal): Promise<void> {
    try {
      picture.status = 'reading';
      const { workshop, shelf } = await this.#session.tools();
      signal.throwIfAborted();
      const info = await shelf.use(picture, signal);
      await this.refresh(picture, signal);
      const { photo } = workshop.engines;
      picture.thumbnail ??= (await photo.view(info.id, THUMBNAIL_SIDE_PX, false, signal)).bitmap;
      picture.status = 'looking';
      const { engines } = workshop;
      const found = await workshop.findFaces(info, engines, this.#session.config.detection, signal);
      // A photo alone asks nobody who is who; once a second one is there this photo is known while it is still open.
      const alone = this.#session.pictures.length < 2;
      picture.faces = alone ? found : await workshop.identified(info.id, found, engines, signal);
      if (picture === this.#session.selected) {
        await this.portraitsOf(picture, signal);
        if (!picture.before) await this.refresh(picture, signal);
      }
      picture.status = 'ready';
      if (picture.faces.length) this.#reconsider(picture);
    } catch (error) {
      if (isAbort(error)) {
        picture.status = 'waiting';
        throw error;
      }
      if (lostPhotos(error)) (await this.#session.tools()).shelf.forget();
      const again = lostPhotos(error) && !this.#retried.has(picture);
      this.#retried.add(picture);
      picture.status = again ? 'waiting' : 'failed';
      picture.error = asAppError(error, 'internal');
    }
  }
}

function longestSide(picture: Picture): number {
  return Math.max(picture.info?.width ?? 0, picture.info?.height ?? 0);
}

function portraitFrame(face: Face) {
  return frameOf(face, { cropOutputSize: PORTRAIT_SIDE_PX, useLargerEye: false });
}
