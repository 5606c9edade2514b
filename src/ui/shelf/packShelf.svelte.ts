/** The model packs of this computer, as a few verbs. It outlives its dialog: work goes on when that is closed. */
import { AppError, asAppError, isAbort } from '../../core/errors';
import type { OtherCache, PackActivity, PackNews, PackRequest, PackStatus } from '../../core/packDisk';
import type { Engines, WatchedPackEngine } from '../../engines/contracts';
import type { NoticeBoard, NoticeTone } from '../notices.svelte';
import { GpuDesk } from './gpuDesk.svelte';
import { Keeping } from './keeping.svelte';
import { Mirror } from './mirror.svelte';
import { type Holding, otherErrorSentence, packErrorSentence } from './packErrorWords';
import { type Decided, PackItem } from './packItem.svelte';
import { doneSentence, importSentences, stoppedSentence, verifySentences } from './packWords';

/** A window that died at its work says nothing any more: after so long the disk is asked. */
const SILENCE_MS = 5000;

/** What one piece of work came to, in sentences. */
type Act = (request: PackRequest, signal: AbortSignal) => Promise<readonly string[]>;

export class PackShelf {
  items = $state.raw<readonly PackItem[]>([]);
  others = $state.raw<readonly OtherCache[]>([]);
  /** What other libraries keep is being read, which may take long. */
  measuring = $state(false);
  /** What went wrong with it, in a sentence. */
  othersProblem = $state('');
  /** False until the disk has answered once. */
  known = $state(false);
  problem = $state.raw<AppError | null>(null);
  /** Whether its dialog is on the screen. */
  shown = $state(false);
  /** The last change of state, for those who hear the page. */
  announcement = $state('');
  readonly gpu: GpuDesk;
  readonly keeping = new Keeping();
  readonly mirror = new Mirror();
  readonly isOffline: () => boolean;
  readonly #packs: WatchedPackEngine;
  readonly #notices: NoticeBoard;
  readonly #unwatch: () => void;
  readonly #life = new AbortController();
  /** What this window asked for, oldest first. */
  #queue = $state.raw<readonly PackItem[]>([]);
  #refreshing: Promise<void> | null = null;
  #refreshDue = false;
  #measures = 0;
  #silence: ReturnType<typeof setTimeout> | undefined;

  /** @param isOffline whether a person lets nothing out */
  constructor(
    { packs, gpu }: Pick<Engines, 'packs' | 'gpu'>,
    notices: NoticeBoard,
    isOffline: () => boolean = () => false,
  ) {
    this.isOffline = isOffline;
    this.#packs = packs;
    this.#notices = notices;
    this.gpu = new GpuDesk(gpu);
    this.#unwatch = packs.watch((news) => this.#hear(news));
  }

  get storedBytes(): number {
    const packs = this.items.reduce((sum, { storedBytes }) => sum + storedBytes, 0);
    return packs + this.others.reduce((sum, { storedBytes }) => sum + storedBytes, 0);
  }

  /** What could be removed to make room. */
  get holdings(): readonly Holding[] {
    const packs = this.items.map(({ pack, storedBytes }) => ({
      id: pack.id,
      title: pack.title,
      storedBytes,
    }));
    return [...packs, ...this.others].filter(({ storedBytes }) => storedBytes > 0);
  }

  /** Of all downloads that go on or wait, 0..1; null: there are none. */
  get fetched(): number | null {
    const items = this.items.filter(({ activity }) => activity === 'download');
    if (!items.length) return null;
    const done = items.reduce((sum, { hereBytes }) => sum + hereBytes, 0);
    const total = items.reduce((sum, { totalBytes }) => sum + totalBytes, 0);
    return total > 0 ? Math.min(1, Math.max(0, done / total)) : 0;
  }

  /** Whether work of this window has to end before the item's can begin: downloads wait for downloads, the rest for the rest. */
  isInLine(item: PackItem): boolean {
    const isDownload = ({ work }: PackItem) => work?.activity === 'download';
    const first = this.#queue.find((other) => isDownload(other) === isDownload(item));
    return item.work !== null && first !== item;
  }

