/** One request for the bytes of a file, from some place on; what went wrong is told by what can be done about it. */

export type SourceFault =
  /** This source has not got the file: not found, forbidden, an error page in its place. */
  | 'absent'
  /** It does not hand out parts of it. */
  | 'no-parts'
  /** It is another file than the one wanted. */
  | 'wrong-size'
  | 'wrong-content'
  /** No answer came at all: no network, or a browser that refuses to ask. Worth another try. */
  | 'unreachable'
  /** A busy server, or a line that broke or fell silent: worth another try. */
  | 'broken';

export class SourceError extends Error {
  override readonly name = 'SourceError';
  readonly fault: SourceFault;
  /** When the server asks to be left alone for so long. */
  readonly retryAfterMs: number;

  constructor(fault: SourceFault, message: string, retryAfterMs = 0) {
    super(message);
    this.fault = fault;
    this.retryAfterMs = retryAfterMs;
  }
}

export interface ByteStream {
  /** Place of the first byte to come: a server may ignore that a part was asked for. */
  readonly fromByte: number;
  /** Place where a part ends; null: it goes to the end of the file. */
  readonly toByte: number | null;
  /** Size of the whole file; null: the server does not tell, or the browser hides it. */
  readonly totalBytes: number | null;
  readonly etag: string | null;
  /** The next bytes; null at the end. @throws SourceError broken, AbortError */
  read(): Promise<Uint8Array | null>;
  /** No more is wanted. */
  close(): void;
}

/** Bytes `from` to before `to`; null: the whole file, which every server can do. */
export type Part = { readonly from: number; readonly to: number } | null;

const BUSY = new Set([408, 425, 429]);
/** What it will never do. */
const UNABLE = new Set([501, 505]);
const GONE = new Set([404, 410]);
/** A server that wants to be left alone for longer than this is not waited for. */
const LONGEST_RETRY_AFTER_S = 60;
/** Servers compress these on the way, and then tell the size of what they send. */
const COMPRESSIBLE = /json|text|xml|javascript/;

/**
 * @param stallMs nothing for so long: broken
 * @throws SourceError, AbortError
 */
export async function openByteStream(
  url: string,
  part: Part,
  stallMs: number,
  signal: AbortSignal,
): Promise<ByteStream> {
  const stall = new AbortController();
  const both = AbortSignal.any([signal, stall.signal]);
  /** Gives `work` so long, and translates its failure. */
  const timed = async <T>(work: Promise<T>, fault: SourceFault, words: string): Promise<T> => {
    const timer = setTimeout(() => stall.abort(), stallMs);
    try {
      return await work;
    } catch {
      signal.throwIfAborted();
      if (stall.signal.aborted) throw new SourceError('broken', `nothing came for ${stallMs / 1000} s`);
      throw new SourceError(fault, words);
    } finally {
      clearTimeout(timer);
    }
  };
  const response = await timed(
    fetch(url, {
      ...(part ? { headers: { Range: `bytes=${part.from}-${part.to - 1}` } } : {}),
      // Gigabytes must not lie in the browser's cache as well.
      cache: 'no-store',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      signal: both,
    }),
    'unreachable',
    'no connection',
  );
  try {
    const place = placeOf(response, part);
    const reader = response.body?.getReader();
    if (!reader) throw new SourceError('absent', 'an empty answer');
    return {
      ...place,
      etag: response.headers.get('etag'),
      async read() {
        const { value } = await timed(reader.read(), 'broken', 'the line broke');
        return value ?? null;
      },
      close: () => stall.abort(),
    };
  } catch (error) {
    stall.abort();
    throw error;
  }
}

function placeOf(response: Response, part: Part): Pick<ByteStream, 'fromByte' | 'toByte' | 'totalBytes'> {
  const { status, headers } = response;
  if (BUSY.has(status) || (status >= 500 && !UNABLE.has(status))) {
    const waitS = Math.min(Number(headers.get('retry-after')) || 0, LONGEST_RETRY_AFTER_S);
    throw new SourceError('broken', `the server is busy (${status})`, 1000 * waitS);
  }
  if (GONE.has(status)) throw new SourceError('absent', `status ${status}`);
  if (!response.ok) throw new SourceError(part ? 'no-parts' : 'absent', `status ${status}`);
  const type = headers.get('content-type') ?? '';
  if (type.startsWith('text/html')) throw new SourceError('absent', 'a web page in its place');
  const told = headers.get('content-length');
  const encoded = headers.has('content-encoding') || COMPRESSIBLE.test(type);
  const length = told === null || encoded ? null : Number(told);
  if (status !== 206 || !part) return { fromByte: 0, toByte: null, totalBytes: length };
  const range = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(headers.get('content-range') ?? '');
  // Other origins may hide the header from pages; then the length has to be that of the part.
  if (!range) {
    if (length !== null && length !== part.to - part.from) throw new SourceError('no-parts', 'another part');
    return { fromByte: part.from, toByte: part.to, totalBytes: null };
  }
  const [, from, , total] = range;
  if (Number(from) !== part.from) throw new SourceError('no-parts', `bytes from ${from}`);
  return { fromByte: part.from, toByte: part.to, totalBytes: total === '*' ? null : Number(total) };
}
