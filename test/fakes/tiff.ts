/** Builds EXIF blocks for tests: directories with values, a thumbnail at the end. */

export interface TiffValue {
  readonly tag: number;
  /** TIFF type: 2 ASCII, 3 SHORT, 4 LONG, 5 RATIONAL, 7 UNDEFINED. */
  readonly type: 2 | 3 | 4 | 5 | 7;
  readonly values: readonly number[] | string;
}

export interface TiffParts {
  readonly main: readonly TiffValue[];
  readonly exif?: readonly TiffValue[];
  readonly gps?: readonly TiffValue[];
  readonly thumbnail?: Uint8Array;
}

const SIZES = { 2: 1, 3: 2, 4: 4, 5: 8, 7: 1 } as const;

export function buildTiff(parts: TiffParts, little = true): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4096);
  const view = new DataView(bytes.buffer);
  bytes.set(little ? [0x49, 0x49] : [0x4d, 0x4d]);
  view.setUint16(2, 42, little);
  view.setUint32(4, 8, little);
  let free = 8;

  const write = (entries: readonly TiffValue[]) => {
    const at = free;
    view.setUint16(at, entries.length, little);
    free += 2 + 12 * entries.length + 4;
    entries.forEach(({ tag, type, values }, i) => {
      const list = typeof values === 'string' ? [...`${values}\0`].map((c) => c.charCodeAt(0)) : values;
      const count = type === 5 ? list.length / 2 : list.length;
      const entry = at + 2 + 12 * i;
      view.setUint16(entry, tag, little);
      view.setUint16(entry + 2, type, little);
      view.setUint32(entry + 4, count, little);
      let to = entry + 8;
      if (count * SIZES[type] > 4) {
        view.setUint32(to, free, little);
        to = free;
        free += count * SIZES[type];
      }
      list.forEach((value, k) => {
        if (type === 3) view.setUint16(to + 2 * k, value, little);
        else if (type === 4 || type === 5) view.setUint32(to + 4 * k, value, little);
        else view.setUint8(to + k, value);
      });
    });
    return at;
  };

  const pointers: TiffValue[] = [
    ...(parts.exif ? [{ tag: 0x8769, type: 4, values: [0] } as const] : []),
    ...(parts.gps ? [{ tag: 0x8825, type: 4, values: [0] } as const] : []),
  ];
  write([...parts.main, ...pointers]);
  let pointerAt = 8 + 2 + 12 * parts.main.length + 8;
  for (const directory of [parts.exif, parts.gps]) {
    if (!directory) continue;
    view.setUint32(pointerAt, write(directory), little);
    pointerAt += 12;
  }
  if (parts.thumbnail) {
    const nextAt = 8 + 2 + 12 * (parts.main.length + pointers.length);
    const start = free + 2 + 12 * 2 + 4;
    view.setUint32(nextAt, free, little);
    write([
      { tag: 0x0201, type: 4, values: [start] },
      { tag: 0x0202, type: 4, values: [parts.thumbnail.length] },
    ]);
    bytes.set(parts.thumbnail, free);
    free += parts.thumbnail.length;
  }
  return bytes.slice(0, free);
}

/** A camera's usual block, turned by orientation 6, with a position and a thumbnail. */
export const CAMERA: TiffParts = {
  main: [
    { tag: 0x010f, type: 2, values: 'Testkamera AG' },
    { tag: 0x0112, type: 3, values: [6] },
  ],
  exif: [
    { tag: 0x9003, type: 2, values: '2024:05:17 18:03:59' },
    { tag: 0x9011, type: 2, values: '+02:00' },
    { tag: 0x9291, type: 2, values: '47' },
    { tag: 0x927c, type: 7, values: [77, 65, 75, 69, 82, 78, 79, 84, 69] },
    { tag: 0xa002, type: 4, values: [4032] },
    { tag: 0xa003, type: 3, values: [3024] },
  ],
  gps: [
    { tag: 0x0001, type: 2, values: 'N' },
    { tag: 0x0002, type: 5, values: [52, 1, 31, 1, 1234, 100] },
  ],
  thumbnail: Uint8Array.from([0xff, 0xd8, 0xff, 1, 2, 3, 4, 5, 6, 0xff, 0xd9]),
};
