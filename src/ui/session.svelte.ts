/** Everything the page can do, as a few verbs. Components read the fields and call the verbs. */
import { type Config, DEFAULT_CONFIG, parseConfig } from '../core/config';
import { asAppError } from '../core/errors';
import { closedSides, type EyeState, type Face, type Side } from '../core/face';
import { PAINTER_PACKS } from '../core/painting';
import { RESTORERS } from '../core/restoration';
import { fold, laidOf, type ReadyCandidate } from '../core/run';
import { savingFor } from '../pipeline/saving';
import { Activity } from './activity.svelte';
import { Desk } from './desk.svelte';
import { download } from './download';
import { Looker } from './looker.svelte';
import { NoticeBoard } from './notices.svelte';
import { type Asked, openPicture } from './opening';
import { OpenPhotos, onceMore } from './openPhotos';
import { type Link, Picture } from './picture.svelte';
import type { RecordKind } from './records';
import { restorePicture } from './restoring';
import { overruled, takenOff, withoutFace } from './runs';
import type { Tools } from './tools';
import { errorSentence, PHOTOS_REOPENED, stayedSentence } from './words';
import type { OpenWorkshop } from './workshop';

export class Session {
  pictures = $state.raw<readonly Picture[]>([]);
  selected = $state.raw<Picture | null>(null);
  config = $state.raw<Config>(DEFAULT_CONFIG);
  /** The service worker lets nothing out; a person wants it so. */
  workOffline = $state(false);
  readonly notices = new NoticeBoard();
  /** What the person asked for. Looking at dropped photos goes on beside it. */
  readonly work = new Activity();
  readonly looker: Looker;
  readonly painterDesk = new Desk(
    () => this.tools(),
    Object.values(PAINTER_PACKS),
    ({ findPainter, engines }, signal) => findPainter(engines, signal),
  );
  readonly restorerDesk = new Desk(
    () => this.tools(),
    RESTORERS,
    ({ findRestorer, engines }, signal) => findRestorer(this.config.restoration, engines, signal),
  );
  readonly #openWorkshop: OpenWorkshop;
  /** The picture that `work` is about. */
  #workedOn: Picture | null = null;
  #tools: Promise<Tools> | null = null;

  constructor(openWorkshop: OpenWorkshop) {
    this.#openWorkshop = openWorkshop;
    this.looker = new Looker(this);
  }

  /** The first photo is selected; all are looked at in turn. */
  add(files: readonly File[]): void {
    if (!files.length) return;
    const pictures = files.map((file) => new Picture(file));
    this.pictures = [...this.pictures, ...pictures];
    if (!this.selected) this.selected = pictures[0]!;
    void this.looker.go();
  }

  select(picture: Picture): void {
    if (picture === this.selected) return;
    const previous = this.selected;
    this.selected = picture;
    previous?.before?.bitmap.close();
    previous?.after?.bitmap.close();
    if (previous) Object.assign(previous, { before: null, after: null });
    void this.looker.show(picture);
  }

  /** With other settings: every picture in which no eyes are opened. */
  async lookAgain(): Promise<void> {
    // What is being opened goes by the faces that are known.
    await this.work.idle();
    for (const picture of this.pictures.filter(({ placedCount }) => placedCount === 0)) {
      if (picture.status === 'ready' || picture.status === 'failed') {
        picture.forgetFaces();
        this.#unlink(picture);
      } else {
        // Left, it waits for its turn by itself.
        await this.looker.leave(picture);
      }
    }
    await this.looker.go();
  }

