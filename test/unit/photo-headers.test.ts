/** Container parsers on bytes built here, whole, cut off and mutated. */
import fc from 'fast-check';
import { encode as encodePng } from 'fast-png';
import { zlibSync } from 'fflate';
import { encode as encodeJpeg } from 'jpeg-js';
import { expect, test } from 'vitest';
import type { PictureFormat } from '../../src/core/photo';
import { type Bytes, fromLatin1, joinBytes, u32Bytes } from '../../workers/photo/formats/bytes';
import { jpegWithMetadata } from '../../workers/photo/formats/jpegWriter';
import { pngFile, textChunk } from '../../workers/photo/formats/pngFile';
import { writePng } from '../../workers/photo/formats/pngWriter';
import { readHeader } from '../../workers/photo/formats/readHeader';
import { sniff } from '../../workers/photo/formats/sniff';
import { webpWithMetadata } from '../../workers/photo/formats/webpWriter';
import { inflate } from '../../workers/photo/formats/zlib';
import { descriptionOf } from '../../workers/photo/metadata/icc';
import { buildTiff, CAMERA } from '../fakes/tiff';
import { noise } from './noise';

const exif = buildTiff(CAMERA);
const profile = joinBytes([new Uint8Array(36), fromLatin1('acsp'), new Uint8Array(88), u32Bytes(0)]);
const metadata = {
  exif,
  profile,
  xmp: '<x:xmpmeta>änderung</x:xmpmeta>',
  shortXmp: '<x:xmpmeta/>',
  extra: [],
};

function jpegBytes(quality: number): Bytes {
  const data = noise(24, 16, 9).data;
  return new Uint8Array(encodeJpeg({ width: 24, height: 16, data: Buffer.from(data) }, quality).data);
}

const box = (type: string, ...parts: Uint8Array[]): Bytes => {
  const body = joinBytes(parts);
  return joinBytes([u32Bytes(body.length + 8), fromLatin1(type), body]);
};
const zeros = (count: number) => new Uint8Array(count);
const u16 = (value: number) => Uint8Array.of(value >> 8, value & 255);

const samples: Readonly<Record<PictureFormat, Bytes>> = {
  jpeg: jpegWithMetadata(jpegBytes(83), metadata, false),
  png: new Uint8Array(encodePng({ width: 24, height: 16, data: noise(24, 16, 9).data, channels: 4 })),
  gif: fromLatin1(
    'GIF89a\x18\0\x10\0\0\0\0,\0\0\0\0\x18\0\x10\0\0\x02\x01\x00\0,\0\0\0\0\x18\0\x10\0\0\x02\x01\x00\0;',
  ),
  webp: webpWithMetadata(
    joinBytes([fromLatin1('RIFF\0\0\0\0WEBPVP8L'), u32Bytes(6, true), fromLatin1('\x2f\x17\xc0\x03\0\0')]),
    metadata,
    { width: 24, height: 16 },
  ),
  avif: joinBytes([
    box('ftyp', fromLatin1('avif\0\0\0\0mif1')),
    box(
      'meta',
      zeros(4),
      box(
        'iprp',
        box(
          'ipco',
          box('ispe', zeros(4), u32Bytes(24), u32Bytes(16)),
          box('pixi', fromLatin1('\0\0\0\0\x03\x0a\x0a\x0a')),
          box('colr', fromLatin1('nclx\0\x09\0\x10\0\x09\x80')),
        ),
      ),
    ),
  ]),
};

test.each(Object.entries(samples))('%s: kind and size are read', (format, bytes) => {
  expect(sniff(bytes)).toEqual({ format });
  expect(readHeader(format as PictureFormat, bytes)).toMatchObject({ format, width: 24, height: 16 });
});

test('a JPEG gives back the metadata that was put in, and its quality', () => {
  const header = readHeader('jpeg', samples.jpeg)!;
  expect(header.metadata).toEqual({ exif, icc: profile, xmp: metadata.xmp, extra: [] });
  for (const quality of [12, 55, 76, 83, 95]) {
    expect(readHeader('jpeg', jpegBytes(quality))!.jpegQuality).toBe(quality);
  }
});

test('a packet too long for a JPEG segment gives way to the short one', () => {
  const long = { ...metadata, xmp: 'x'.repeat(70_000) };
  expect(readHeader('jpeg', jpegWithMetadata(samples.jpeg, long, false))!.metadata.xmp).toBe('<x:xmpmeta/>');
});

test('a profile of many JPEG segments is put together in order', () => {
  const large = joinBytes([profile, new Uint8Array(noise(200, 200, 4).data)]);
  const jpeg = jpegWithMetadata(samples.jpeg, { ...metadata, profile: large }, false);
  expect(readHeader('jpeg', jpeg)!.metadata.icc).toEqual(large);
});

