/** Closed eyes of real photos, prefilled; skipped without the photos beside the repository. */
import { expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../../src/core/config';
import { closedSides, type Face, movedEye } from '../../src/core/face';
import { frameOf, maskShapes } from '../../src/pipeline/crop';
import { irisColour } from '../../src/pixels/irisColour';
import { prefillEyes } from '../../src/pixels/prefillEye';
import { photosPresent, see, verdictOf } from './donorRoad';

const CLOSED = [
  'burst_franck_04000_closed.jpg',
  'closed_01_scrunched_dark_bg.jpg',
  'closed_05_looking_down.jpg',
  'closed_11_video_frame_laugh.jpg',
  'group_02_t1_6faces.jpg',
  'group_05_costume_3faces.jpg',
  'syn_gray_closed.jpg',
  'wink_01_dark_bg.jpg',
];

test.skipIf(!photosPresent)(
  'a prefilled eye is an open eye to the detector (skipped without ../shared)',
  async () => {
    const lines: string[] = [];
    let open = 0;
    let all = 0;
    for (const name of CLOSED) {
      const { info, engine, faces } = await see(name);
      for (const face of faces.filter((one) => closedSides(one).length > 0)) {
        const frame = frameOf(face, { ...DEFAULT_CONFIG.crop, cropOutputSize: 512 });
        const [square] = await engine.cut(info.id, [frame], new AbortController().signal);
        const sides = closedSides(face);
        const filled = prefillEyes(
          square!,
          eyesOf(face, frame),
          irisOf(face, frame, square!),
          face.pose.yawRad,
        );
        const verdict = await verdictOf(filled);
        for (const side of sides) {
          all += 1;
          if (verdict?.[side] === 'open') open += 1;
          else lines.push(`${name} face ${face.index} ${side}: ${verdict?.[side] ?? 'no face'}`);
        }
      }
    }
    process.stdout.write(`${open} of ${all} prefilled eyes are open\n${lines.join('\n')}\n`);
    expect(all).toBeGreaterThan(14);
    expect(open / all).toBeGreaterThan(0.9);
  },
  120_000,
);

type Frame = ReturnType<typeof frameOf>;

function eyesOf(face: Face, frame: Frame) {
  const masks = maskShapes(face, frame, DEFAULT_CONFIG.crop);
  return closedSides(face).map((side) => ({
    side,
    mask: masks[side],
    eye: movedEye(face.eyes[side], frame.toCrop),
  }));
}

/** From the other eye where that is open. */
function irisOf(face: Face, frame: Frame, square: Parameters<typeof irisColour<'crop'>>[0]) {
  const side = (['left', 'right'] as const).find((one) => face.verdicts[one].state === 'open');
  return side ? irisColour(square, movedEye(face.eyes[side], frame.toCrop)) : null;
}
