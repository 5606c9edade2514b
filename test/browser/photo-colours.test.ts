/** Colours that a file tells by numbers instead of a profile, through the real worker. */
import { afterAll, expect, test } from 'vitest';
import { joinBytes, u32Bytes } from '../../workers/photo/formats/bytes';
import { writePng } from '../../workers/photo/formats/pngWriter';
import { engines, photo, signal } from './photoEngine';

afterAll(() => engines.dispose());

const options = { quality: 1, keepGps: true, enlarge: 1, parts: 'captured', record: {} } as const;

/** Eight colours side by side, 16 px each, that tell how they are meant by numbers only. */
function numberedPng(gamma: number, chromaticities: readonly number[]): Promise<Blob> {
  const colours = [20, 60, 110, 160, 210, 240].map((code) => [code, code, code]);
  colours.push([180, 60, 40], [60, 150, 90]);
  const rows = (_y: number, count: number) => {
    const data = new Uint8ClampedArray(128 * count * 4).fill(255);
    for (let i = 0; i < 128 * count; i += 1) data.set(colours[Math.floor((i % 128) / 16)]!, i * 4);
    return data;
  };
  const chunks = [
    { type: 'gAMA', data: u32Bytes(gamma) },
    ...(chromaticities.length > 0
      ? [{ type: 'cHRM', data: joinBytes(chromaticities.map((value) => u32Bytes(value))) }]
      : []),
  ];
  return writePng({ width: 128, height: 16, hasAlpha: false, rows }, chunks);
}

test.each([
  ['linear light', 100_000, []],
  ['Adobe RGB', 45_470, [31_270, 32_900, 64_000, 33_000, 21_000, 71_000, 15_000, 6000]],
])(
  'colours that a PNG tells by numbers look the same in every format: %s',
  async (_case, gamma, primaries) => {
    const file = await numberedPng(gamma, primaries);
    const info = await photo.open(file, 'numbers.png', signal);
    const seen = async (source: Blob | ImageBitmap) => {
      const bitmap = source instanceof Blob ? await createImageBitmap(source) : source;
      const context = new OffscreenCanvas(128, 16).getContext('2d', { colorSpace: 'display-p3' })!;
      context.drawImage(bitmap, 0, 0);
      return Array.from({ length: 8 }, (_, i) => [...context.getImageData(16 * i + 8, 8, 1, 1).data]);
    };
    const wanted = await seen(file);
    const expectAlike = (found: readonly number[][], what: string) => {
      const apart = found.flatMap((colour, i) => colour.map((value, c) => Math.abs(value - wanted[i]![c]!)));
      expect(Math.max(...apart), `${what}: ${found.join(' ')} instead of ${wanted.join(' ')}`).toBeLessThan(
        5,
      );
    };
    expectAlike(await seen((await photo.view(info.id, 128, true, signal)).bitmap), 'view');
    for (const format of ['jpeg', 'webp', 'png'] as const) {
      const { blob } = await photo.save(info.id, { ...options, format }, signal);
      expectAlike(await seen(blob), format);
      // Beside the new profile they would be wrong.
      expect(await blob.text()).not.toMatch(/gAMA|cHRM/);
    }
    await photo.close(info.id, signal);
  },
);
