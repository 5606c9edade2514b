/** Our noise against torch's CPU generator (test/golden/rng.json, made by tools/golden/rng.py). */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BLOCK, toNormalBlock } from '../../workers/diffusion/noise/boxMuller';
import { fma32 } from '../../workers/diffusion/noise/fma';
import { MersenneTwister } from '../../workers/diffusion/noise/mersenneTwister';
import { TorchNoise } from '../../workers/diffusion/noise/torchNoise';
import golden from '../golden/rng.json' with { type: 'json' };

const LARGE = 65536;

const seeds = () => fc.integer({ min: 0, max: 2 ** 32 - 1 });

/** The next `count` words after the first `skip`. */
function words(engine: MersenneTwister, skip: number, count: number): number[] {
  for (let i = 0; i < skip; i += 1) engine.uint32();
  return Array.from({ length: count }, () => engine.uint32());
}

function littleEndianSha256(values: Float32Array): string {
  const bytes = new DataView(new ArrayBuffer(4 * values.length));
  values.forEach((value, i) => {
    bytes.setFloat32(4 * i, value, true);
  });
  return createHash('sha256').update(bytes).digest('hex');
}

test.each(golden.words)('words of seed $seed', ({ seed, first, third }) => {
  const engine = new MersenneTwister(seed);
  expect(words(engine, 0, 4)).toEqual(first);
  expect(words(engine, 1244, 4)).toEqual(third);
});

test('the 10000th word of seed 5489 is the one that the C++ standard asks for', () => {
  expect(words(new MersenneTwister(5489), 9999, 1)).toEqual([4123659995]);
});

test('a uniform number is the low 24 bits of a word', () => {
  const { seed, values } = golden.uniform;
  const drawn = words(new MersenneTwister(seed), 0, values.length);
  expect(drawn.map((word) => (word & 0xffffff) / 2 ** 24)).toEqual(values);
});

test.each(golden.large)(`${LARGE} values of seed $seed, bit for bit`, ({ seed, first, sha256 }) => {
  const noise = new TorchNoise(seed);
  const draws = sha256.map(() => noise.randn(LARGE));
  expect([...draws[0]!.subarray(0, first.length)]).toEqual(first);
  expect(draws.map(littleEndianSha256)).toEqual(sha256);
});

test.each(golden.rows)('seed $seed, draws of $counts', ({ seed, counts, values }) => {
  const noise = new TorchNoise(seed);
  expect(counts.map((count) => [...noise.randn(count)])).toEqual(values);
});

test('a large draw takes a word a value, and 16 more where a part block is left', () => {
  fc.assert(
    fc.property(seeds(), fc.integer({ min: 16, max: 1500 }), (seed, count) => {
      const noise = new TorchNoise(seed);
      noise.randn(count);
      const taken = count % 16 === 0 ? count : count + 16;
      expect(words(noise.engine, 0, 3)).toEqual(words(new MersenneTwister(seed), taken, 3));
    }),
  );
});

test('a large draw lets the cached value be', () => {
  fc.assert(
    fc.property(seeds(), fc.integer({ min: 16, max: 200 }), (seed, count) => {
      const undisturbed = new TorchNoise(seed).randn(2);
      const noise = new TorchNoise(seed);
      const [first] = noise.randn(1);
      noise.randn(count);
      expect([first, ...noise.randn(1)]).toEqual([...undisturbed]);
    }),
  );
});

test('the least and the largest uniform numbers give numbers, and no negative zero', () => {
  for (const radius of [0, 2 ** -24, 0.5, 1 - 2 ** -24]) {
    for (const angle of [0, 0.25, 0.5, 0.75, 1 - 2 ** -24]) {
      const block = new Float32Array(BLOCK).fill(radius, 0, 8).fill(angle, 8);
      toNormalBlock(block, 0);
      const size = Math.sqrt(-2 * Math.log(1 - radius));
      expect(block[0]).toBeCloseTo(size * Math.cos(2 * Math.PI * angle), 5);
      expect(block[8]).toBeCloseTo(size * Math.sin(2 * Math.PI * angle), 5);
      expect(block.some((value) => Object.is(value, -0))).toBe(false);
    }
  }
});

test.each([-1, 0.5, 2 ** 32, Number.NaN, Number.POSITIVE_INFINITY])('seed %d is refused', (seed) => {
  expect(() => new TorchNoise(seed)).toThrow(RangeError);
  expect(() => new TorchNoise(seed)).toThrow('from 0 to 4294967295');
});

test.each([-1, 20.5, Number.NaN])('a count of %d is refused', (count) => {
  expect(() => new TorchNoise(0).randn(count)).toThrow(RangeError);
});

/** `units` · 2⁻⁸⁰ to the nearest float32, from the middle to the even one. */
function nearestFloat32(units: bigint): number {
  const size = units < 0n ? -units : units;
  const spare = BigInt(Math.max(0, size.toString(2).length - 24));
  let kept = size >> spare;
  const rest = 2n * (size - (kept << spare));
  const whole = 1n << spare;
  if (rest > whole || (rest === whole && kept % 2n === 1n)) kept += 1n;
  return Number(units < 0n ? -kept : kept) * 2 ** (Number(spare) - 80);
}

test('fma32 rounds once', () => {
  // Small factors have products near to the middle between two float32, far shifts put the addend below all bits.
  const number = fc.record({
    digits: fc.oneof(fc.integer({ min: -8191, max: 8191 }), fc.integer({ min: -(2 ** 24), max: 2 ** 24 })),
    shift: fc.integer({ min: 0, max: 40 }),
  });
  fc.assert(
    fc.property(number, number, number, (a, b, c) => {
      const product = (BigInt(a.digits) * BigInt(b.digits)) << BigInt(80 - a.shift - b.shift);
      const addend = BigInt(c.digits) << BigInt(80 - c.shift);
      const [x, y, z] = [a, b, c].map(({ digits, shift }) => digits * 2 ** -shift);
      expect(fma32(x!, y!, z!) + 0).toBe(nearestFloat32(product + addend) + 0);
    }),
    { numRuns: 20_000 },
  );
});

test('fma32 takes the side of what double precision drops', () => {
  const factor = 1 + 2 ** -12;
  const below = 1 + 2 ** -11;
  const above = below + 2 ** -23;
  expect(fma32(factor, factor, 2 ** -60)).toBe(above);
  expect(fma32(factor, factor, -(2 ** -60))).toBe(below);
  expect(fma32(-factor, factor, 2 ** -60)).toBe(-below);
  expect(fma32(-factor, factor, -(2 ** -60))).toBe(-above);
  // Nothing dropped: to the even one.
  expect(fma32(factor, factor, 0)).toBe(below);
});
