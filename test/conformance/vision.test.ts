/** Real networks on the labelled photos beside the repository: the three targets of the detection stage. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../../src/core/config';
import type { EyeState, Face, Side } from '../../src/core/face';
import { findFaces } from '../../src/pipeline/detect';
import { secondVotes, verdictsOf } from '../../src/pipeline/verdict';
import { openPhoto } from './nodePhotos';
import { nodeVision } from './nodeVision';

const root = resolve(import.meta.dirname, '../..');
const photos = resolve(root, '../shared/photos');
const present = existsSync(resolve(photos, 'labels.json'));

type Label = EyeState;
interface LabelledFace {
  readonly centre?: readonly [number, number];
  readonly eyes: { readonly imageLeft: Label; readonly imageRight: Label };
}
interface LabelledPhoto {
  readonly faces: number;
  readonly allOpen?: boolean;
  readonly labels?: readonly LabelledFace[];
}

const STATES: readonly EyeState[] = ['closed', 'unsure', 'open'];
/** The picture's sides as the subject's: faces look at the camera. */
const SIDE_AT = { imageLeft: 'right', imageRight: 'left' } as const satisfies Record<string, Side>;

const vision = nodeVision();

test.skipIf(!present)(
  'faces are found, closed eyes are found, open eyes are left alone (skipped without ../shared)',
  async () => {
    const labels: Readonly<Record<string, LabelledPhoto>> = JSON.parse(
      readFileSync(resolve(photos, 'labels.json'), 'utf8'),
    ).photos;
    const counts = new Map<string, number>();
    const count = (key: string, by = 1) => counts.set(key, (counts.get(key) ?? 0) + by);
    const lines: string[] = [];
    for (const [name, labelled] of Object.entries(labels)) {
      const { info, engine } = openPhoto(resolve(photos, name), name);
      const startMs = performance.now();
      const faces = await findFaces(
        info,
        { photo: engine, vision },
        DEFAULT_CONFIG.detection,
        new AbortController().signal,
      );
      const ms = Math.round(performance.now() - startMs);
      count('wanted', labelled.faces);
      count('found', Math.min(labelled.faces, faces.length));
      count('extra', Math.max(0, faces.length - labelled.faces));
      lines.push(`${name}: ${faces.length} of ${labelled.faces} faces, ${ms} ms`);
      for (const { label, face } of pairs(labelled, faces)) {
        for (const [imageSide, side] of Object.entries(SIDE_AT)) {
          const wanted = label.eyes[imageSide as keyof typeof SIDE_AT];
          const verdict = face?.verdicts[side];
          count(`${wanted}→${verdict?.state ?? 'no face'}`);
          if (face) count(`by 8: ${wanted}→${byEightPoints(face)[side].state}`);
          if (!verdict || verdict.state !== wanted) {
            const { areaPx512 = 0, aspectRatio = 0, reason = 'no-face' } = verdict ?? {};
            lines.push(
              `   ${side} is ${wanted}, called ${verdict?.state ?? 'nothing'} (${Math.round(areaPx512)} px², ${aspectRatio.toFixed(3)}, ${reason})`,
            );
          }
        }
      }
    }
    const get = (key: string) => counts.get(key) ?? 0;
    const table = STATES.map(
      (wanted) =>
        `${wanted.padEnd(8)} ${[...STATES, 'no face'].map((s) => String(get(`${wanted}→${s}`)).padStart(8)).join('')}`,
    );
    process.stdout.write(
      `${lines.join('\n')}\nlabel \\ verdict  ${[...STATES, 'no face'].join('  ')}\n${table.join('\n')}\n` +
        `faces: ${get('found')} of ${get('wanted')} found, ${get('extra')} too many\n`,
    );
    const sum = (wanted: EyeState) => [...STATES, 'no face'].reduce((n, s) => n + get(`${wanted}→${s}`), 0);
    expect(get('found') / get('wanted')).toBeGreaterThanOrEqual(0.95);
    expect(get('extra')).toBeLessThanOrEqual(1);
    expect(get('closed→closed') / sum('closed')).toBeGreaterThanOrEqual(0.95);
    expect(get('open→closed') / sum('open')).toBeLessThanOrEqual(0.01);
    // Rings of 8 points, as Buffalo_L has them, are judged as well as those of 16.
    expect(get('by 8: closed→closed')).toBe(get('closed→closed'));
    expect(get('by 8: open→open')).toBe(get('open→open'));
  },
  180_000,
);

/** Verdicts on every second point of the mesh's rings, with the whole rings' as the second vote. */
function byEightPoints({ eyes, verdicts, mesh }: Face): Face['verdicts'] {
  const half = (side: Side) => ({ ...eyes[side], contour: eyes[side].contour.filter((_, i) => i % 2 === 0) });
  const settings = DEFAULT_CONFIG.detection;
  const first = verdictsOf({ left: half('left'), right: half('right') }, mesh.presence, settings);
  return secondVotes(first, verdicts, settings);
}

/** Each labelled face with the found one whose box holds its centre. `allOpen` labels every found face. */
function pairs(
  { labels, allOpen }: LabelledPhoto,
  faces: readonly Face[],
): readonly { readonly label: LabelledFace; readonly face: Face | undefined }[] {
  if (allOpen)
    return faces.map((face) => ({ face, label: { eyes: { imageLeft: 'open', imageRight: 'open' } } }));
  return (labels ?? []).map((label) => {
    const [x, y] = label.centre ?? [];
    const holds = ({ box }: Face) =>
      x === undefined || (x >= box.x && x < box.x + box.width && y! >= box.y && y! < box.y + box.height);
    return { label, face: faces.find(holds) };
  });
}
