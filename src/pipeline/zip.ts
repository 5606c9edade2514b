/** One archive out of many files. The only door to fflate, which is loaded with the first archive. */

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