test('what hides orientation from the decoder covers the EXIF block only', () => {
  const [edit] = readHeader('jpeg', samples.jpeg)!.hidden;
  const hidden = samples.jpeg.subarray(edit!.start, edit!.end);
  expect([hidden[0], hidden[1], hidden.length]).toEqual([0xff, 0xe1, exif.length + 10]);
  const webp = readHeader('webp', samples.webp)!;
  expect(webp.metadata).toEqual({ exif, icc: profile, xmp: metadata.xmp, extra: [] });
  expect(webp.hidden[0]!.end - webp.hidden[0]!.start).toBe(webp.hidden[0]!.bytes.length);
});

test('PNG: profile, EXIF, packet, texts and 16 bits are seen', () => {
  const chunks = [
    { type: 'iCCP', data: joinBytes([fromLatin1('p\0\0'), zlibSync(profile)]) },
    { type: 'eXIf', data: exif },
    textChunk('Title', 'Größe'),
    textChunk('Raw profile type exif', '00'),
    {
      type: 'iTXt',
      data: joinBytes([fromLatin1('XML:com.adobe.xmp\0\x01\0\0\0'), zlibSync(fromLatin1('<x/>'))]),
    },
  ];
  return pngFile({ width: 24, height: 16, hasAlpha: true }, chunks, [])
    .arrayBuffer()
    .then((buffer) => {
      const header = readHeader('png', new Uint8Array(buffer))!;
      expect(header.metadata).toMatchObject({ exif, icc: profile, xmp: '<x/>' });
      expect(header.metadata.extra.map(({ kind }) => kind)).toEqual(['tEXt']);
      expect(header.hasAlpha).toBe(true);
    });
});

const numbers = (type: string, ...values: number[]) => ({
  type,
  data: joinBytes(values.map((v) => u32Bytes(v))),
});
const P3_CHROMATICITIES = [31_270, 32_900, 68_000, 32_000, 26_500, 69_000, 15_000, 6000];

test.each([
  ['nothing', [], false],
  ['gamma of sRGB', [numbers('gAMA', 45_455)], false],
  ['the same rounded', [numbers('gAMA', 45_000)], false],
  ['linear light', [numbers('gAMA', 100_000)], true],
  ['no gamma', [numbers('gAMA', 0)], false],
  ['a gamma cut off', [{ type: 'gAMA', data: zeros(3) }], false],
  [
    'primaries of sRGB',
    [numbers('cHRM', 31_270, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6000)],
    false,
  ],
  ['wider primaries', [numbers('gAMA', 45_455), numbers('cHRM', ...P3_CHROMATICITIES)], true],
  ['sRGB beside', [numbers('gAMA', 100_000), { type: 'sRGB', data: zeros(1) }], false],
  [
    'sRGB by code points beside',
    [numbers('gAMA', 100_000), { type: 'cICP', data: fromLatin1('\x01\x0d\0\x01') }],
    false,
  ],
  ['Display P3 by code points', [{ type: 'cICP', data: fromLatin1('\x0c\x0d\0\x01') }], true],
  [
    'a profile beside',
    [numbers('gAMA', 100_000), { type: 'iCCP', data: joinBytes([fromLatin1('p\0\0'), zlibSync(profile)]) }],
    false,
  ],
])('PNG: colours told by numbers: %s', async (_case, chunks, codedColours) => {
  const file = await pngFile({ width: 24, height: 16, hasAlpha: false }, chunks, []).arrayBuffer();
  expect(readHeader('png', new Uint8Array(file))!.codedColours).toBe(codedColours);
});

test('AVIF: depth, HDR and coded colours are seen', () => {
  expect(readHeader('avif', samples.avif)).toMatchObject({
    bitsPerChannel: 10,
    isHdr: true,
    codedColours: true,
  });
});

/** A picture of 24 × 16 px whose item 1 is EXIF. @param locations body of its location table */
const avifWithItems = (locations: Bytes, rest = zeros(0)): Bytes => {
  const info = box('infe', fromLatin1('\x02\0\0\0\0\x01\0\0Exif\0'));
  const items = [box('iinf', fromLatin1('\0\0\0\0\0\x01'), info), box('iloc', locations)];
  const sized = box('iprp', box('ipco', box('ispe', zeros(4), u32Bytes(24), u32Bytes(16))));
  return joinBytes([
    box('ftyp', fromLatin1('avif\0\0\0\0mif1')),
    box('meta', zeros(4), ...items, sized),
    rest,
  ]);
};

test('AVIF: a location table that names the same bytes over and over is not followed', () => {
  const count = 60_000;
  const extents = joinBytes(
    Array.from({ length: count }, () => joinBytes([u32Bytes(0), u32Bytes(1_000_000)])),
  );
  const table = joinBytes([fromLatin1('\0\0\0\0\x44\0\0\x01\0\x01\0\0'), u16(count), extents]);
  const file = avifWithItems(table, zeros(1_000_000));
  expect(readHeader('avif', file)).toMatchObject({ width: 24, metadata: { exif: null } });
});

test('AVIF: EXIF is found behind other items, whose extents are stepped over', () => {
  const offset = avifWithItems(zeros(44)).length;
  const extent = (at: number, length: number) => joinBytes([u32Bytes(at), u32Bytes(length)]);
  const table = joinBytes([
    fromLatin1('\0\0\0\0\x44\0\0\x02'),
    ...[u16(7), u16(0), u16(2), extent(1, 2), extent(3, 4)],
    ...[u16(1), u16(0), u16(1), extent(offset, exif.length + 4)],
  ]);
  expect(table.length).toBe(44);
  const file = avifWithItems(table, joinBytes([zeros(4), exif]));
  expect(readHeader('avif', file)!.metadata.exif).toEqual(exif);
});

