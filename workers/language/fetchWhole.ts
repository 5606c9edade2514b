/** A whole file into memory. What breaks on the way is asked for again; what is no such file is refused. */
import { untilAborted } from '../../src/core/abort';
import { AppError } from '../../src/core/errors';
import { openByteStream, SourceError } from '../../src/models/byteStream';
import { PATIENCE, type Patience } from '../../src/models/fetchChunks';

export interface Wanted {
  readonly url: string;
  /** Null: not known. */
  readonly bytes: number | null;
}

/**
 * @param onBytes how much of it is here; falls when it has to be asked for again
 * @throws AppError model-missing (`details.hosts`) when it is not there or a web page is in its place, model-corrupt
 * (`details.path`) when it has another size, download-failed (`details.host`, `details.reason`); AbortError
 */
export async function fetchWhole(
  { url, bytes }: Wanted,
  signal: AbortSignal,
  onBytes: (bytes: number) => void = () => {},
  patience: Patience = PATIENCE,
): Promise<ArrayBuffer> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt(url, bytes, patience.stallMs, signal, onBytes);
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      const isTransient = error.fault === 'broken' || error.fault === 'unreachable';
      if (!isTransient || tries === patience.tries) throw asFailure(url, error);
      const delayMs = Math.min(patience.firstDelayMs * 2 ** (tries - 1), patience.longestDelayMs);
      const pause = new Promise<void>((resolve) =>
        setTimeout(resolve, Math.max(delayMs, error.retryAfterMs)),
      );
      await untilAborted(pause, signal);
    }
  }
}

async function attempt(
  url: string,
  expectedBytes: number | null,
  stallMs: number,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<ArrayBuffer> {
  const stream = await openByteStream(url, null, stallMs, signal);
  try {
    const toldBytes = stream.totalBytes;
    const parts: Uint8Array<ArrayBuffer>[] = [];
    let here = 0;
    for (;;) {
      const part = await stream.read();
      if (part === null) break;
      parts.push(part as Uint8Array<ArrayBuffer>);
      here += part.length;
      if (expectedBytes !== null && here > expectedBytes) break;
      onBytes(here);
    }
    // What is too large was not read to its end.
    const isTooLarge = expectedBytes !== null && here > expectedBytes;
    if (toldBytes !== null && here < toldBytes && !isTooLarge)
      throw new SourceError('broken', 'the line broke');
    if (expectedBytes !== null && here !== expectedBytes) {
      throw new SourceError('wrong-size', `${toldBytes ?? here} bytes, ${expectedBytes} are right`);
    }
    return await new Blob(parts).arrayBuffer();
  } finally {
    stream.close();
  }
}

function asFailure(url: string, { fault, message }: SourceError): AppError {
  const { host, pathname } = new URL(url);
  const path = pathname.split('/').at(-1)!;
  const words = `${path} from ${host}: ${message}`;
  if (fault === 'absent') return new AppError('model-missing', words, { path, hosts: host });
  if (fault === 'wrong-size') return new AppError('model-corrupt', words, { path, host });
  return new AppError('download-failed', words, { path, host, reason: message });
}
