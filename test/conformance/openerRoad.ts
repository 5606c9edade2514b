/** The network that the app ships on real photos under Node. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { DEFAULT_CONFIG } from '../../src/core/config';
import type { Face, Side } from '../../src/core/face';
import type { GraphSpec } from '../../src/core/pack';
import type { CropFrame } from '../../src/core/photo';
import type { Engines } from '../../src/engines/contracts';
import { frameOf } from '../../src/pipeline/crop';
import { openFace } from '../../src/pipeline/opener';
import { createOpener } from '../../workers/opener/engine';
import { openNetwork } from '../../workers/ort/network';
import { laidIn, type Opened, type Seen } from './donorRoad';
import { nodeVision } from './nodeVision';

const models = resolve(import.meta.dirname, '../../public/models');
const { signal } = new AbortController();
const vision = nodeVision();
const opener = createOpener(() => {
  const { packs } = JSON.parse(readFileSync(resolve(models, 'catalog.json'), 'utf8'));
  const spec: GraphSpec = packs.find(({ id }: { id: string }) => id === 'eyes').tensors[0];
  return openNetwork(readFileSync(resolve(models, 'eyes', spec.path)), { spec });
});

export interface Made {
  readonly frame: CropFrame;
  readonly opened: readonly Opened[];
}

/** A pair of eyes for each of so many seeds, blended as the photo worker does it. */
export async function makeEyes(
  { info, faces, engine }: Seen,
  face: Face,
  sides: readonly Side[],
  numVariations: number,
): Promise<Made> {
  const config = { ...DEFAULT_CONFIG, generation: { ...DEFAULT_CONFIG.generation, numVariations } };
  const choice = { face, sides };
  const frame = frameOf(face, config.crop);
  const engines = { photo: engine, vision, opener } as unknown as Engines;
  const request = { self: { photo: info, faces }, choices: [choice], donors: [], matches: [], config };
  const candidates = await openFace(choice, frame, request, engines, signal);
  const [before] = await engine.cut(info.id, [frame], signal);
  return { frame, opened: candidates.map((candidate) => laidIn(before!, candidate, frame.sidePx)) };
}