test('AVIF: a location table of extents without a size costs no more than a moment', () => {
  const items = 5000;
  const others = Array.from({ length: items }, () => [u16(7), u16(0), u16(65_535)]).flat();
  const table = joinBytes([
    fromLatin1('\0\0\0\0\0\0'),
    u16(items + 1),
    ...others,
    ...[u16(1), u16(0), u16(65_535)],
    zeros(1),
  ]);
  const start = performance.now();
  expect(readHeader('avif', avifWithItems(table))).toMatchObject({ width: 24, metadata: { exif: null } });
  expect(performance.now() - start).toBeLessThan(1000);
});

test('GIF: where the first picture leaves the screen free, it is transparent', () => {
  const smaller = samples.gif.slice();
  expect(readHeader('gif', smaller)!.hasAlpha).toBe(false);
  smaller[18] = 0x10;
  expect(readHeader('gif', smaller)!.hasAlpha).toBe(true);
});

test('GIF: the packet is found between its mark and its trailer', () => {
  const packet = new TextEncoder().encode('<x:xmpmeta>Größe</x:xmpmeta>');
  const trailer = Uint8Array.from({ length: 258 }, (_, i) => (i === 0 ? 1 : Math.max(0, 256 - i)));
  const extension = joinBytes([fromLatin1('\x21\xff\x0bXMP DataXMP'), packet, trailer]);
  const file = joinBytes([samples.gif.subarray(0, 13), extension, samples.gif.subarray(13)]);
  expect(readHeader('gif', file)).toMatchObject({
    width: 24,
    isAnimated: true,
    metadata: { xmp: '<x:xmpmeta>Größe</x:xmpmeta>' },
  });
});

test('JPEG: stray bytes between segments are stepped over, as decoders do', () => {
  const { jpeg } = samples;
  const stray = joinBytes([jpeg.subarray(0, 2), fromLatin1('\0\0\x07'), jpeg.subarray(2)]);
  const header = readHeader('jpeg', stray)!;
  expect(header).toMatchObject({ width: 24, height: 16, metadata: { exif, xmp: metadata.xmp } });
  expect(header.hidden[0]!.start).toBe(readHeader('jpeg', jpeg)!.hidden[0]!.start + 3);
});

test('PNG: the mark that some writers put before EXIF is taken off', async () => {
  const marked = { type: 'eXIf', data: joinBytes([fromLatin1('Exif\0\0'), exif]) };
  const file = await pngFile({ width: 24, height: 16, hasAlpha: true }, [marked], []).arrayBuffer();
  expect(readHeader('png', new Uint8Array(file))!.metadata.exif).toEqual(exif);
});

test('an animation is told by its second frame', () => {
  expect(readHeader('gif', samples.gif)!.isAnimated).toBe(true);
  expect(readHeader('gif', samples.gif.slice(0, -16))!.isAnimated).toBe(false);
});

test('what is written as PNG is read back to the bit', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 90 }),
      fc.integer({ min: 1, max: 150 }),
      fc.boolean(),
      async (width, height, hasAlpha) => {
        const picture = noise(width, height, width * 7 + height);
        if (!hasAlpha) for (let i = 3; i < picture.data.length; i += 4) picture.data[i] = 255;
        const rows = (y: number, count: number) => picture.data.slice(y * width * 4, (y + count) * width * 4);
        const blob = await writePng({ width, height, hasAlpha, rows }, [textChunk('A', 'b')]);
        const { decode } = await import('fast-png');
        const back = decode(await blob.arrayBuffer(), { checkCrc: true });
        const expected = hasAlpha ? picture.data : picture.data.filter((_, i) => i % 4 !== 3);
        expect(new Uint8ClampedArray(back.data)).toEqual(expected);
        expect(back.text).toEqual({ A: 'b' });
      },
    ),
    { numRuns: 40 },
  );
});

test('a profile that inflates without end is not a profile', () => {
  expect(inflate(zlibSync(new Uint8Array(30_000_000)))).toBeNull();
  expect(inflate(new Uint8Array([1, 2, 3]))).toBeNull();
});

test('cut off and mutated files never throw, nor does anything that reads their metadata', () => {
  for (const [format, bytes] of Object.entries(samples)) {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 20 }),
        fc.nat(bytes.length),
        (changes, length) => {
          const broken = bytes.slice(0, length);
          for (const [at, value] of changes) if (at < broken.length) broken[at] = value;
          sniff(broken);
          const header = readHeader(format as PictureFormat, broken);
          if (header?.metadata.icc) descriptionOf(header.metadata.icc);
          for (const { start, end } of header?.hidden ?? []) expect(end).toBeGreaterThanOrEqual(start);
        },
      ),
      { numRuns: 1500 },
    );
  }
});