  /** No face of another picture is said to be one of this any more. */
  #unlink(donor: Picture): void {
    for (const other of this.pictures) other.links = other.links.filter((link) => link.donor !== donor);
  }

  remove(picture: Picture): void {
    const at = this.pictures.indexOf(picture);
    this.pictures = this.pictures.filter((p) => p !== picture);
    this.#unlink(picture);
    if (picture === this.selected) {
      this.selected = null;
      const next = this.pictures[Math.min(at, this.pictures.length - 1)];
      if (next) this.select(next);
    }
    void this.#close(picture).catch(() => undefined);
  }

  /** What was going on with the picture ends first; what only borrows from it may finish. */
  async #close(picture: Picture): Promise<void> {
    if (this.#workedOn === picture) this.work.cancel();
    await Promise.all([this.looker.leave(picture), this.work.idle()]);
    const { openPhotos } = await this.tools();
    await openPhotos.close(picture);
  }

  /** Opens the closed eyes of one picture: of the given faces, or of all. */
  async open(picture: Picture, faces = picture.closedFaces, asked: Asked = {}): Promise<void> {
    await this.#doing('opening', picture, async (tools, signal, report) => {
      const opening = { picture, faces, pictures: this.pictures, config: this.config, ...asked };
      const stayed = await openPicture(opening, tools, signal, report);
      for (const { face, why } of stayed) this.notices.say('info', stayedSentence(face, why));
      // After a cancel too: the faces that were finished before it stay, and are to be seen.
      await this.looker.refresh(picture, new AbortController().signal);
    });
    if (this.config.output.verbose && !this.work.wasCancelled) await this.saveRecord(picture, 'everything');
  }

  async openAll(): Promise<void> {
    for (const picture of this.pictures.filter((p) => p.todo.length)) {
      // A change that a person makes in between has its turn.
      while (this.work.kind) await this.work.idle();
      if (!this.pictures.includes(picture) || !picture.todo.length) continue;
      await this.open(picture, picture.todo);
      if (this.work.wasCancelled) return;
    }
  }

  async pick(picture: Picture, face: number, ready: ReadyCandidate): Promise<void> {
    await this.#doing('changing', picture, async ({ workshop, openPhotos }, signal) => {
      const { id } = await openPhotos.use(picture, signal);
      const frame = picture.faceRun(face)?.frame;
      if (!frame || !picture.run) return;
      const laid = laidOf(frame, ready);
      // Takes a moment; half of it would leave a screen that is not the photo.
      const anyway = new AbortController().signal;
      const placement = await workshop.engines.photo.place(id, face, laid.frame, laid.square, anyway);
      picture.run = fold(picture.run, { type: 'placed', face, pickedId: ready.candidate.id, placement });
      picture.saved = false;
      await this.looker.refresh(picture, anyway);
    });
  }

  /** Detail for one face: of the eyes that were opened, or by the settings of all of it. */
  async restore(picture: Picture, face: Face): Promise<void> {
    await this.#doing('opening', picture, async (tools, signal) => {
      await restorePicture(picture, face, this.config, tools, signal);
      await this.looker.refresh(picture, new AbortController().signal);
    });
  }

  async undo(picture: Picture, face: number): Promise<void> {
    this.keep(picture, face, false);
    await this.#doing('changing', picture, async ({ workshop, openPhotos }, signal) => {
      const { id } = await openPhotos.use(picture, signal);
      const anyway = new AbortController().signal;
      await workshop.engines.photo.undo(id, face, anyway);
      if (picture.run) picture.run = takenOff(picture.run, face);
      picture.saved = false;
      await this.looker.refresh(picture, anyway);
    });
  }

  keep(picture: Picture, face: number, kept: boolean): void {
    const others = [...picture.kept].filter((f) => f !== face);
    picture.kept = new Set(kept ? [...others, face] : others);
  }

  async overrule(picture: Picture, face: Face, side: Side, state: EyeState): Promise<void> {
    const changed = overruled(face, side, state);
    picture.faces = picture.faces.map((f) => (f.index === face.index ? changed : f));
    if (closedSides(changed).length) return;
    if (picture.faceRun(face.index)?.placement) await this.undo(picture, face.index);
    picture.run = withoutFace(picture.run, face.index);
  }

  /** Remembers who is who, and borrows from there. */
  async matchDonor(picture: Picture, link: Link): Promise<void> {
    picture.links = [...picture.links.filter(({ face }) => face !== link.face), link];
    const face = picture.faces.find(({ index }) => index === link.face);
    if (face) await this.borrow(picture, face);
  }

  /** Opens the face again with eyes of photos only: others were not asked for. */
  async borrow(picture: Picture, face: Face): Promise<void> {
    const generation = { ...this.config.generation, generator: 'donor' as const };
    await this.open(picture, [face], { config: { ...this.config, generation } });
  }

  async save(pictures: readonly Picture[]): Promise<void> {
    for (const picture of pictures) {
      while (this.work.kind) await this.work.idle();
      if (!this.pictures.includes(picture)) continue;
      const saved = await this.#doing('saving', picture, async ({ workshop, openPhotos }, signal, report) => {
        const info = await openPhotos.use(picture, signal);
        const options = savingFor(info, this.config, picture.run);
        return await workshop.engines.photo.save(info.id, options, signal, report);
      });
      if (saved) {
        download(saved.blob, saved.name);
        picture.saved = true;
        this.notices.say('done', `Saved as ${saved.name}.`);
      }
      if (this.work.wasCancelled) return;
    }
  }

  async saveRecord(picture: Picture, kind: RecordKind): Promise<void> {
    await this.#doing('saving', picture, async ({ workshop, openPhotos }, signal) => {
      if (!picture.run) return;
      const { recordOf } = await import('./records');
      const known = { photo: await openPhotos.use(picture, signal), faces: picture.faces };
      const file = await recordOf(kind, picture.run, known, this.config, workshop.engines.photo, signal);
      download(file, file.name);
    });
  }

  /** The photo as it was, with boxes, points, outlines and numbers drawn on it. */
  async saveMeasures(picture: Picture): Promise<void> {
    await this.#doing('saving', picture, async ({ workshop, openPhotos }, signal) => {
      const { measuredPicture } = await import('./overlay/measuredPicture');
      const info = await openPhotos.use(picture, signal);
      const { photo } = workshop.engines;
      const file = await measuredPicture(info, picture.faces, this.config.detection, photo, signal);
      download(file, file.name);
      this.notices.say('done', `Saved as ${file.name}.`);
    });
  }

  /** @returns what is wrong or was left out, in a sentence; empty when all was taken. */
  readConfig(json: string): string {
    try {
      const { config, unknown } = parseConfig(json);
      this.config = config;
      return unknown.length ? `Taken, without what is not known here: ${unknown.join(', ')}.` : '';
    } catch (error) {
      return `${errorSentence(asAppError(error, 'bad-request'))} Nothing was changed.`;
    }
  }

  /** Loads the engines once; a failed load is forgotten, so that the next call tries again. */
  tools(): Promise<Tools> {
    this.#tools ??= this.#openWorkshop().then(
      (workshop) => ({ workshop, openPhotos: new OpenPhotos(workshop.engines.photo) }),
      (error: unknown) => {
        this.#tools = null;
        throw asAppError(error, 'download-failed');
      },
    );
    return this.#tools;
  }

  failed(error: unknown, name: string): void {
    this.notices.say('error', `${name}: ${errorSentence(asAppError(error, 'internal'))}`);
  }

  async #doing<T>(
    kind: 'opening' | 'saving' | 'changing',
    picture: Picture,
    work: (tools: Tools, signal: AbortSignal, report: (done: number) => void) => Promise<T>,
  ): Promise<T | undefined> {
    // A quick change waits for its turn; the long ones wait for nothing but such changes.
    while (kind === 'changing' ? this.work.kind : this.work.kind === 'changing') await this.work.idle();
    if (!this.pictures.includes(picture)) return undefined;
    const attempt = () =>
      this.work.run(kind, picture.name, async (signal, report) => {
        this.#workedOn = picture;
        return await work(await this.tools(), signal, report);
      });
    try {
      return await onceMore(attempt, async () => {
        (await this.tools()).openPhotos.forget();
        this.notices.say('info', PHOTOS_REOPENED);
      });
    } catch (error) {
      this.failed(error, picture.name);
      return undefined;
    }
  }
}
