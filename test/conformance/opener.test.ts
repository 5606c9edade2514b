/** Faces with both eyes shut, opened by the network that the app ships; skipped without the photos beside the repository. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { encode } from 'fast-png';
import { expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../../src/core/config';
import { closedSides, type Face, SIDES } from '../../src/core/face';
import { rect } from '../../src/core/geometry';
import type { GraphSpec } from '../../src/core/pack';
import { CHANNELS, type Raster, raster } from '../../src/core/raster';
import type { Engines } from '../../src/engines/contracts';
import { frameOf, maskShapes } from '../../src/pipeline/crop';
import { openFace } from '../../src/pipeline/opener';
import { uniteMasks } from '../../src/pixels/mask';
import { resample } from '../../src/pixels/resample';
import { createOpener } from '../../workers/opener/engine';
import { openNetwork } from '../../workers/ort/network';
import { laidIn, type Opened, photosFolder, photosPresent, type Seen, see, verdictOf } from './donorRoad';
import { nodeVision } from './nodeVision';

const GREY = 'syn_gray_closed.jpg';
const VARIATIONS = 2;
/** What has to be seen open, issue 9. */
const LEAST_OPEN = 0.97;
/** Side of a face on the sheet, px, and faces on one. */
const SHOWN_PX = 320;
const SHEET_ROWS = 5;

const root = resolve(import.meta.dirname, '../..');
const sheets = resolve(root, 'artifacts/eyes');
const { signal } = new AbortController();
const vision = nodeVision();
const opener = createOpener(() => {
  const models = resolve(root, 'public/models');
  const { packs } = JSON.parse(readFileSync(resolve(models, 'catalog.json'), 'utf8'));
  const spec: GraphSpec = packs.find(({ id }: { id: string }) => id === 'eyes').tensors[0];
  return openNetwork(readFileSync(resolve(models, 'eyes', spec.path)), { spec });
});

/** Photos with a face that is labelled as one without an open eye, as far as Node reads them. */
function closedPhotos(): readonly string[] {
  type Labels = Readonly<Record<string, { labels?: readonly { eyes?: Readonly<Record<string, string>> }[] }>>;
  const { photos }: { photos: Labels } = JSON.parse(
    readFileSync(resolve(photosFolder, 'labels.json'), 'utf8'),
  );
  const isShut = (eyes?: Readonly<Record<string, string>>) => eyes && !Object.values(eyes).includes('open');
  const named = Object.entries(photos).filter(([, { labels }]) => labels?.some(({ eyes }) => isShut(eyes)));
  return [...named.map(([name]) => name).filter((name) => /\.(jpg|png)$/.test(name)), GREY];
}

async function opened(seen: Seen, face: Face): Promise<readonly Opened[]> {
  const config = {
    ...DEFAULT_CONFIG,
    generation: { ...DEFAULT_CONFIG.generation, numVariations: VARIATIONS },
  };
  const self = { photo: seen.info, faces: seen.faces };
  const choice = { face, sides: SIDES };
  const frame = frameOf(face, config.crop);
  const engines = { photo: seen.engine, vision, opener } as unknown as Engines;
  const request = { self, choices: [choice], donors: [], matches: [], config };
  const candidates = await openFace(choice, frame, request, engines, signal);
  const [before] = await seen.engine.cut(seen.info.id, [frame], signal);
  const laid = candidates.map((candidate) => laidIn(before!, candidate, frame.sidePx));
  const masks = maskShapes(face, frame, config.crop);
  const mask = uniteMasks([masks.right, masks.left], frame.sidePx, frame.sidePx);
  for (const { after } of laid) {
    const stray = after.data.findIndex(
      (code, i) => code !== before!.data[i] && !mask.data[Math.floor(i / CHANNELS)],
    );
    expect(stray, seen.info.name).toBe(-1);
  }
  return laid;
}

test.skipIf(!photosPresent)(
  'every face that is shut is opened, and nothing beside its eyes is changed (skipped without ../shared)',
  async () => {
    const rows: Raster<'crop'>[][] = [];
    const shut: string[] = [];
    for (const name of closedPhotos()) {
      const seen = await see(name);
      for (const face of seen.faces.filter((one) => closedSides(one).length === 2)) {
        const laid = await opened(seen, face);
        expect(laid).toHaveLength(VARIATIONS);
        rows.push([laid[0]!.before, ...laid.map(({ after }) => after)]);
        for (const { after, candidate } of laid) {
          const verdict = await verdictOf(after);
          const isOpen = SIDES.every((side) => verdict?.[side] === 'open');
          if (!isOpen) shut.push(`${name} face ${face.index} ${candidate.id}: ${JSON.stringify(verdict)}`);
          if (name === GREY) expect(tinted(after)).toBe(0);
        }
      }
    }
    saveSheets(rows);
    const all = rows.length * VARIATIONS;
    process.stdout.write(`${all - shut.length} of ${all} pairs of eyes are open\n${shut.join('\n')}\n`);
    expect(rows.length).toBeGreaterThan(6);
    expect((all - shut.length) / all).toBeGreaterThanOrEqual(LEAST_OPEN);
  },
  300_000,
);

/** Pixels with a colour. */
function tinted({ data }: Raster<'crop'>): number {
  return data.filter((code, i) => i % CHANNELS < 2 && code !== data[i + 1]).length;
}

/** Each row a face: as it was, then its variations. */
function saveSheets(rows: readonly (readonly Raster<'crop'>[])[]): void {
  mkdirSync(sheets, { recursive: true });
  for (let from = 0; from < rows.length; from += SHEET_ROWS) {
    const some = rows.slice(from, from + SHEET_ROWS);
    const sheet = raster<'crop'>((1 + VARIATIONS) * SHOWN_PX, some.length * SHOWN_PX);
    for (const [y, row] of some.entries())
      for (const [x, square] of row.entries()) {
        const small = resample(square, rect(0, 0, square.width, square.height), SHOWN_PX, SHOWN_PX);
        for (let line = 0; line < SHOWN_PX; line += 1) {
          const at = ((y * SHOWN_PX + line) * sheet.width + x * SHOWN_PX) * CHANNELS;
          const width = SHOWN_PX * CHANNELS;
          sheet.data.set(small.data.subarray(line * width, (line + 1) * width), at);
        }
      }
    const png = encode({ width: sheet.width, height: sheet.height, data: new Uint8Array(sheet.data.buffer) });
    writeFileSync(resolve(sheets, `app-${1 + from / SHEET_ROWS}.png`), png);
  }
}
