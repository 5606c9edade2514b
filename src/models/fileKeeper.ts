/** One file of a pack on its way to the disk: what it must be, and what of it is there. */
import type { Pack, PackFile } from '../core/pack';
import { SourceError } from './byteStream';
import type { ChunkTaker } from './chunkCutter';
import {
  chunkBlobs,
  type FileRow,
  fileRow,
  putAdopting,
  putFile,
  putFinished,
  putSeen,
  seenRow,
} from './ledger';
import { putChunkPatiently } from './putChunk';
import { sha256 } from './sha256';
import { wholeSha256 } from './wholeSha256';

/** A rounded or second-hand size may be off by so much; an error page is off by more. */
const PLAUSIBLE = 4;
/** How a page or an error in its place begins; no file of a pack does. */
const MARKUP = /^\s*<(!doctype|html|\?xml)/i;

interface Known {
  /** Exact; null while only a rounded size is known. */
  readonly bytes: number | null;
  /** SHA-256 of each chunk, as published or first seen; null: unknown. */
  readonly published: readonly string[] | null;
  /** Whether that is known from the first sight only: nobody has published anything. */
  readonly seen: boolean;
}

export class FileKeeper implements ChunkTaker {
  readonly file: PackFile;
  readonly chunkBytes: number;
  /** On disk, or on its way there. */
  doneBytes: number;
  /** Address of the folder that is asked, or what else a person knows the source by. */
  from = '';
  readonly #pack: Pack;
  readonly #known: Known;
  readonly #onProgress: () => void;
  #row: FileRow;

  /**
   * Takes up what is on disk: of this file, and chunks of others that are known to be the same.
   * @param onProgress `doneBytes` has changed
   */
  static async open(pack: Pack, file: PackFile, onProgress: () => void): Promise<FileKeeper> {
    const seen = file.chunkSha256 ? undefined : await seenRow(pack.id, pack.revision, file.path);
    const bytes = seen?.bytes ?? (file.approximate ? null : file.bytes);
    const chunkBytes = seen?.chunkBytes ?? file.chunkBytes;
    const published = file.chunkSha256 ?? seen?.chunkSha256 ?? null;
    const stored = await fileRow(pack.id, pack.revision, file.path);
    const fits = stored?.chunkBytes === chunkBytes && (bytes === null || stored.bytes === bytes);
    const row = fits ? stored : emptyRow(pack, file.path, bytes, chunkBytes);
    const chunks = row.chunks.map((hash, i) => (!published || published[i] === hash ? hash : null));
    const right = { ...row, chunks, isWhole: row.isWhole && !chunks.includes(null) };
    const held = published && !right.isWhole ? await putAdopting(right, published) : right;
    if (!published && stored && !fits) await putFile(held);
    const isSeen = seen !== undefined && file.sha256 === null;
    return new FileKeeper(pack, file, { bytes, published, seen: isSeen }, held, onProgress);
  }

  private constructor(pack: Pack, file: PackFile, known: Known, row: FileRow, onProgress: () => void) {
    this.#pack = pack;
    this.file = file;
    this.#known = known;
    this.#row = row;
    this.#onProgress = onProgress;
    this.chunkBytes = row.chunkBytes;
    this.doneBytes = storedBytesOf(row);
  }

  get bytes(): number | null {
    return this.#row.bytes;
  }

  get mostBytes(): number {
    return this.#known.bytes ?? this.file.bytes * PLAUSIBLE;
  }

  /** The one source that what is here may be continued from: nobody else's bytes are known to be of the same file. */
  get tiedTo(): string | null {
    const isBegun = this.#row.chunks.some((hash) => hash !== null);
    return isBegun && !this.#known.published && !this.isWhole ? this.#row.from : null;
  }

  /** Whether only this computer remembers what the file has to be. */
  get isKnownFromFirstSight(): boolean {
    return this.#known.seen;
  }

  get isWhole(): boolean {
    return this.#row.isWhole;
  }

  wants(index: number): boolean {
    return this.held(index) === null;
  }

  /** SHA-256 of a chunk that is here. */
  held(index: number): string | null {
    return this.#row.chunks[index] ?? null;
  }