  enter(): void {
    this.shown = true;
    this.announcement = '';
    this.othersProblem = '';
    void this.keeping.look();
    // Measuring is slow, and the same worker tells the state of the packs.
    void this.refresh().then(() => (this.measuring ? undefined : this.#measure()));
  }

  leave(): void {
    this.shown = false;
  }

  dispose(): void {
    this.#unwatch();
    this.#life.abort();
    clearTimeout(this.#silence);
  }

  /** Fetches what is missing. */
  async get(item: PackItem, decided: Decided = {}): Promise<void> {
    void this.keeping.ask();
    await this.#work(item, 'download', decided, async (request, signal) => {
      const offline = () => new AppError('download-failed', 'working offline', { offline: true });
      if (this.isOffline()) throw offline();
      await this.#packs.ensure(request, signal).catch((error: unknown) => {
        // A download that was under way is cut off, which looks like any failure from there.
        throw this.isOffline() && !isAbort(error) ? offline() : error;
      });
      return [];
    });
  }

  async importFiles(item: PackItem, files: readonly File[], decided: Decided = {}): Promise<void> {
    void this.keeping.ask();
    // Of a chosen folder the path inside it.
    const uploads = files.map((file) => ({ path: file.webkitRelativePath || file.name, file }));
    await this.#work(item, 'import', decided, async (request, signal) =>
      importSentences(await this.#packs.importFiles(request, uploads, signal), item.status.firstSeen),
    );
  }

  async verify(item: PackItem): Promise<void> {
    await this.#work(item, 'verify', {}, async ({ pack }, signal) =>
      verifySentences(await this.#packs.verify(pack, signal)),
    );
  }

  async remove(item: PackItem): Promise<void> {
    await this.#work(item, 'remove', {}, async ({ pack }, signal) => {
      await this.#packs.remove(pack, signal);
      return [];
    });
  }

  async exportTo(item: PackItem, folder: FileSystemDirectoryHandle): Promise<void> {
    await this.#work(item, 'export', {}, async ({ pack }, signal) => {
      await this.#packs.exportTo(pack, folder, signal);
      return [`Written to the folder ${folder.name}/${pack}.`];
    });
  }

  async removeOther({ id, title }: OtherCache): Promise<void> {
    this.announcement = '';
    this.othersProblem = '';
    try {
      await this.#packs.removeOther(id, this.#life.signal);
      this.#say('done', `${title} was removed.`);
    } catch (error) {
      if (isAbort(error)) return;
      this.othersProblem = `${title}: ${otherErrorSentence(asAppError(error, 'internal'))}`;
      this.#say('error', this.othersProblem);
    }
    await this.#measure();
  }

  async #measure(): Promise<void> {
    this.#measures += 1;
    const turn = this.#measures;
    this.measuring = true;
    try {
      const others = await this.#packs.others(this.#life.signal);
      if (turn === this.#measures) this.others = others;
    } catch (error) {
      if (isAbort(error)) return;
      this.othersProblem = 'What other parts of the app keep could not be measured.';
      this.announcement = this.othersProblem;
    }
    if (turn === this.#measures) this.measuring = false;
  }

  /** Asks for the state of all packs. While an answer is under way it is asked once more after it. */
  refresh(): Promise<void> {
    this.#refreshDue = true;
    this.#refreshing ??= this.#refreshWhileDue();
    return this.#refreshing;
  }

  async #refreshWhileDue(): Promise<void> {
    while (this.#refreshDue) {
      this.#refreshDue = false;
      await this.#look();
    }
    this.#refreshing = null;
  }

  async #look(): Promise<void> {
    const { signal } = this.#life;
    try {
      const statuses = await this.#packs.status(signal);
      this.items = statuses.map((status) => this.#shelved(status));
      this.problem = null;
    } catch (error) {
      if (isAbort(error)) return;
      this.problem = asAppError(error, 'internal');
    }
    this.known = true;
    this.#lookAfterSilence();
    if (this.shown) void this.gpu.look(this.items.map(({ pack }) => pack));
  }

  #shelved(status: PackStatus): PackItem {
    const item = this.items.find(({ pack }) => pack.id === status.pack.id) ?? new PackItem(status);
    item.status = status;
    if (!status.busy && !item.work) item.silence();
    return item;
  }

  #hear(news: PackNews): void {
    const item = this.items.find(({ pack }) => pack.id === news.pack);
    if (item && news.activity) {
      item.hear(news, performance.now(), !this.isInLine(item));
      this.#lookAfterSilence();
      return;
    }
    if (item?.work) {
      // The end of this window's own work is told by its own call.
      if (item.waitsForAnother) item.silence();
      return;
    }
    item?.rest(performance.now());
    void this.refresh();
  }

  #lookAfterSilence(): void {
    clearTimeout(this.#silence);
    if (this.items.some(({ phase }) => phase === 'elsewhere'))
      this.#silence = setTimeout(() => void this.refresh(), SILENCE_MS);
  }

  async #work(item: PackItem, activity: PackActivity, decided: Decided, act: Act): Promise<void> {
    if (item.work) return;
    // The same sentence twice would be read out once.
    this.announcement = '';
    const signal = item.begin(activity);
    const { address } = this.mirror;
    const request = { pack: item.pack.id, ...(address && { mirror: address }), ...decided };
    this.#queue = [...this.#queue, item];
    try {
      item.results = await act(request, signal);
      this.#say('done', [doneSentence(item.pack.title, activity), ...item.results].join(' '));
    } catch (error) {
      if (isAbort(error)) {
        const begun = item.phase === 'working';
        const sentence = stoppedSentence(item.pack.title, begun ? activity : null);
        if (begun) item.results = [sentence];
        this.#say('info', sentence);
      } else {
        const failure = asAppError(error, 'internal');
        const again = (more: Decided = {}) => this.#work(item, activity, { ...decided, ...more }, act);
        item.problem = { error: failure, activity, again };
        this.#say('error', `${item.pack.title}: ${packErrorSentence(failure, this.holdings)}`);
      }
    }
    this.#queue = this.#queue.filter((other) => other !== item);
    item.rest(performance.now());
    await this.refresh();
  }

  #say(tone: NoticeTone, text: string): void {
    this.announcement = text;
    if (!this.shown) this.#notices.say(tone, text);
  }
}
