/** The missing chunks of one file from one source: one stream for each run of them, taken up again where it broke. */
import { untilAborted } from '../core/abort';
import { type ByteStream, openByteStream, SourceError } from './byteStream';
import { ChunkCutter, type ChunkTaker } from './chunkCutter';

export interface Patience {
  /** Nothing for so long: the connection is given up, ms. */
  readonly stallMs: number;
  /** Before the second try, ms; doubles with each further one. */
  readonly firstDelayMs: number;
  readonly longestDelayMs: number;
  /** In a row, with nothing won between them. */
  readonly tries: number;
}

/** Together about a minute of a network that is away; offline time does not count. */
export const PATIENCE: Patience = { stallMs: 30_000, firstDelayMs: 500, longestDelayMs: 30_000, tries: 8 };

/** A browser reports a part that another origin refuses just like a lost connection. */
const REFUSALS_BEFORE_DOUBT = 2;

/** @throws SourceError when this source cannot give the rest, AbortError; what was taken stays taken. */
export async function fetchChunks(
  url: string,
  taker: ChunkTaker,
  patience: Patience,
  signal: AbortSignal,
): Promise<void> {
  const cutter = new ChunkCutter(taker);
  let asksParts = true;
  let unreachable = 0;
  let failures = 0;
  try {
    while (!cutter.isDone()) {
      const part = asksParts ? cutter.nextPart() : null;
      const before = cutter.receivedBytes;
      try {
        await follow(await openByteStream(url, part, patience.stallMs, signal), cutter);
        failures = 0;
      } catch (error) {
        if (!(error instanceof SourceError)) throw error;
        if (error.fault === 'no-parts' && asksParts) {
          asksParts = false;
          continue;
        }
        if (error.fault !== 'broken' && error.fault !== 'unreachable') throw error;
        failures = cutter.receivedBytes > before ? 1 : failures + 1;
        if (failures >= patience.tries) throw error;
        await pause(Math.max(error.retryAfterMs, delayMs(failures, patience)), signal);
        unreachable = part && error.fault === 'unreachable' ? unreachable + 1 : 0;
        // Where the whole file would be handed out and the part, asked for once more, is not: parts are refused.
        if (unreachable > REFUSALS_BEFORE_DOUBT) asksParts = false;
        else if (unreachable === REFUSALS_BEFORE_DOUBT && !(await answersWhole(url, patience, signal)))
          unreachable = 0;
      }
    }
  } finally {
    cutter.giveUp();
  }
}

/** Reads the stream into the cutter until it ends or nothing more of it is wanted. */
async function follow(stream: ByteStream, cutter: ChunkCutter): Promise<void> {
  try {
    await cutter.begin(stream);
    for (;;) {
      const piece = await stream.read();
      if (piece === null) return await cutter.end();
      if (!(await cutter.push(piece))) return await cutter.settled();
    }
  } catch (error) {
    // What was whole before the break is taken before anything else is asked for.
    await cutter.settled();
    throw error;
  } finally {
    stream.close();
  }
}

async function answersWhole(url: string, { stallMs }: Patience, signal: AbortSignal): Promise<boolean> {
  try {
    (await openByteStream(url, null, stallMs, signal)).close();
    return true;
  } catch (error) {
    if (error instanceof SourceError) return false;
    throw error;
  }
}

/** Spread, so that many windows do not come back at the same moment. */
function delayMs(failures: number, { firstDelayMs, longestDelayMs }: Patience): number {
  return Math.min(firstDelayMs * 2 ** (failures - 1), longestDelayMs) * (0.75 + Math.random() / 2);
}

/** While the machine is offline the wait goes on until it is back. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await untilAborted(new Promise((resolve) => setTimeout(resolve, ms)), signal);
  if (navigator.onLine) return;
  const online = new Promise((resolve) => addEventListener('online', resolve, { once: true, signal }));
  await untilAborted(online, signal);
}
