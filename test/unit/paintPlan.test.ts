import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type PaintOrder, planPainting, smallerPlan, weightsOf } from '../../src/pipeline/paintPlan';
import { makeFacts } from '../fakes/gpu';
import { makeFile, makePack } from '../fakes/packList';

/** SDXL in float16 (docs of the model tools). */
const HALF: PaintOrder['weights'] = {
  text_encoder: 246_000_000,
  text_encoder_2: 1_390_000_000,
  vae_encoder: 68_000_000,
  unet: 5_135_000_000,
  refiner: 4_519_000_000,
  vae_decoder: 99_000_000,
};
const FOUR_BITS: PaintOrder['weights'] = {
  ...HALF,
  text_encoder_2: 461_000_000,
  unet: 1_930_000_000,
  refiner: 2_440_000_000,
};
const order = (change: Partial<PaintOrder> = {}): PaintOrder => ({
  weights: FOUR_BITS,
  half: true,
  guided: true,
  refiner: 'none',
  pictures: 4,
  sidePx: 0,
  ...change,
});

test('where there is room everything stays loaded, at the largest size, with both prompts at once', () => {
  const plan = planPainting(makeFacts({ ramHintGib: 32 }), order({ refiner: 'latents' }));
  expect(plan).toMatchObject({ sidePx: 1024, together: true, pictures: 2 });
  expect(plan.keeps).toEqual([
    'text_encoder',
    'text_encoder_2',
    'vae_encoder',
    'unet',
    'refiner',
    'vae_decoder',
  ]);
});

test('a smaller computer releases what it does not use, then makes the picture smaller', () => {
  const some = planPainting(makeFacts({ ramHintGib: 4 }), order());
  expect(some.keeps).not.toContain('text_encoder_2');
  expect(some.sidePx).toBe(1024);
  expect(some.needsBytes).toBeLessThan(0.6 * 4 * 2 ** 30);
  const little = planPainting(
    makeFacts({ ramHintGib: 4 }),
    order({ weights: { ...FOUR_BITS, unet: 2_500_000_000 } }),
  );
  expect(little).toMatchObject({ sidePx: 512, together: false, pictures: 1, keeps: [] });
});

test('what is loaded at one time is what a plan says it needs', () => {
  const plan = planPainting(makeFacts({ ramHintGib: 2 }), order({ weights: HALF, sidePx: 768 }));
  // Weights of the UNet, and its activations at 768 px in float16.
  expect(plan.needsBytes).toBeCloseTo(5_135_000_000 + 1.3 * 162 * 768 * 768, -3);
});

test('without a negative prompt there is nothing to run together; a wanted size is kept', () => {
  const plan = planPainting(makeFacts({ ramHintGib: 32 }), order({ guided: false, sidePx: 640 }));
  expect(plan).toMatchObject({ together: false, pictures: 4, sidePx: 640 });
  const alone = smallerPlan({ ...plan, keeps: [] }, order({ guided: false, sidePx: 640 }))!;
  expect(alone).toMatchObject({ pictures: 1, sidePx: 640 });
  expect(smallerPlan(alone, order({ guided: false, sidePx: 640 }))).toBeNull();
});

test('a processor that imitates a GPU paints small pictures', () => {
  const plan = planPainting(makeFacts({ ramHintGib: 32, software: true }), order());
  expect(plan).toMatchObject({ sidePx: 512 });
});

test('a refiner that goes over the picture keeps the picture networks, which it needs twice', () => {
  const plan = planPainting(makeFacts({ ramHintGib: 1 }), order({ refiner: 'picture' }));
  expect(plan.keeps).toEqual(['vae_encoder', 'vae_decoder']);
});

test('each smaller plan needs less, down to the smallest', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(1, 2, 4, 8, 16, 32),
      fc.constantFrom<PaintOrder['refiner']>('none', 'latents', 'picture'),
      fc.boolean(),
      (ramHintGib, refiner, guided) => {
        const asked = order({ refiner, guided, weights: HALF });
        const plans = [planPainting(makeFacts({ ramHintGib }), asked)];
        for (let next = smallerPlan(plans[0]!, asked); next; next = smallerPlan(next, asked))
          plans.push(next);
        const needs = plans.map(({ needsBytes }) => needsBytes);
        expect(needs).toEqual(needs.toSorted((a, b) => b - a));
        expect(new Set(needs).size).toBe(needs.length);
        expect(plans.length).toBeLessThan(12);
        expect(plans.at(-1)).toMatchObject({ sidePx: 512, together: false, pictures: 1 });
      },
    ),
  );
});

test('weights are counted by network, those of the refiner from its own pack', () => {
  const files = [
    'unet.onnx',
    'unet.0.weights',
    'unet.1.weights',
    'vae_encoder.onnx',
    'text_encoder.onnx',
    'text_encoder_2.onnx',
  ];
  const base = makePack('base', { files: files.map((path, i) => makeFile(path, 10 ** i)) });
  const refiner = makePack('refiner', {
    files: [makeFile('unet.onnx', 7), makeFile('vae_decoder.onnx', 70)],
  });
  expect(weightsOf(base, refiner)).toEqual({
    unet: 111,
    vae_encoder: 1000,
    text_encoder: 10_000,
    text_encoder_2: 100_000,
    vae_decoder: 0,
    refiner: 7,
  });
  expect(weightsOf(base, null).refiner).toBe(0);
});
