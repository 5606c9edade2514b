/** The schedules against diffusers 0.36 (test/golden/schedulers.json, made by tools/golden/schedulers.py). */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addNoise, initialLatents } from '../../workers/diffusion/schedule/noise';
import {
  buildSchedule,
  mostSteps,
  type Prediction,
  type Schedule,
  type ScheduleKind,
} from '../../workers/diffusion/schedule/schedule';
import { sliceSteps } from '../../workers/diffusion/schedule/slice';
import { type StepMemory, scaleInput, step, takesNoise } from '../../workers/diffusion/schedule/step';
import { trainAlphasCumprod, trainBetas, trainSigmas } from '../../workers/diffusion/schedule/training';
import golden from '../golden/schedulers.json' with { type: 'json' };

const kinds = Object.keys(mostSteps) as ScheduleKind[];
const kindOf = (name: string) => name as ScheduleKind;
const start = Float32Array.from(golden.start);
/** Noise that is none of the other's values. */
const other = Float32Array.from(golden.start).reverse();

/** torch's vector square root is a unit in the last place off at times. */
const RELATIVE = 1.2e-7;
const ABSOLUTE = 5e-6;

function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(actual.length).toBe(expected.length);
  return Math.max(...Array.from(actual, (value, k) => Math.abs(value - expected[k]!)));
}

function expectRelative(actual: readonly number[], expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  actual.forEach((value, k) => {
    expect(Math.abs(value - expected[k]!)).toBeLessThanOrEqual(RELATIVE * expected[k]!);
  });
}

/** The network's stand-in in tools/golden/schedulers.py. */
function toy(input: Float32Array, timestep: number): Float32Array {
  const added = 0.05 * Math.cos(timestep / 100);
  return Float32Array.from(input, (x) => Math.fround(Math.fround(0.3) * x) + Math.fround(added));
}

interface Run {
  readonly from: number;
  readonly to: number;
  readonly noise?: readonly (readonly number[])[];
}

function run(schedule: Schedule, begin: Float32Array, { from, to, noise }: Run): Float32Array {
  let latents: Float32Array = begin;
  let memory: StepMemory = null;
  for (let i = from; i < to; i += 1) {
    const output = toy(scaleInput(schedule, i, latents), schedule.timesteps[i]!);
    const drawn = takesNoise(schedule, i) ? Float32Array.from(noise![i - from]!) : undefined;
    ({ latents, memory } = step(schedule, i, latents, output, memory, drawn));
  }
  return latents;
}

describe('as diffusers', () => {
  const sha256 = (table: readonly number[]) =>
    createHash('sha256')
      .update(new Uint8Array(Float32Array.from(table).buffer))
      .digest('hex');

  test('the training tables are the same bits', () => {
    expect(sha256(trainBetas)).toBe(golden.betasSha256);
    expect(sha256(trainAlphasCumprod)).toBe(golden.alphasCumprodSha256);
    expectRelative([trainSigmas[0]!, trainSigmas[999]!], [0.02916753478348255, 14.614646911621094]);
  });

  test.each(golden.schedules)('$kind, $steps steps: timesteps, σ and first noise', (wanted) => {
    const schedule = buildSchedule({ kind: kindOf(wanted.kind), steps: wanted.steps });
    expect(schedule.timesteps).toEqual(wanted.timesteps);
    expectRelative(schedule.sigmas, wanted.sigmas);
    expectRelative([schedule.initNoiseSigma], [wanted.initNoiseSigma]);
    if (schedule.kind === 'lcm') expect(schedule.alphasCumprod).toEqual(wanted.alphasCumprod);
  });

  test.each(golden.trajectories)(
    '$kind, $steps steps, $prediction: steps $from to $to of the toy',
    (wanted) => {
      const schedule = buildSchedule({
        kind: kindOf(wanted.kind),
        steps: wanted.steps,
        prediction: wanted.prediction as Prediction,
      });
      const begin =
        wanted.from === 0 ? initialLatents(schedule, start) : addNoise(schedule, wanted.from, start, other);
      expect(largestDifference(begin, wanted.begin)).toBeLessThan(ABSOLUTE);
      expect(largestDifference(run(schedule, begin, wanted), wanted.result)).toBeLessThan(ABSOLUTE);
    },
  );
});

