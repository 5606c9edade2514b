/** The page on a computer that has a painter: its packs are whole, and the GPU is fit. */
import { type Locator, page } from 'vitest/browser';
import type { FakeOptions } from '../fakes/engines';
import { makeFacts } from '../fakes/gpu';
import { makeFile, makePack, makeReady } from '../fakes/packList';

export const painterPack = makePack('sdxl-inpaint', {
  files: [
    makeFile('text_encoder.onnx', 246_000_000),
    makeFile('text_encoder_2.onnx', 1_390_000_000),
    makeFile('vae_encoder.onnx', 68_000_000),
    makeFile('unet.onnx', 1_760_000_000),
    makeFile('vae_decoder.onnx', 99_000_000),
  ],
});
export const refinerPack = makePack('sdxl-refiner', { files: [makeFile('unet.onnx', 1_520_000_000)] });

export const painterHere: FakeOptions = {
  packs: { statuses: [makeReady(painterPack)] },
  gpu: { facts: makeFacts({ ramHintGib: 8 }) },
};
export const refinerHere: FakeOptions = {
  ...painterHere,
  packs: { statuses: [makeReady(painterPack), makeReady(refinerPack)] },
};

export const summary = (): Locator => page.getByText('Paint new eyes', { exact: true });
export const form = {
  prompt: () => page.getByRole('textbox', { name: 'What to paint' }),
  avoid: () => page.getByRole('textbox', { name: 'What to avoid' }),
  iris: () => page.getByRole('combobox', { name: 'Colour of the eyes' }),
  strength: () => page.getByRole('slider', { name: 'Strength' }),
  seed: () => page.getByRole('textbox', { name: 'Seed' }),
  paint: () => page.getByRole('button', { name: 'Paint', exact: true }),
} as const;
