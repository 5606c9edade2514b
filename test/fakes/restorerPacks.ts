/** Restorers for tests: the twin of CodeFormer, and whatever other graph, as packs. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ModelPack } from '../../workers/ort/diskPack';
import { type ExternalFile, openNetwork } from '../../workers/ort/network';
import { codeformerTwinWeights } from './codeformerTwin';

const folder = resolve(import.meta.dirname, '../twins/codeformer');

/** CodeFormer in small. */
export function codeformerTwinPack(): ModelPack {
  return packOf('codeformer.onnx', codeformerTwinWeights());
}

/** A graph of test/twins/codeformer, as a pack of one file. */
export function packOf(file: string, externalData: readonly ExternalFile[] = []): ModelPack {
  return {
    revision: file,
    text: () => Promise.reject(new Error('nobody asks for a text')),
    open: () => openNetwork(readFileSync(resolve(folder, file)), { externalData, fixedSizes: {} }),
  };
}
