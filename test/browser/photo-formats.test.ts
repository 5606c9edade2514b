/** Every format of ../shared/photos through the real worker, against Pillow (test/golden/photos.json). */
import { afterAll, describe, expect, test } from 'vitest';
import type { PhotoNotice } from '../../src/core/photo';
import golden from '../golden/photos.json';
import { digest, engines, original, photo, signal } from './photoEngine';
import { NOT_HERE, sharedPhoto } from './sharedPhoto';

interface Entry {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly visible?: string;
  /** x, y, red, green, blue */
  readonly samples?: readonly (readonly number[])[];
}

const notices: Readonly<Record<string, readonly PhotoNotice[]>> = {
  'fmt_01_cmyk_face.jpg': ['cmyk-converted'],
  'fmt_02_cmyk_exif_orientation_face.jpg': ['cmyk-converted'],
  'syn_cmyk_closed.jpg': ['cmyk-converted'],
  'fmt_10_cmyk_icc_people.jpg': ['cmyk-converted'],
  'fmt_09_avif_10bit_hdr_p3_tiny_people.avif': ['reduced-to-8-bit', 'hdr-flattened'],
  'fmt_11_gain_map_no_face.jpg': ['hdr-flattened'],
  'fmt_14_16bit_flag_no_face.png': ['reduced-to-8-bit'],
  'syn_png16_astronaut.png': ['reduced-to-8-bit'],
  'syn_png16_gray_astronaut.png': ['reduced-to-8-bit'],
  'syn_png16_closed.png': ['reduced-to-8-bit'],
  'fmt_17_animated_rotating_squares.webp': ['first-frame-only'],
  'fmt_18_animated_faces.gif': ['first-frame-only'],
  'syn_anim_open_wink_closed.gif': ['first-frame-only'],
  'syn_anim_open_wink_closed.webp': ['first-frame-only'],
  'syn_anim_open_wink_closed.apng.png': ['first-frame-only'],
  'syn_truncated_60pct_closed.jpg': ['damaged-part'],
};

/** Converted values may differ by rounding. */
const TOLERANCE = 2;

afterAll(() => engines.dispose());

describe('decoded as Pillow decodes', () => {
  test.for(golden as readonly Entry[])(
    '$name',
    async ({ name, width, height, visible, samples }, { skip }) => {
      const file = await sharedPhoto(name);
      if (!file) return skip(NOT_HERE);
      const info = await photo.open(file, name, signal);
      expect([info.width, info.height]).toEqual([width, height]);
      expect(info.notices).toEqual(notices[name] ?? []);
      const pixels = await original(info);
      if (visible) expect(await digest(pixels.data)).toBe(visible);
      for (const [x, y, ...colour] of samples ?? []) {
        const at = (y! * width + x!) * 4;
        colour.forEach((value, c) => {
          expect(Math.abs(pixels.data[at + c]! - value)).toBeLessThanOrEqual(TOLERANCE);
        });
      }
      await photo.close(info.id, signal);
    },
  );
});
