/** Pictures and masks round SDXL against diffusers and Pillow (test/golden/diffusion.json, tools/golden/diffusion.py). */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CHANNELS, plane, type Raster, raster } from '../../src/core/raster';
import { pillowLanczos } from '../../src/pixels/pillowLanczos';
import { cropRegion } from '../../workers/diffusion/cropRegion';
import {
  binarised,
  type Grey,
  greyOf,
  greyOfPlane,
  latentMask,
  withoutMasked,
} from '../../workers/diffusion/mask';
import { overlayOriginal } from '../../workers/diffusion/overlay';
import { pictureOf, planesOf, sizeInLatents } from '../../workers/diffusion/picture';
import golden from '../golden/diffusion.json' with { type: 'json' };
import { floatHex, floatsOf, noiseFloats } from './diffusionGolden';
import { noise, noiseBytes } from './noise';

const hexOf = (bytes: ArrayLike<number>) => Buffer.from(Uint8Array.from(bytes)).toString('hex');

type Picture = Raster<'crop'>;

function coloursOf({ data }: Picture): number[] {
  return [...data].filter((_, i) => i % CHANNELS < 3);
}

function filled(width: number, height: number, code: number): Grey {
  return { width, height, data: new Uint8ClampedArray(width * height).fill(code) };
}

test.each(golden.lanczos)('$from → $to is Pillow LANCZOS, bit for bit', ({ seed, from, to, result }) => {
  const actual = pillowLanczos(noise(from[0]!, from[1]!, seed), to[0]!, to[1]!);
  expect([actual.width, actual.height]).toEqual(to);
  expect(hexOf(actual.data)).toBe(result);
});

test('LANCZOS leaves its source alone, and an even opaque picture as it is', () => {
  const source = noise<'crop'>(9, 9, 5);
  const same = pillowLanczos<'crop', 'crop'>(source, 9, 9);
  expect(same.data).toEqual(source.data);
  expect(same.data).not.toBe(source.data);
  const sizes = fc.tuple(...Array.from({ length: 4 }, () => fc.integer({ min: 1, max: 60 })));
  fc.assert(
    fc.property(sizes, fc.integer({ min: 0, max: 255 }), ([w, h, toW, toH], code) => {
      const even = raster<'crop'>(w!, h!);
      even.data.fill(code);
      const result = pillowLanczos<'crop', 'crop'>(even, toW!, toH!);
      return result.data.every((value) => value === code);
    }),
    { numRuns: 200 },
  );
  expect(() => pillowLanczos(source, 0, 4)).toThrow(RangeError);
  expect(() => pillowLanczos(source, 4, 2.5)).toThrow(RangeError);
});

test.each(golden.pictures)('a picture of $from and its mask become the tensors of diffusers', (wanted) => {
  const [width, height] = wanted.from as [number, number];
  const size = sizeInLatents(width, height);
  expect([size.width, size.height]).toEqual(wanted.to);
  // diffusers resizes RGB; as an opaque picture, ours is the same.
  const planes = planesOf(pillowLanczos(opaque(noise(width, height, wanted.seed)), size.width, size.height));
  expect(planes.dims).toEqual([1, 3, size.height, size.width]);
  expect(floatHex(planes.data)).toBe(wanted.planes);
  const mask = binarised(
    greyOf(pillowLanczos(opaque(noise(width, height, wanted.maskSeed)), size.width, size.height)),
  );
  expect(mask.dims).toEqual([1, 1, size.height, size.width]);
  expect(hexOf(mask.data)).toBe(wanted.mask);
  // diffusers multiplies by 0, which leaves signs on zeros.
  const masked = withoutMasked(planes, mask);
  expect(masked.data).toEqual(floatsOf(wanted.masked).map((value) => value + 0));
  const small = latentMask(mask);
  expect(small.dims).toEqual([1, 1, size.height / 8, size.width / 8]);
  expect(hexOf(small.data)).toBe(wanted.latentMask);
});

function opaque(picture: Picture): Picture {
  for (let i = 3; i < picture.data.length; i += CHANNELS) picture.data[i] = 255;
  return picture;
}

