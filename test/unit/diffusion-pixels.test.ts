/** Pictures and masks round SDXL against diffusers and Pillow (test/golden/diffusion.json, tools/golden/diffusion.py). */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CHANNELS, plane, type Raster, raster } from '../../src/core/raster';
import { pillowLanczos } from '../../src/pixels/pillowLanczos';
import { binarised, greyOfPlane, latentMask, withoutMasked } from '../../workers/diffusion/mask';
import { pictureOf, planesOf } from '../../workers/diffusion/picture';
import golden from '../golden/diffusion.json' with { type: 'json' };
import { floatHex, floatsOf, noiseFloats } from './diffusionGolden';
import { noise, noiseBytes } from './noise';

const hexOf = (bytes: ArrayLike<number>) => Buffer.from(Uint8Array.from(bytes)).toString('hex');

type Picture = Raster<'crop'>;

function coloursOf({ data }: Picture): number[] {
  return [...data].filter((_, i) => i % CHANNELS < 3);
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

test.each(golden.pictures)('a picture of $size and its mask become the tensors of diffusers', (wanted) => {
  const [width, height] = wanted.size as [number, number];
  const planes = planesOf(noise(width, height, wanted.seed));
  expect(planes.dims).toEqual([1, 3, height, width]);
  expect(floatHex(planes.data)).toBe(wanted.planes);
  const mask = binarised({ width, height, data: noiseBytes(width * height, wanted.maskSeed) });
  expect(mask.dims).toEqual([1, 1, height, width]);
  expect(hexOf(mask.data)).toBe(wanted.mask);
  // diffusers multiplies by 0, which leaves signs on zeros.
  const masked = withoutMasked(planes, mask);
  expect(masked.data).toEqual(floatsOf(wanted.masked).map((value) => value + 0));
  const small = latentMask(mask);
  expect(small.dims).toEqual([1, 1, height / 8, width / 8]);
  expect(hexOf(small.data)).toBe(wanted.latentMask);
});

function opaque(picture: Picture): Picture {
  for (let i = 3; i < picture.data.length; i += CHANNELS) picture.data[i] = 255;
  return picture;
}

test('a mask is grey rounded half to even, and hard from 128 on', () => {
  const grey = greyOfPlane(plane<'0..1'>(3, 1, Float32Array.of(0, 0.5, 1)));
  expect([...grey.data]).toEqual([0, 128, 255]);
  const ramp = { width: 256, height: 1, data: Uint8ClampedArray.from({ length: 256 }, (_, code) => code) };
  expect([...binarised(ramp).data]).toEqual(Array.from({ length: 256 }, (_, code) => Number(code >= 128)));
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
