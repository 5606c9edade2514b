/** Cuts a stream of bytes into the chunks that are wanted; what was begun outlives the stream that broke. */
import { type ByteStream, type Part, SourceError } from './byteStream';

/** The file as far as it is known, and who takes its chunks. */
export interface ChunkTaker {
  readonly chunkBytes: number;
  /** Size of the whole file; null until a server has told it. */
  readonly bytes: number | null;
  /** More than this it cannot have, whatever is told. */
  readonly mostBytes: number;
  wants(index: number): boolean;
  /**
   * A server tells the size (null: it does not) and the version of the file.
   * @returns false: it is another version than what is held, which is given up
   * @throws SourceError wrong-size
   */
  met(totalBytes: number | null, etag: string | null): Promise<boolean>;
  /** Bytes of a wanted chunk came in; below 0: they are given up. */
  received(bytes: number): void;
  /** @returns false when they are not the right bytes: the chunk stays wanted */
  take(index: number, bytes: Uint8Array<ArrayBuffer>): Promise<boolean>;
}

interface Begun {
  readonly index: number;
  readonly data: Uint8Array<ArrayBuffer>;
  filledBytes: number;
}

/** A chunk that came wrong so often is not the one wanted. */
const MOST_WRONG = 3;

export class ChunkCutter {
  /** Of wanted chunks, over all streams. */
  receivedBytes = 0;
  readonly #taker: ChunkTaker;
  readonly #wrong = new Map<number, number>();
  #begun: Begun | null = null;
  /** Place in the file of the next byte of the stream. */
  #at = 0;
  /** Place where the stream stops being of use. */
  #until = Number.POSITIVE_INFINITY;
  /** The chunk before is taken while the next one comes in: two in memory at most. */
  #taking: Promise<void> = Promise.resolve();

  constructor(taker: ChunkTaker) {
    this.#taker = taker;
  }

  isDone(): boolean {
    return this.#taker.bytes !== null && this.#wanted().length === 0;
  }

  /** What to ask for next: from the first byte wanted to the end of that run of chunks; null: the whole file. */
  nextPart(): Part {
    const { bytes, chunkBytes } = this.#taker;
    const wanted = this.#wanted();
    const first = wanted[0];
    if (bytes === null || first === undefined) return null;
    const gap = wanted.findIndex((index, i) => index !== first + i);
    const last = gap < 0 ? wanted.at(-1)! : wanted[gap - 1]!;
    const from = first * chunkBytes + (this.#begun?.index === first ? this.#begun.filledBytes : 0);
    const to = Math.min((last + 1) * chunkBytes, bytes);
    return from === 0 && to === bytes ? null : { from, to };
  }

  /** @throws SourceError */
  async begin({ fromByte, toByte, totalBytes, etag }: ByteStream): Promise<void> {
    if (!(await this.#taker.met(totalBytes, etag))) {
      this.#begun = null;
      if (fromByte > 0) throw new SourceError('broken', 'the file was changed meanwhile');
    }
    this.#at = fromByte;
    const last = this.#wanted().at(-1);
    const wantedTo = last === undefined ? null : last * this.#taker.chunkBytes + this.#sizeOf(last);
    this.#until = toByte ?? wantedTo ?? Number.POSITIVE_INFINITY;
  }

  /** @returns false when nothing more of the stream is of use. @throws SourceError, and what `take` throws */
  async push(piece: Uint8Array): Promise<boolean> {
    let rest = piece;
    while (rest.length) rest = rest.subarray(await this.#consume(rest));
    return this.#at < this.#until;
  }

  /** The stream has ended. @throws SourceError broken when it ended too early */
  async end(): Promise<void> {
    if (this.#taker.bytes === null) {
      await this.#taker.met(this.#at, null);
      if (this.#begun) await this.#hand();
    } else if (this.#at < Math.min(this.#until, this.#taker.bytes)) {
      throw new SourceError('broken', `it ended after ${this.#at} bytes`);
    }
    await this.settled();
  }

  /** Everything handed over was taken, or refused. @throws what `take` throws; SourceError wrong-content */
  async settled(): Promise<void> {
    await this.#taking;
  }

  /** No stream will follow: the chunk that was begun is given up. */
  giveUp(): void {
    if (this.#begun) this.#taker.received(-this.#begun.filledBytes);
    this.#begun = null;
  }

  /** @returns how many of the bytes are dealt with */
  async #consume(bytes: Uint8Array): Promise<number> {
    const { chunkBytes } = this.#taker;
    const index = Math.floor(this.#at / chunkBytes);
    const sizeBytes = this.#sizeOf(index);
    const inChunk = this.#at - index * chunkBytes;
    if (inChunk >= sizeBytes || this.#at >= this.#taker.mostBytes)
      throw new SourceError('wrong-size', `more than ${this.#at} bytes`);
    const held = this.#begun?.index === index ? this.#begun.filledBytes : 0;
    const wanted = this.#taker.wants(index);
    const skipTo = wanted ? held : sizeBytes;
    if (inChunk < skipTo) {
      const skipped = Math.min(bytes.length, skipTo - inChunk);
      this.#at += skipped;
      return skipped;
    }
    if (!this.#begun || held === 0) {
      this.giveUp();
      this.#begun = { index, data: new Uint8Array(sizeBytes), filledBytes: 0 };
    }
    const begun = this.#begun;
    const count = Math.min(bytes.length, sizeBytes - inChunk);
    begun.data.set(bytes.subarray(0, count), inChunk);
    begun.filledBytes += count;
    this.#at += count;
    this.receivedBytes += count;
    this.#taker.received(count);
    if (begun.filledBytes === sizeBytes) await this.#hand();
    return count;
  }

  async #hand(): Promise<void> {
    const { index, data, filledBytes } = this.#begun!;
    this.#begun = null;
    await this.#taking;
    const bytes = filledBytes === data.length ? data : data.slice(0, filledBytes);
    this.#taking = this.#taker.take(index, bytes).then((right) => {
      if (right) return;
      const times = (this.#wrong.get(index) ?? 0) + 1;
      this.#wrong.set(index, times);
      if (times >= MOST_WRONG) throw new SourceError('wrong-content', `chunk ${index} is not the right one`);
    });
    // It is waited for later: until then a refusal must not count as unhandled.
    this.#taking.catch(() => undefined);
  }

  #wanted(): readonly number[] {
    const { bytes, chunkBytes } = this.#taker;
    const count = bytes === null ? 0 : Math.ceil(bytes / chunkBytes);
    return Array.from({ length: count }, (_, i) => i).filter((i) => this.#taker.wants(i));
  }

  /** Of a chunk; below 1 beyond the end of the file. */
  #sizeOf(index: number): number {
    const { bytes, chunkBytes } = this.#taker;
    return bytes === null ? chunkBytes : Math.min(chunkBytes, bytes - index * chunkBytes);
  }
}
