/** The twin `shards`: 32 MiB of weights in two files, made here. */

import { noise } from '../../workers/gpu/noise';
import type { ExternalFile } from '../../workers/ort/network';
import type { Tensors } from '../../workers/ort/tensor';
import shardsUrl from '../twins/shards.onnx?url';

const SIDE = 1024;
export const WEIGHTS_BYTES = 8 * SIDE * SIDE * 4;

export async function shardsModel(): Promise<Uint8Array> {
  return new Uint8Array(await (await fetch(shardsUrl)).arrayBuffer());
}

/** The second file is composed of Blobs whose borders lie inside tensors, as the store's chunks are. */
export function shardsWeights(): readonly ExternalFile[] {
  const layers = Array.from({ length: 8 }, (_, layer) =>
    noise(50 + layer, SIDE * SIDE).map((value) => value / 16),
  );
  const second = new Blob(layers.slice(4));
  const borders = [0, 1_000_003, 9_999_999, second.size];
  const chunks = borders.slice(1).map((end, i) => second.slice(borders[i], end));
  return [
    { path: 'first.weights', data: new Blob(layers.slice(0, 4)) },
    { path: 'second.weights', data: new Blob(chunks) },
  ];
}

export function shardsFeeds(seed = 9): Tensors {
  return {
    x: { data: noise(seed, 2 * SIDE), dims: [2, SIDE] },
    steps: { data: BigInt64Array.from([3n, 7n]), dims: [2, 1] },
  };
}
