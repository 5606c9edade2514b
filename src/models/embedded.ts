/** Model files that ship with the app, from its own origin; checked before use. */
import { AppError } from '../core/errors';
import type { GraphSpec, PackFile } from '../core/pack';
import { type Catalog, ownCatalog } from './catalog';
import { sha256 } from './sha256';

export interface ShippedGraph {
  readonly model: Uint8Array<ArrayBuffer>;
  readonly spec: GraphSpec;
}

let catalog: Catalog | null = null;

/**
 * @returns a shipped graph, and what the catalog says of its inputs and outputs.
 * @throws AppError model-missing when the server does not have it, model-corrupt when size or hash are not the catalog's.
 */
export async function loadGraph(packId: string, path: string): Promise<ShippedGraph> {
  catalog ??= ownCatalog();
  const pack = (await catalog.packs()).find(({ id }) => id === packId);
  const file = pack?.files.find((entry) => entry.path === path);
  const spec = pack?.tensors.find((graph) => graph.path === path);
  if (!file || !spec) {
    throw new AppError('model-missing', `the catalog has no ${path} in ${packId}`, { pack: packId, path });
  }
  const bytes = new Uint8Array(await (await catalog.fetch(`${packId}/${path}`)).arrayBuffer());
  await expectBytes(file, bytes);
  return { model: bytes, spec };
}

async function expectBytes(file: PackFile, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const { path } = file;
  if (bytes.length !== file.bytes) {
    const details = { path, foundBytes: bytes.length, expectedBytes: file.bytes };
    throw new AppError('model-corrupt', `${path} has ${bytes.length} bytes, not ${file.bytes}`, details);
  }
  // Outside a secure context (plain http on a LAN) there is no digest; the size was checked.
  if (!globalThis.isSecureContext) return;
  for (const [i, expected] of (file.chunkSha256 ?? []).entries()) {
    const found = await sha256(bytes.subarray(i * file.chunkBytes, (i + 1) * file.chunkBytes));
    if (found !== expected) throw new AppError('model-corrupt', `${path} is damaged`, { path, chunk: i });
  }
}
