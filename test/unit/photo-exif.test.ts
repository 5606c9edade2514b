import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanExif, readExif } from '../../workers/photo/metadata/exif';
import { buildTiff, CAMERA } from '../fakes/tiff';

const SIZE = { width: 3024, height: 4032 };
const text = (bytes: Uint8Array) => String.fromCharCode(...bytes);
const contains = (bytes: Uint8Array, part: readonly number[]) =>
  text(bytes).includes(String.fromCharCode(...part));

describe.each([
  ['little-endian', true],
  ['big-endian', false],
])('%s EXIF', (_name, little) => {
  const block = buildTiff(CAMERA, little);

  test('tells orientation, position and the time of the shot', () => {
    expect(readExif(block)).toEqual({
      orientation: 6,
      hasGps: true,
      takenAt: '2024-05-17T18:03:59.47+02:00',
    });
  });

  test('cleaned: upright, sized, without thumbnail; maker notes stay where they were', () => {
    const cleaned = cleanExif(block, SIZE, true)!;
    expect(readExif(cleaned)).toMatchObject({ orientation: 1, hasGps: true });
    expect(contains(cleaned, [0xff, 0xd8, 0xff])).toBe(false);
    expect(text(cleaned).indexOf('MAKERNOTE')).toBe(text(block).indexOf('MAKERNOTE'));
    expect(text(cleaned).indexOf('Testkamera')).toBe(text(block).indexOf('Testkamera'));
    const changed = [...cleaned].filter((byte, i) => byte !== block[i]).length;
    // Orientation 1 byte, two sizes of up to 2 bytes each, the link to the thumbnail's directory 2 bytes, its blanked entries.
    expect(changed).toBeLessThan(40);
  });

  test.each([
    ['two in the entry', 3, [6, 6]],
    ['three elsewhere', 3, [6, 6, 6]],
    ['two long ones', 4, [6, 6]],
  ] as const)('an orientation of more values than one is reset too: %s', (_case, type, values) => {
    const odd = buildTiff({ ...CAMERA, main: [{ tag: 0x0112, type, values }] }, little);
    expect(readExif(odd).orientation).toBe(6);
    expect(readExif(cleanExif(odd, SIZE, true)).orientation).toBe(1);
  });

  test('the position goes when it is not to be kept: pointer, values and all', () => {
    const cleaned = cleanExif(block, SIZE, false)!;
    expect(readExif(cleaned)).toMatchObject({ hasGps: false, takenAt: '2024-05-17T18:03:59.47+02:00' });
    const hundredths = new Uint8Array(4);
    new DataView(hundredths.buffer).setUint32(0, 1234, little);
    expect(contains(block, [...hundredths])).toBe(true);
    expect(contains(cleaned, [...hundredths])).toBe(false);
    expect(text(cleaned)).toContain('MAKERNOTE');
  });
});

test('no EXIF is no EXIF', () => {
  expect(readExif(null)).toEqual({ orientation: 1, hasGps: false, takenAt: null });
  expect(cleanExif(new Uint8Array([1, 2, 3]), SIZE, true)).toBeNull();
});

test('garbage and mutations never throw', () => {
  const block = buildTiff(CAMERA);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(block.length - 1), fc.nat(255)), { minLength: 1, maxLength: 30 }),
      fc.nat(block.length),
      fc.boolean(),
      (changes, length, keepGps) => {
        const broken = block.slice(0, Math.max(1, length));
        for (const [at, value] of changes) if (at < broken.length) broken[at] = value;
        const facts = readExif(broken);
        expect(facts.orientation).toBeGreaterThanOrEqual(1);
        expect(facts.orientation).toBeLessThanOrEqual(8);
        const cleaned = cleanExif(broken, SIZE, keepGps);
        if (cleaned) {
          expect(cleaned.length).toBeLessThanOrEqual(broken.length);
          expect(readExif(cleaned).orientation).toBe(1);
        }
      },
    ),
    { numRuns: 3000 },
  );
});