  async met(totalBytes: number | null, etag: string | null): Promise<boolean> {
    const row = this.#row;
    if (totalBytes !== null) this.#expectSize(totalBytes);
    const differs = <T>(held: T | null, told: T | null) => held !== null && told !== null && held !== told;
    const isAnother =
      (this.tiedTo !== null && this.tiedTo !== this.from) ||
      (!this.#known.published && (differs(row.etag, etag) || differs(row.bytes, totalBytes)));
    const bytes = totalBytes ?? row.bytes;
    if (isAnother) {
      this.#row = { ...emptyRow(this.#pack, row.path, bytes, this.chunkBytes), etag };
      this.#progress(-this.doneBytes);
      await putFile(this.#row);
    } else {
      const chunks = resized(row.chunks, bytes, this.chunkBytes);
      this.#row = { ...row, bytes, chunks, etag: etag ?? row.etag };
    }
    return !isAnother;
  }

  received(bytes: number): void {
    this.#progress(bytes);
  }

  async take(index: number, bytes: Uint8Array<ArrayBuffer>): Promise<boolean> {
    const expected = this.#known.published?.[index];
    const found = await sha256(bytes);
    if (expected && found !== expected) {
      this.#progress(-bytes.length);
      return false;
    }
    const isPage = index === 0 && MARKUP.test(new TextDecoder('latin1').decode(bytes.subarray(0, 64)));
    if (isPage) {
      this.#progress(-bytes.length);
      throw new SourceError('absent', 'a web page in its place');
    }
    const { length } = this.#row.chunks;
    const chunks = Array.from({ length: Math.max(length, index + 1) }, (_, i) =>
      i === index ? found : (this.#row.chunks[i] ?? null),
    );
    const row = { ...this.#row, chunks, from: this.from };
    await putChunkPatiently(found, bytes, row);
    // A server that was asked meanwhile may have told more of the file.
    this.#row = { ...this.#row, chunks: resized(chunks, this.bytes, this.chunkBytes), from: this.from };
    return true;
  }

  /**
   * All chunks are here: the whole is checked where only its hash is published, and remembered where nothing is.
   * @param onChecked bytes of the whole that were checked so far
   * @throws SourceError wrong-content: then the file is given up; broken: a chunk was lost meanwhile
   */
  async finish(signal: AbortSignal, onChecked: (bytes: number) => void): Promise<void> {
    const { path, chunkBytes, bytes, from } = this.#row;
    const chunkSha256 = this.#row.chunks as readonly string[];
    if (this.file.sha256 && !this.#known.published)
      await this.#checkWhole(this.file.sha256, signal, onChecked);
    if (!this.#known.published) {
      const at = new Date().toISOString();
      const host = URL.canParse(from) ? new URL(from).host : from;
      const seen = { path, bytes: bytes!, from: host, at, chunkBytes, chunkSha256 };
      await putSeen(this.#pack.id, this.#pack.revision, seen);
    }
    this.#row = await putFinished(this.#row);
    if (this.#row.isWhole) return;
    this.#progress(storedBytesOf(this.#row) - this.doneBytes);
    throw new SourceError('broken', 'a chunk was found damaged meanwhile');
  }

  async #checkWhole(
    published: string,
    signal: AbortSignal,
    onChecked: (bytes: number) => void,
  ): Promise<void> {
    const parts = await chunkBlobs(this.#row.chunks as readonly string[]);
    const found = await wholeSha256(
      parts.map((part) => part ?? new Blob()),
      signal,
      onChecked,
    );
    if (found === published) return;
    this.#row = emptyRow(this.#pack, this.#row.path, this.bytes, this.chunkBytes);
    this.#progress(-this.doneBytes);
    await putFile(this.#row);
    throw new SourceError('wrong-content', 'the whole file is not the published one');
  }

  #progress(bytes: number): void {
    this.doneBytes += bytes;
    this.#onProgress();
  }

  /** @throws SourceError wrong-size */
  #expectSize(totalBytes: number): void {
    const fits =
      this.#known.bytes === null
        ? totalBytes <= this.file.bytes * PLAUSIBLE && totalBytes * PLAUSIBLE >= this.file.bytes
        : totalBytes === this.#known.bytes;
    if (fits) return;
    const wanted = `${this.#known.bytes === null ? 'about ' : ''}${this.#known.bytes ?? this.file.bytes}`;
    throw new SourceError('wrong-size', `it has ${totalBytes} bytes, not ${wanted}`);
  }
}

export function storedBytesOf({ bytes, chunkBytes, chunks }: FileRow): number {
  const last = chunks.length - 1;
  const size = (i: number) => (i === last && bytes !== null ? bytes - last * chunkBytes : chunkBytes);
  return chunks.reduce((sum, hash, i) => (hash ? sum + size(i) : sum), 0);
}

function emptyRow({ id, revision }: Pack, path: string, bytes: number | null, chunkBytes: number): FileRow {
  const chunks = resized([], bytes, chunkBytes);
  return { pack: id, revision, path, bytes, chunkBytes, chunks, etag: null, from: '', isWhole: false };
}

function resized(
  chunks: FileRow['chunks'],
  bytes: number | null,
  chunkBytes: number,
): readonly (string | null)[] {
  const count = bytes === null ? chunks.length : Math.ceil(bytes / chunkBytes);
  return Array.from({ length: count }, (_, i) => chunks[i] ?? null);
}