describe('slices', () => {
  const euler = (steps: number) => buildSchedule({ kind: 'euler', steps });

  test('strength counts steps as int() does: only 1 takes all of them', () => {
    expect(sliceSteps(euler(30), { strength: 0.9999 })).toEqual({ from: 1, to: 30 });
    expect(sliceSteps(euler(30), { strength: 1 })).toEqual({ from: 0, to: 30 });
    expect(sliceSteps(euler(30), { strength: 0.6 })).toEqual({ from: 12, to: 30 });
    const { from } = sliceSteps(euler(50), { strength: 0.3 });
    expect(euler(50).timesteps[from]).toBe(281);
    expect(euler(50).sigmas[from]).toBeCloseTo(0.7789, 4);
  });

  test.each([
    [30, 23, 232, 199],
    [40, 32, 201, 176],
    [50, 40, 201, 181],
  ])('%i steps are handed over at 0.8 after %i, from t = %i to %i', (steps, base, last, first) => {
    const { timesteps } = euler(steps);
    const by = sliceSteps(euler(steps), { denoisingEnd: 0.8 });
    const refiner = sliceSteps(euler(steps), { denoisingStart: 0.8, strength: 0.1 });
    expect(by).toEqual({ from: 0, to: base });
    expect(refiner).toEqual({ from: base, to: steps });
    expect([timesteps[base - 1], timesteps[base]]).toEqual([last, first]);
  });

  test('the cut rounds halves to even, as python does', () => {
    // 1000 − 499.5 and 1000 − 498.5 lie between whole numbers: 500.5 → 500, 501.5 → 502.
    const fine = euler(1000);
    expect(fine.timesteps[sliceSteps(fine, { denoisingStart: 0.4995 }).from]).toBe(499);
    expect(fine.timesteps[sliceSteps(fine, { denoisingStart: 0.4985 }).from]).toBe(501);
  });

  test('any strength gives steps within the schedule, or says that none is left', () => {
    const any = fc.record({
      kind: fc.constantFrom(...kinds),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      strength: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(any, ({ kind, share, strength }) => {
        const steps = 1 + Math.floor(share * (mostSteps[kind] - 1));
        const schedule = buildSchedule({ kind, steps });
        if (Math.trunc(steps * strength) === 0) {
          expect(() => sliceSteps(schedule, { strength })).toThrow(/None of the/);
          return;
        }
        const { from, to } = sliceSteps(schedule, { strength });
        expect(from).toBeGreaterThanOrEqual(0);
        expect(from).toBeLessThan(to);
        expect(to).toBe(steps);
      }),
    );
  });

  test('base and refiner share the steps without a gap, wherever the border is', () => {
    const any = fc.record({
      kind: fc.constantFrom(...kinds),
      steps: fc.integer({ min: 2, max: 50 }),
      border: fc.double({ min: 0.001, max: 0.999, noNaN: true }),
    });
    fc.assert(
      fc.property(any, ({ kind, steps, border }) => {
        const schedule = buildSchedule({ kind, steps });
        const range = (asked: object) => {
          try {
            return sliceSteps(schedule, asked);
          } catch (error) {
            expect(error).toBeInstanceOf(RangeError);
            return null;
          }
        };
        const base = range({ denoisingEnd: border });
        const refiner = range({ denoisingStart: border });
        expect(base?.to ?? 0).toBe(refiner?.from ?? steps);
      }),
    );
  });

  test.each([
    { strength: -0.1 },
    { strength: 1.1 },
    { strength: Number.NaN },
    { strength: 0 },
    { denoisingStart: 0 },
    { denoisingStart: 0.9999 },
    { denoisingEnd: 1 },
    { denoisingStart: 0.8, denoisingEnd: 0.8 },
    { strength: 0.1, denoisingEnd: 0.2 },
  ])('%o is refused', (asked) => {
    expect(() => sliceSteps(euler(20), asked)).toThrow(RangeError);
  });
});

describe('what holds for every schedule', () => {
  const falls = (values: readonly number[]) => values.every((v, k) => k === 0 || v < values[k - 1]!);

  test('training tables are monotone', () => {
    expect(falls([...trainBetas].reverse())).toBe(true);
    expect(falls(trainAlphasCumprod)).toBe(true);
    expect(falls([...trainSigmas].reverse())).toBe(true);
  });

  test.each(kinds)(
    '%s: every number of steps gives falling noise, timesteps of the network, plain data',
    (kind) => {
      for (let steps = 1; steps <= mostSteps[kind]; steps += 1) {
        const schedule = buildSchedule({ kind, steps });
        expect(schedule.timesteps).toHaveLength(steps);
        expect(schedule.sigmas).toHaveLength(steps + 1);
        expect(schedule.sigmas[steps]).toBe(0);
        // 1000 leading steps begin at 1000, for which diffusers takes the σ of 999 again.
        if (kind !== 'euler' || steps < 1000) {
          expect(falls(schedule.sigmas), `${steps}`).toBe(true);
          expect(schedule.timesteps[0]).toBeLessThan(1000);
        }
        expect(schedule.timesteps.every((t, k, all) => t >= 0 && (k === 0 || t <= all[k - 1]!))).toBe(true);
        if (schedule.kind === 'lcm') expect(falls([...schedule.alphasCumprod].reverse())).toBe(true);
      }
      const schedule = buildSchedule({ kind, steps: 7 });
      expect(structuredClone(schedule)).toEqual(schedule);
      expect(JSON.parse(JSON.stringify(schedule))).toEqual(schedule);
    },
  );

  test.each(kinds)(
    '%s: the longest run stays finite; but for LCM, which draws noise, it ends where a shorter one does',
    (kind) => {
      const [long, short] = [mostSteps[kind], Math.ceil(mostSteps[kind] / 2)].map((steps) => {
        const schedule = buildSchedule({ kind, steps });
        const noise = Array.from({ length: steps }, () => golden.start);
        return run(schedule, initialLatents(schedule, start), { from: 0, to: steps, noise });
      });
      expect(long!.every(Number.isFinite)).toBe(true);
      if (kind !== 'lcm') expect(largestDifference(long!, short!)).toBeLessThan(0.05);
    },
  );

  test.each(kinds)('%s: steps that it cannot have are refused with its range', (kind) => {
    for (const steps of [0, -1, 2.5, Number.NaN, Number.POSITIVE_INFINITY, mostSteps[kind] + 1, 10_000]) {
      expect(() => buildSchedule({ kind, steps })).toThrow(`${kind} takes 1..${mostSteps[kind]} whole steps`);
    }
  });

  const predictions: Prediction[] = ['epsilon', 'v_prediction'];
  const each = kinds.flatMap((kind) => predictions.map((prediction) => ({ kind, prediction })));

  test.each(each)(
    '$kind, $prediction: who knows the noise finds the picture at every step',
    ({ kind, prediction }) => {
      const schedule = buildSchedule({ kind, steps: 12, prediction });
      schedule.timesteps.forEach((_, i) => {
        const noisy = addNoise(schedule, i, start, other);
        const sigma = schedule.sigmas[i]!;
        const alpha = 1 / Math.sqrt(sigma ** 2 + 1);
        const velocity = other.map((noise, k) => alpha * noise - sigma * alpha * start[k]!);
        const output = prediction === 'epsilon' ? other : velocity;
        const { x0, latents } = step(schedule, i, noisy, output, null, other);
        // Float32 loses what the noise drowns: a share of the noise's size. LCM mixes a little of its input in.
        const tolerance = 3e-6 * (1 + sigma) + (kind === 'lcm' ? 1e-4 : 0);
        expect(largestDifference(x0, start)).toBeLessThan(tolerance);
        // The next level holds the same picture and the same noise, less of it.
        expect(largestDifference(latents, addNoise(schedule, i + 1, start, other))).toBeLessThan(tolerance);
      });
    },
  );

  test.each(kinds)('%s: nothing is written to, nothing is shared with what came in', (kind) => {
    const schedule = buildSchedule({ kind, steps: 5 });
    const freeze = (value: object) => Object.values(Object.freeze(value)).forEach(Object.freeze);
    freeze(schedule);
    const inputs = [1, 2, 3, 4].map((by) => Float32Array.from(golden.start, (value) => value * by));
    const before = structuredClone(inputs);
    const [latents, output, memory, noise] = inputs as [
      Float32Array<ArrayBuffer>,
      Float32Array<ArrayBuffer>,
      Float32Array<ArrayBuffer>,
      Float32Array<ArrayBuffer>,
    ];
    for (const i of [1, 4]) {
      const result = step(schedule, i, latents, output, memory, noise);
      const made = [
        result.latents,
        result.x0,
        scaleInput(schedule, i, latents),
        addNoise(schedule, i, latents, noise),
        initialLatents(schedule, noise),
      ];
      expect(inputs).toEqual(before);
      const buffers = new Set([...inputs, ...made].map(({ buffer }) => buffer));
      expect(buffers.size).toBe(inputs.length + made.length);
      expect(step(schedule, i, latents, output, memory, noise)).toEqual(result);
    }
  });

  test.each(kinds)('%s: after the last step there is no noise; it ends with the picture', (kind) => {
    const schedule = buildSchedule({ kind, steps: 3 });
    expect(addNoise(schedule, 3, start, other)).toEqual(start);
    const memory = kind.startsWith('dpm') ? other : null;
    const { latents, x0 } = step(schedule, 2, start, other, memory);
    expect(largestDifference(latents, x0)).toBeLessThan(1e-6);
  });

  test.each(kinds)('%s: wrong indices and lengths are refused', (kind) => {
    const schedule = buildSchedule({ kind, steps: 4 });
    const short = start.subarray(1);
    for (const i of [-1, 4, 0.5, Number.NaN]) {
      expect(() => step(schedule, i, start, other, null, other)).toThrow(/step .* is not one of 0\.\.3/);
      expect(() => scaleInput(schedule, i, start)).toThrow(RangeError);
    }
    expect(() => addNoise(schedule, 5, start, other)).toThrow(RangeError);
    expect(() => addNoise(schedule, 0, start, short)).toThrow('noise has 31 values, the latents have 32');
    expect(() => step(schedule, 0, start, short, null, other)).toThrow('output has 31 values');
    if (kind === 'lcm') {
      expect(() => step(schedule, 0, start, other, null)).toThrow('step 0 of lcm takes noise');
      expect(() => step(schedule, 0, start, other, null, short)).toThrow('noise has 31 values');
    }
    if (kind.startsWith('dpm')) {
      const memory = new Float32Array(31);
      expect(() => step(schedule, 1, start, other, memory)).toThrow('memory has 31 values');
    }
  });
});
