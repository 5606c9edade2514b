import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ByteStream, type Part, SourceError } from '../../src/models/byteStream';
import { ChunkCutter, type ChunkTaker } from '../../src/models/chunkCutter';

const CHUNK_BYTES = 16;

/** Takes what equals the file, and remembers what was handed over. */
class Desk implements ChunkTaker {
  readonly chunkBytes = CHUNK_BYTES;
  readonly mostBytes = 1000;
  readonly taken = new Map<number, Uint8Array>();
  readonly handed: number[] = [];
  bytes: number | null;
  readonly #file: Uint8Array;

  constructor(file: Uint8Array, bytes: number | null, held: readonly number[] = []) {
    this.#file = file;
    this.bytes = bytes;
    for (const index of held) this.taken.set(index, this.right(index));
  }

  right(index: number): Uint8Array {
    return this.#file.subarray(index * CHUNK_BYTES, (index + 1) * CHUNK_BYTES);
  }

  wants(index: number): boolean {
    return !this.taken.has(index);
  }

  async met(totalBytes: number | null): Promise<boolean> {
    this.bytes = totalBytes ?? this.bytes;
    return true;
  }

  received(): void {}

  async take(index: number, bytes: Uint8Array): Promise<boolean> {
    this.handed.push(index);
    const right = Buffer.compare(bytes, this.right(index)) === 0;
    if (right) this.taken.set(index, bytes);
    return right;
  }
}

const stream = (fromByte: number, toByte: number | null, totalBytes: number | null): ByteStream => ({
  fromByte,
  toByte,
  totalBytes,
  etag: null,
  read: async () => null,
  close: () => {},
});

const fileOf = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 7 + 3) % 251);

/** Plays one answer of a server into the cutter. @returns how far it came, or `done` */
async function play(
  cutter: ChunkCutter,
  sent: Uint8Array,
  part: Part,
  { whole, tellsSize, pieceBytes, cutAfter }: Answer,
): Promise<'ended' | 'enough' | 'cut'> {
  const from = part && !whole ? part.from : 0;
  const to = part && !whole ? part.to : sent.length;
  await cutter.begin(stream(from, part && !whole ? to : null, tellsSize ? sent.length : null));
  for (let at = from; at < to; at += pieceBytes) {
    if (at - from >= cutAfter) {
      await cutter.settled();
      return 'cut';
    }
    if (!(await cutter.push(sent.subarray(at, Math.min(at + pieceBytes, to))))) {
      await cutter.settled();
      return 'enough';
    }
  }
  await cutter.end();
  return 'ended';
}

interface Answer {
  /** Ignores that a part was asked for. */
  readonly whole: boolean;
  readonly tellsSize: boolean;
  readonly pieceBytes: number;
  readonly cutAfter: number;
}

const answers = fc.array(
  fc.record({
    whole: fc.boolean(),
    tellsSize: fc.constant(true),
    pieceBytes: fc.integer({ min: 1, max: 40 }),
    cutAfter: fc.integer({ min: 1, max: 120 }),
  }),
  { maxLength: 8 },
);

test('however the line breaks, every missing chunk is taken once, and what is asked for begins at the first byte missing', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 130 }),
      fc.uniqueArray(fc.integer({ min: 0, max: 8 })),
      fc.boolean(),
      answers,
      async (length, had, knowsSize, breaking) => {
        const file = fileOf(length);
        const held = knowsSize ? had.filter((index) => index * CHUNK_BYTES < length) : [];
        const desk = new Desk(file, knowsSize ? length : null, held);
        const cutter = new ChunkCutter(desk);
        const calm = { whole: false, tellsSize: true, pieceBytes: 7, cutAfter: Number.POSITIVE_INFINITY };
        for (const answer of [...breaking, ...Array(12).fill(calm)]) {
          if (cutter.isDone()) break;
          const part = cutter.nextPart();
          if (part) {
            const first = Math.floor(part.from / CHUNK_BYTES);
            expect(desk.wants(first)).toBe(true);
            expect([...desk.taken.keys()].filter((i) => i < first)).toHaveLength(first);
            for (let i = first; i * CHUNK_BYTES < part.to; i += 1) expect(desk.wants(i)).toBe(true);
          }
          await play(cutter, file, part, answer);
        }
        expect(cutter.isDone()).toBe(true);
        const chunks = Math.ceil(length / CHUNK_BYTES);
        for (let i = 0; i < chunks; i += 1) expect(desk.taken.get(i)).toEqual(desk.right(i));
        const missing = Array.from({ length: chunks }, (_, i) => i).filter((i) => !held.includes(i));
        expect(desk.handed.toSorted((a, b) => a - b)).toEqual(missing);
      },
    ),
  );
});

test('a chunk that came wrong is asked for alone; wrong for the third time it is refused', async () => {
  const file = fileOf(4 * CHUNK_BYTES + 5);
  const wrong = file.slice();
  wrong[2 * CHUNK_BYTES + 1]! ^= 1;
  const desk = new Desk(file, file.length);
  const cutter = new ChunkCutter(desk);
  const calm = { whole: false, tellsSize: true, pieceBytes: 9, cutAfter: Number.POSITIVE_INFINITY };
  expect(cutter.nextPart()).toBeNull();
  expect(await play(cutter, wrong, null, calm)).toBe('enough');
  const alone = { from: 2 * CHUNK_BYTES, to: 3 * CHUNK_BYTES };
  expect(cutter.nextPart()).toEqual(alone);
  await play(cutter, wrong, alone, calm);
  await expect(play(cutter, wrong, alone, calm)).rejects.toMatchObject({ fault: 'wrong-content' });
  expect(desk.handed).toEqual([0, 1, 2, 3, 4, 2, 2]);
});

test('more bytes than the file has, and fewer, are told apart', async () => {
  const file = fileOf(2 * CHUNK_BYTES);
  const calm = { whole: true, tellsSize: false, pieceBytes: 8, cutAfter: Number.POSITIVE_INFINITY };
  const longer = new ChunkCutter(new Desk(file, file.length));
  await expect(
    play(longer, fileOf(2 * CHUNK_BYTES + 3), null, { ...calm, pieceBytes: 50 }),
  ).rejects.toMatchObject({
    fault: 'wrong-size',
  });
  const shorter = new ChunkCutter(new Desk(file, file.length));
  const failure = await play(shorter, file.subarray(0, 20), null, calm).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(SourceError);
  expect(failure).toMatchObject({ fault: 'broken' });
});

test('a file whose size nobody tells ends where its stream ends', async () => {
  const file = fileOf(CHUNK_BYTES + 4);
  const desk = new Desk(file, null);
  const cutter = new ChunkCutter(desk);
  expect(cutter.isDone()).toBe(false);
  await play(cutter, file, cutter.nextPart(), {
    whole: true,
    tellsSize: false,
    pieceBytes: 6,
    cutAfter: Number.POSITIVE_INFINITY,
  });
  expect(cutter.isDone()).toBe(true);
  expect(desk.bytes).toBe(file.length);
  expect(desk.taken.get(1)).toEqual(desk.right(1));
});
