/** The catalogue of model packs (`models/catalog.json`): its shape, and the one function that checks it. */
import { AppError } from '../core/errors';

export interface PackFile {
  /** Below `models/`. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly chunkBytes: number;
  readonly chunkSha256: readonly string[];
}

export interface TensorInfo {
  readonly name: string;
  readonly type: 'float32' | 'float16' | 'int64';
  /** A text names a dimension that may vary. */
  readonly dims: readonly (number | string)[];
}

export interface GraphInfo {
  readonly path: string;
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
}

export interface Provenance {
  readonly path: string;
  readonly licence: string;
  /** Licence text that travels with the file, where the licence wants that. */
  readonly notice: string | null;
  readonly package: string;
  readonly version: string;
  readonly file: string;
  readonly sourceSha256: string;
  readonly about: string;
}

export interface ModelPack {
  readonly id: string;
  readonly title: string;
  readonly purpose: string;
  readonly licence: { readonly id: string; readonly url: string };
  readonly provenance: readonly Provenance[];
  readonly revision: string;
  readonly files: readonly PackFile[];
  readonly tensors: readonly GraphInfo[];
}

export interface Catalog {
  readonly packs: readonly ModelPack[];
}

const HASH = /^[0-9a-f]{64}$/;

/** @throws AppError model-corrupt, naming the entry and what is wrong with it. */
export function parseCatalog(json: string): Catalog {
  const catalog = JSON.parse(json) as Catalog;
  const refuse = (reason: string): never => {
    throw new AppError('model-corrupt', `the model catalogue is wrong: ${reason}`, { reason });
  };
  if (!Array.isArray(catalog.packs)) refuse('packs is not a list');
  const ids = catalog.packs.map((pack) => pack.id);
  if (new Set(ids).size !== ids.length) refuse(`pack ids repeat: ${ids.join(', ')}`);
  for (const pack of catalog.packs) {
    if (!pack.title || !pack.purpose || !pack.licence?.id || !pack.licence.url) {
      refuse(`${pack.id} lacks its title, purpose or licence`);
    }
    for (const file of pack.files) {
      const chunks = Math.ceil(file.bytes / file.chunkBytes);
      const hashes = [file.sha256, ...file.chunkSha256];
      if (!(file.bytes > 0) || file.chunkSha256.length !== chunks || !hashes.every((h) => HASH.test(h))) {
        refuse(
          `${file.path}: ${file.bytes} bytes, ${file.chunkSha256.length} chunk hashes, ${chunks} chunks`,
        );
      }
    }
    const paths = new Set(pack.files.map((file) => file.path));
    for (const { path } of [...pack.tensors, ...pack.provenance]) {
      if (!paths.has(path)) refuse(`${pack.id} describes ${path}, which it does not hold`);
    }
  }
  return catalog;
}

/** @throws AppError model-missing */
export function fileOf(catalog: Catalog, packId: string, path: string): PackFile {
  const file = catalog.packs.find((pack) => pack.id === packId)?.files.find((entry) => entry.path === path);
  if (!file)
    throw new AppError('model-missing', `the catalogue has no ${path} in ${packId}`, { pack: packId, path });
  return file;
}
