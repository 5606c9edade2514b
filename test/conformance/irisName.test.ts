/** Iris colours of real eyes, named by looking at them; skipped without the photos beside the repository. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../../src/core/config';
import { type Face, movedEye, SIDES } from '../../src/core/face';
import { frameOf } from '../../src/pipeline/crop';
import { findFaces } from '../../src/pipeline/detect';
import { type IrisName, irisName } from '../../src/pipeline/irisName';
import { irisColour, scleraColour } from '../../src/pixels/irisColour';
import { openPhoto } from './nodePhotos';
import { nodeVision } from './nodeVision';

const shared = resolve(import.meta.dirname, '../../../shared');
const present = existsSync(resolve(shared, 'photos/labels.json')) && existsSync(resolve(shared, 'faces'));

const senators = 'faces/us_congress_gpo_jforms';
const london = 'faces/london_canada_ccby';
const fellows = 'faces/us_pif_cc0';
const deputies = 'faces/br_deputies_voti/files__politicians__deputies__imagens__deputados.pdf-image';

/** By eye. Every open eye of the picture has the colour. */
const EYES: Readonly<Record<IrisName, readonly string[]>> = {
  'dark brown': [
    'photos/group_16_black_family_3faces.jpg',
    'photos/open_10_brown_skin_man.jpg',
    'photos/open_19_two_children.jpg',
    'photos/open_23_dark_bg_surprised.jpg',
    'photos/wink_01_dark_bg.jpg',
    `${senators}/A000365.jpg`,
    `${senators}/B001278.jpg`,
    `${senators}/C001046.jpg`,
    `${senators}/D000096.jpg`,
    `${senators}/F000460.jpg`,
    `${senators}/J000032.jpg`,
    `${london}/canada__045f.jpg`,
    `${london}/neutral_front__061_03.jpg`,
    `${london}/neutral_front__082_03.jpg`,
    `${london}/neutral_front__096_03.jpg`,
    `${london}/neutral_front__129_03.jpg`,
    `${london}/neutral_front__130_03.jpg`,
    `${london}/smiling_front__025_08.jpg`,
    `${london}/smiling_front__094_08.jpg`,
    `${fellows}/fellows__2012__henry-wei-headshot.jpg`,
    `${fellows}/fellows__2023__beatrice-mercier-headshot.jpg`,
    `${deputies}-011.jpg`,
    `${deputies}-052.jpg`,
  ],
  brown: [
    'photos/burst_franck_03909.jpg',
    'photos/burst_franck_04035_open.jpg',
    'photos/open_16_commons_glasses.jpg',
    `${senators}/E000179.jpg`,
    `${senators}/E000292.jpg`,
    `${senators}/F000452.jpg`,
    `${london}/canada__019f.jpg`,
    `${london}/canada__095m.jpg`,
    `${london}/canada__154m.jpg`,
    `${deputies}-261.jpg`,
    `${deputies}-441.jpg`,
  ],
  hazel: [
    `${senators}/L000553.jpg`,
    `${fellows}/fellows__2020__dennis-chornenky-headshot.jpg`,
    `${deputies}-209.jpg`,
  ],
  green: ['photos/open_21_hands_on_head.jpg', `${deputies}-396.jpg`],
  grey: [
    'photos/open_18_commons_smile_narrow_eyes.jpg',
    'photos/open_28_24mp_bar.jpg',
    `${london}/neutral_front__026_03.jpg`,
    `${london}/neutral_front__107_03.jpg`,
    `${london}/neutral_front__140_03.jpg`,
    `${london}/neutral_front__141_03.jpg`,
  ],
  blue: [
    'photos/open_09_man_closeup.jpg',
    `${senators}/B000575.jpg`,
    `${senators}/B001258.jpg`,
    `${senators}/D000605.jpg`,
    `${senators}/H001038.jpg`,
    `${senators}/H001068.jpg`,
    `${senators}/K000362.jpg`,
    `${london}/neutral_front__014_03.jpg`,
    `${london}/neutral_front__097_03.jpg`,
    `${london}/neutral_front__120_03.jpg`,
    `${london}/smiling_front__012_08.jpg`,
    `${london}/smiling_front__014_08.jpg`,
    `${london}/smiling_front__139_08.jpg`,
    `${fellows}/fellows__2014__maia-hansen-headshot.jpg`,
    `${fellows}/fellows__2022__james-villarrubia-headshot.jpg`,
  ],
};

/** What people may call the same eye. Brown and blue have no word in common. */
const NEIGHBOURS: Readonly<Record<IrisName, readonly IrisName[]>> = {
  'dark brown': ['brown'],
  brown: ['dark brown', 'hazel'],
  hazel: ['brown', 'green'],
  green: ['hazel', 'grey'],
  grey: ['green', 'blue'],
  blue: ['grey'],
};
const NAMES = Object.keys(EYES) as IrisName[];
const vision = nodeVision();

test.skipIf(!present)(
  'irises of real eyes are named as a person names them (skipped without ../shared)',
  async () => {
    const counts = new Map<string, number>();
    const far: string[] = [];
    let sampled = 0;
    for (const wanted of NAMES)
      for (const path of EYES[wanted])
        for (const { iris, sclera } of await coloursIn(path)) {
          sampled += 1;
          const name = irisName(iris, sclera);
          const blind = irisName(iris);
          counts.set(`${wanted}→${name}`, (counts.get(`${wanted}→${name}`) ?? 0) + 1);
          const isNear = name === wanted || NEIGHBOURS[wanted].includes(name);
          if (!isNear) far.push(`${path}: ${wanted} called ${name}`);
          expect([wanted, blind], path).not.toEqual(
            wanted.endsWith('brown') ? [wanted, 'blue'] : [wanted, 'dark brown'],
          );
        }
    const row = (wanted: IrisName) =>
      `${wanted.padEnd(12)}${NAMES.map((n) => String(counts.get(`${wanted}→${n}`) ?? 0).padStart(12)).join('')}`;
    process.stdout.write(
      `${sampled} eyes; eye \\ name  ${NAMES.join('  ')}\n${NAMES.map(row).join('\n')}\n${far.join('\n')}\n`,
    );
    expect(sampled).toBeGreaterThan(100);
    expect(far).toEqual([]);
    const right = NAMES.reduce((sum, name) => sum + (counts.get(`${name}→${name}`) ?? 0), 0);
    expect(right / sampled).toBeGreaterThan(0.75);
  },
  180_000,
);

async function coloursIn(path: string) {
  const { info, engine } = openPhoto(resolve(shared, path), path);
  const signal = new AbortController().signal;
  const faces = await findFaces(info, { photo: engine, vision }, DEFAULT_CONFIG.detection, signal);
  const colours = await Promise.all(
    faces.map(async (face: Face) => {
      const frame = frameOf(face, DEFAULT_CONFIG.crop);
      const [square] = await engine.cut(info.id, [frame], signal);
      return SIDES.filter((side) => face.verdicts[side].state === 'open').flatMap((side) => {
        const eye = movedEye(face.eyes[side], frame.toCrop);
        const iris = irisColour(square!, eye);
        return iris ? [{ iris, sclera: scleraColour(square!, eye) }] : [];
      });
    }),
  );
  return colours.flat();
}
