/** Reading and joining bytes of files nobody has checked yet: every read is bounded. */

/** A half-open range of a file and what the decoder sees in its place. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export type Bytes = Uint8Array<ArrayBuffer>;

export const NO_BYTES: Bytes = new Uint8Array(0);

/** Numbers out of bytes; reads past the end are 0, never an exception. */
export class ByteReader {
  readonly bytes: Bytes;
  readonly #view: DataView;

  constructor(bytes: Bytes) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get length(): number {
    return this.bytes.length;
  }

  u8(at: number): number {
    return this.#fits(at, 1) ? this.#view.getUint8(at) : 0;
  }

  u16(at: number, little = false): number {
    return this.#fits(at, 2) ? this.#view.getUint16(at, little) : 0;
  }

  u24(at: number): number {
    return this.#fits(at, 3) ? this.u8(at) | (this.u8(at + 1) << 8) | (this.u8(at + 2) << 16) : 0;
  }

  u32(at: number, little = false): number {
    return this.#fits(at, 4) ? this.#view.getUint32(at, little) : 0;
  }

  /** Latin-1 text of `length` bytes, shorter at the end of the data. */
  text(at: number, length: number): string {
    return latin1(this.slice(at, length));
  }

  /** A view, cut off at the end of the data. */
  slice(at: number, length: number): Bytes {
    if (at < 0 || length <= 0 || at >= this.length) return NO_BYTES;
    return this.bytes.subarray(at, Math.min(at + length, this.length));
  }

  #fits(at: number, size: number): boolean {
    return at >= 0 && at + size <= this.length;
  }
}

export function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/** Characters beyond U+00FF lose their upper bits: for ASCII keywords and checked Latin-1 only. */
export function fromLatin1(text: string): Bytes {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

export function joinBytes(parts: readonly Uint8Array[]): Bytes {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

export function u32Bytes(value: number, little = false): Bytes {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, little);
  return bytes;
}

export function startsWith(bytes: Uint8Array, text: string): boolean {
  if (bytes.length < text.length) return false;
  for (let i = 0; i < text.length; i += 1) if (bytes[i] !== text.charCodeAt(i)) return false;
  return true;
}
