import { expect, test } from 'vitest';
import { latentPreview } from '../../workers/diffusion/preview';

/** One latent pixel a row of the list: four channels each. */
function latents(width: number, height: number, pixels: readonly (readonly number[])[]) {
  const data = new Float32Array(4 * pixels.length);
  pixels.forEach((channels, i) => {
    channels.forEach((value, c) => {
      data[c * pixels.length + i] = value;
    });
  });
  return { data, dims: [1, 4, height, width] };
}

test('channels are mixed into colours, pixel by pixel', () => {
  const picture = latentPreview(
    latents(3, 2, [
      [0, 0, 0, 0],
      [1, 0, 0, 0],
      [0, 1, 0, 0],
      [0, 0, 1, 0],
      [0, 0, 0, 1],
      [0.5, -1, 2, -0.25],
    ]),
  );
  expect([picture.width, picture.height]).toEqual([3, 2]);
  // By hand: 127.5 · (1 + bias + factors · latents).
  expect([...picture.data]).toEqual(
    [
      [141, 125, 127, 255],
      [188, 179, 183, 255],
      [109, 125, 141, 255],
      [155, 139, 123, 255],
      [101, 93, 99, 255],
      [234, 189, 139, 255],
    ].flat(),
  );
});

test('what is brighter than white or darker than black is cut', () => {
  const picture = latentPreview(
    latents(2, 1, [
      [9, 0, 0, 0],
      [-9, 0, 0, 0],
    ]),
  );
  expect([...picture.data]).toEqual([255, 255, 255, 255, 0, 0, 0, 255]);
});

test('latents of another shape are refused', () => {
  for (const dims of [
    [2, 4, 1, 1],
    [1, 9, 1, 1],
    [4, 1, 1],
  ])
    expect(() => latentPreview({ data: new Float32Array(9), dims })).toThrow(`[${dims.join(', ')}]`);
});
