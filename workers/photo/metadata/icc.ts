/** The few facts of an ICC profile (ICC.1:2022) that decide how pixels are kept. */
import { ByteReader, type Bytes } from '../formats/bytes';

const HEADER_BYTES = 128;
const MAX_TAGS = 200;

/** Colour space signature: `RGB `, `GRAY`, `CMYK` …; null for what is no profile. */
export function colourSpaceOf(profile: Bytes): string | null {
  const reader = new ByteReader(profile);
  return reader.text(36, 4) === 'acsp' ? reader.text(16, 4) : null;
}

/** The profile's own name, e.g. `Display P3`. */
export function descriptionOf(profile: Bytes): string | null {
  const reader = new ByteReader(profile);
  const count = Math.min(reader.u32(HEADER_BYTES), MAX_TAGS);
  for (let i = 0; i < count; i += 1) {
    const at = HEADER_BYTES + 4 + 12 * i;
    if (reader.text(at, 4) === 'desc') {
      return textOf(reader.slice(reader.u32(at + 4), Math.min(reader.u32(at + 8), 4096)));
    }
  }
  return null;
}

/** Version 2 `desc` (ASCII) or version 4 `mluc` (UTF-16, first language). */
function textOf(tag: Bytes): string | null {
  const reader = new ByteReader(tag);
  const kind = reader.text(0, 4);
  if (kind === 'desc') return tidy(reader.text(12, reader.u32(8)));
  if (kind !== 'mluc') return null;
  const text = reader.slice(reader.u32(24), reader.u32(20));
  return tidy(new TextDecoder('utf-16be').decode(text));
}

function tidy(text: string): string | null {
  return text.replace(/\0.*$/s, '').trim() || null;
}
