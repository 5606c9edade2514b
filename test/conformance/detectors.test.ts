/** Buffalo_L's road over whole photos, with real weights of SCRFD's family; skipped without ../shared. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../../src/core/config';
import { findFaces } from '../../src/pipeline/detect';
import { openNetwork } from '../../workers/ort/network';
import { openPhoto } from './nodePhotos';
import { nodeVision } from './nodeVision';

const root = resolve(import.meta.dirname, '../..');
const photos = resolve(root, '../shared/photos');
const files: Readonly<Record<string, string>> = {
  'det_10g.onnx': resolve(root, '../shared/models/scrfd_500m_bnkps.onnx'),
  '2d106det.onnx': resolve(root, 'test/twins/2d106det.onnx'),
};
const present = existsSync(files['det_10g.onnx']!);
/** Their small faces want a finer pass, and this export of SCRFD takes 640 × 640 px only. */
const FINER = ['group_07_eu_council_31faces_10mp.jpg', 'group_12_solvay1927.png'];

const vision = nodeVision(async () => ({
  revision: '1',
  open: (path) => openNetwork(readFileSync(files[path]!)),
}));

test.skipIf(!present)(
  'every labelled face is found, and nothing else, sideways and upside down too',
  async () => {
    const labels: Readonly<Record<string, { readonly faces: number }>> = JSON.parse(
      readFileSync(resolve(photos, 'labels.json'), 'utf8'),
    ).photos;
    const wrong: string[] = [];
    let wanted = 0;
    for (const [name, labelled] of Object.entries(labels)) {
      if (FINER.includes(name)) continue;
      const { info, engine } = openPhoto(resolve(photos, name), name);
      const config = { ...DEFAULT_CONFIG.detection, detector: 'buffalo_l' } as const;
      const { signal } = new AbortController();
      const faces = await findFaces(info, { photo: engine, vision }, config, signal);
      wanted += labelled.faces;
      if (faces.length !== labelled.faces) wrong.push(`${name}: ${faces.length} of ${labelled.faces}`);
      expect(faces.every(({ points106 }) => points106?.length === 106)).toBe(true);
    }
    expect(wanted).toBeGreaterThan(50);
    expect(wrong).toEqual([]);
  },
  180_000,
);
