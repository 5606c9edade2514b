/** Opens dropped photos one after the other, finds their faces, and keeps the selected one ready for the screen. */
import type { Config } from '../core/config';
import { asAppError, isAbort, unlessAborted } from '../core/errors';
import type { Face } from '../core/face';
import { clamp } from '../core/units';
import { frameOf } from '../pipeline/crop';
import { Activity } from './activity.svelte';
import { lostPhotos, onceMore } from './openPhotos';
import type { Picture } from './picture.svelte';
import { recognise } from './recognise';
import { withoutFace } from './runs';
import type { Tools } from './tools';

/** Longest side of the one fetched when a person zooms in. */
const SHARP_SIDE_PX = 4096;
const LEAST_VIEW_SIDE_PX = 1024;
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

/** A look at one picture that is going on. */
interface Look {
  readonly picture: Picture;
  readonly controller: AbortController;
  readonly ended: Promise<void>;
}

export class Looker {
  readonly activity = new Activity();
  /** A person cancelled: only a picture that is selected by hand is looked at. */
  paused = $state(false);
  readonly #session: Table;
  /** A picture that the engine died on gets one more try. */
  readonly #retried = new WeakSet<Picture>();
  #refreshed: Promise<void> = Promise.resolve();
  #look: Look | null = null;

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

  /** Ends the look at this picture, if that is what goes on; the others keep their turn. */
  async leave(picture: Picture): Promise<void> {
    if (this.#look?.picture !== picture) return;
    this.#look.controller.abort();
    await this.#look.ended;
  }

  /** Brings the picture to the screen; looks at it first when that has not been done. */
  async show(picture: Picture): Promise<void> {
    if (picture.status === 'waiting') {
      const isHere = () => picture.status === 'waiting' && this.#session.pictures.includes(picture);
      await this.#work(() => (isHere() ? picture : this.#next()));
      return;
    }
    if (picture.status !== 'ready') return;
    const { signal } = new AbortController();
    const bring = async () => {
      await this.refresh(picture, signal);
      await this.portraitsOf(picture, signal);
    };
    try {
      await onceMore(bring, async () => (await this.#session.tools()).openPhotos.forget());
    } catch (error) {
      if (this.#session.pictures.includes(picture)) this.#session.failed(error, picture.name);
    }
  }

  async retry(picture: Picture): Promise<void> {
    picture.error = null;
    picture.status = 'waiting';
    await this.show(picture);
  }

  /** The views of a selected picture as it is now. */
  async refresh(picture: Picture, signal: AbortSignal, sidePx = screenSidePx()): Promise<void> {
    // One after the other: each closes the bitmaps that the one before it left.
    const before = this.#refreshed;
    const mine = before.then(() => this.#refresh(picture, signal, sidePx));
    this.#refreshed = mine.catch(() => undefined);
    await mine;
  }

  async #refresh(picture: Picture, signal: AbortSignal, sidePx: number): Promise<void> {
    if (picture !== this.#session.selected) return;
    const { workshop, openPhotos } = await this.#session.tools();
    const { id } = await openPhotos.use(picture, signal);
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
    const { faces } = picture;
    const missing = faces.filter(({ index }) => !picture.portraits.has(index));
    if (!missing.length) return;
    const { workshop, openPhotos } = await this.#session.tools();
    const { id } = await openPhotos.use(picture, signal);
    const squares = await workshop.engines.photo.cut(id, missing.map(portraitFrame), signal);
    // Looked at again meanwhile, the numbers are other faces'.
    if (picture.faces.length !== faces.length || picture.faces.some(({ box }, i) => box !== faces[i]!.box))
      return;
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

  async #bring(picture: Picture, signal: AbortSignal): Promise<void> {
    await this.refresh(picture, signal);
    const { workshop, openPhotos } = await this.#session.tools();
    const { id } = await openPhotos.use(picture, signal);
    picture.thumbnail ??= (await workshop.engines.photo.view(id, THUMBNAIL_SIDE_PX, false, signal)).bitmap;
  }

  #next(): Picture | undefined {
    const { selected, pictures } = this.#session;
    if (selected?.status === 'waiting') return selected;
    return this.paused ? undefined : pictures.find(({ status }) => status === 'waiting');
  }

  async #work(next: () => Picture | undefined): Promise<void> {
    // What was cancelled may take a while to end.
    while (this.activity.stopping) await this.activity.idle();
    await this.activity.run('looking', '', async (signal) => {
      for (let picture = next(); picture; picture = next()) {
        this.activity.subject = picture.name;
        await this.#lookAt(picture, signal);
        signal.throwIfAborted();
      }
    });
  }

  async #lookAt(picture: Picture, all: AbortSignal): Promise<void> {
    const controller = new AbortController();
    const ended = this.#tryLook(picture, AbortSignal.any([all, controller.signal]));
    this.#look = { picture, controller, ended };
    await ended;
    this.#look = null;
  }

  /** @returns also when it was cancelled: the picture waits again. */
  async #tryLook(picture: Picture, signal: AbortSignal): Promise<void> {
    try {
      picture.status = 'reading';
      const { workshop, openPhotos } = await this.#session.tools();
      signal.throwIfAborted();
      const info = await openPhotos.use(picture, signal);
      picture.status = 'looking';
      const { engines } = workshop;
      // The photo is brought to the screen while its faces are looked for.
      const [found] = await Promise.all([
        workshop.findFaces(info, engines, this.#session.config.detection, signal),
        this.#bring(picture, signal),
      ]);
      picture.faces = found;
      if (picture === this.#session.selected) await this.portraitsOf(picture, signal);
      picture.status = 'ready';
      // A photo alone asks nobody who is who; with a second one it is answered while this photo's pixels are at hand.
      if (this.#session.pictures.length > 1)
        // Who is who is asked again when it is needed, and what failed is said there.
        await recognise(picture, { workshop, openPhotos }, signal).catch(unlessAborted(undefined));
      if (picture === this.#session.selected && !picture.before) await this.refresh(picture, signal);
      if (picture.faces.length) this.#reconsider(picture);
    } catch (error) {
      if (isAbort(error) || !this.#session.pictures.includes(picture)) {
        if (picture.status !== 'ready') picture.status = 'waiting';
        return;
      }
      if (lostPhotos(error)) (await this.#session.tools()).openPhotos.forget();
      const again = lostPhotos(error) && !this.#retried.has(picture);
      this.#retried.add(picture);
      picture.status = again ? 'waiting' : 'failed';
      picture.error = asAppError(error, 'internal');
    }
  }
}

/** Longest side of the picture that fills the window, in its own pixels. */
function screenSidePx(): number {
  const windowPx = Math.max(innerWidth, innerHeight) * devicePixelRatio;
  return clamp(Math.ceil(windowPx), LEAST_VIEW_SIDE_PX, SHARP_SIDE_PX);
}

function longestSide(picture: Picture): number {
  return Math.max(picture.info?.width ?? 0, picture.info?.height ?? 0);
}

function portraitFrame(face: Face) {
  return frameOf(face, { cropOutputSize: PORTRAIT_SIDE_PX, useLargerEye: false });
}