test('grey is Pillow L, bit for bit; equal channels keep their value', () => {
  const { seed, size, result } = golden.grey;
  expect(hexOf(greyOf(noise(size[0]!, size[1]!, seed)).data)).toBe(result);
  const ramp = raster<'crop'>(256, 1);
  ramp.data.forEach((_, i) => {
    ramp.data[i] = i >> 2;
  });
  const grey = greyOf(ramp);
  expect([...grey.data]).toEqual(Array.from({ length: 256 }, (_, code) => code));
  expect([...binarised(grey).data].indexOf(1)).toBe(128);
  expect([...greyOfPlane(plane<'0..1'>(3, 1, Float32Array.of(0, 0.5, 1))).data]).toEqual([0, 128, 255]);
});

test('the top-left pixel of a block is its mask, whatever the rest', () => {
  const mask = { data: new Float32Array(16 * 24).fill(1), dims: [1, 1, 16, 24] };
  mask.data[8 * 24 + 16] = 0;
  expect([...latentMask(mask).data]).toEqual([1, 1, 1, 1, 1, 0]);
  expect(() => latentMask({ data: new Float32Array(16 * 20), dims: [1, 1, 16, 20] })).toThrow(/20×16/);
  expect(() => withoutMasked({ data: new Float32Array(12), dims: [1, 3, 2, 2] }, mask)).toThrow(RangeError);
});

test('decoded planes become the bytes of diffusers: clamped, rounded half to even', () => {
  const { seed, scale, dims, edges, result } = golden.decoded;
  const halves = floatsOf(edges);
  const count = dims.reduce((product, n) => product * n, 1) - halves.length;
  const data = Float32Array.from([...noiseFloats(count, seed, scale), ...halves]);
  const picture = pictureOf<'crop'>({ data, dims });
  expect(hexOf(coloursOf(picture))).toBe(result);
  expect(picture.data.every((value, i) => i % CHANNELS < 3 || value === 255)).toBe(true);
  expect(() => pictureOf({ data, dims: [1, 4, 16, 12] })).toThrow(RangeError);
});

test('into planes and back every code is itself', () => {
  const ramp = opaque(raster<'crop'>(256, 1, noiseBytes(1024, 3)));
  for (let i = 0; i < 256; i += 1) ramp.data[i * CHANNELS] = i;
  expect(pictureOf<'crop'>(planesOf(ramp)).data).toEqual(ramp.data);
});

test('the overlay is Pillow through diffusers, bit for bit', () => {
  const { seed, generatedSeed, maskSeed, size, result } = golden.overlay;
  const [width, height] = size as [number, number];
  const mask: Grey = { width, height, data: noiseBytes(width * height, maskSeed) };
  const original = noise<'crop'>(width, height, seed);
  const actual = overlayOriginal(original, noise<'crop'>(width, height, generatedSeed), mask);
  expect(hexOf(coloursOf(actual))).toBe(result);
  expect(actual.data.every((value, i) => i % CHANNELS < 3 || value === original.data[i])).toBe(true);
});

test('mask 0 is the original exactly, mask 255 the generated, between them within 1.5 codes of the mixture', () => {
  const [original, generated] = [opaque(noise<'crop'>(64, 64, 7)), opaque(noise<'crop'>(64, 64, 8))];
  expect(overlayOriginal(original, generated, filled(64, 64, 0)).data).toEqual(original.data);
  expect(overlayOriginal(original, generated, filled(64, 64, 255)).data).toEqual(generated.data);
  const mask: Grey = { width: 64, height: 64, data: noiseBytes(64 * 64, 9) };
  const farthest = overlayOriginal(original, generated, mask).data.reduce((most, value, i) => {
    const share = mask.data[i >> 2]! / 255;
    const mixture = original.data[i]! * (1 - share) + generated.data[i]! * share;
    return Math.max(most, Math.abs(value - mixture));
  }, 0);
  expect(farthest).toBeLessThan(1.5);
  expect(() => overlayOriginal(original, generated, filled(64, 63, 0))).toThrow(RangeError);
});

test.each(golden.crops)('the crop of $box in $picture for $size, padded by $pad', (wanted) => {
  const [width, height] = wanted.picture as [number, number];
  const [x1, y1, x2, y2] = wanted.box as [number, number, number, number];
  const mask = filled(width, height, 0);
  for (let y = y1; y < y2; y += 1) mask.data.fill(1, y * width + x1, y * width + x2);
  const region = cropRegion<'crop'>(mask, wanted.size[0]!, wanted.size[1]!, wanted.pad)!;
  expect([region.x, region.y, region.x + region.width, region.y + region.height]).toEqual(wanted.region);
});

test('an empty mask has no crop', () => {
  expect(cropRegion(filled(10, 10, 0), 512, 512, 4)).toBeNull();
});
