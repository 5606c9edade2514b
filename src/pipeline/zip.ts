/** Many files in one archive, and out of it again. The page's door to fflate, which is loaded with the first archive. */
import { AppError } from '../core/errors';

export interface NamedFile {
  readonly name: string;
  readonly body: Blob | string;
}

/** A zip whose files lie in the order given. Pictures are compressed already: files are stored, texts deflated. */
export async function zip(files: readonly NamedFile[], signal: AbortSignal): Promise<Blob> {
  const { Zip, ZipDeflate, ZipPassThrough } = await import('fflate');
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const archive = new Zip((error, part) => {
    if (error) throw error;
    parts.push(part as Uint8Array<ArrayBuffer>);
  });
  for (const { name, body } of files) {
    signal.throwIfAborted();
    const isText = typeof body === 'string';
    const entry = isText ? new ZipDeflate(name) : new ZipPassThrough(name);
    archive.add(entry);
    const bytes = isText ? new TextEncoder().encode(body) : new Uint8Array(await body.arrayBuffer());
    entry.push(bytes, true);
  }
  archive.end();
  return new Blob(parts, { type: 'application/zip' });
}

/** Of small texts an archive holds no more. */
const MOST_TEXT_BYTES = 1 << 20;
/** What a Mac puts beside each file, under its name. */
const HIDDEN = /(^|\/)(__MACOSX\/|\.[^/]*$)/;

/**
 * The texts of an archive whose names end so, by name, without hidden files.
 * @throws AppError bad-request when it is no archive, or they are larger than 1 MiB together
 */
export async function unzippedTexts(
  archive: Blob,
  ending: string,
): Promise<readonly { readonly name: string; readonly text: string }[]> {
  const { unzipSync } = await import('fflate');
  const refuse = (reason: string, cause?: unknown): never => {
    throw new AppError('bad-request', `the archive cannot be read: ${reason}`, { reason }, { cause });
  };
  let sum = 0;
  try {
    const files = unzipSync(new Uint8Array(await archive.arrayBuffer()), {
      filter: ({ name, originalSize }) => {
        if (!name.toLowerCase().endsWith(ending) || HIDDEN.test(name)) return false;
        sum += originalSize;
        return sum <= MOST_TEXT_BYTES || refuse(`${name} makes it too large`);
      },
    });
    return Object.entries(files)
      .map(([name, bytes]) => ({ name, text: new TextDecoder().decode(bytes) }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (error instanceof AppError) throw error;
    return refuse('it is no zip', error);
  }
}
