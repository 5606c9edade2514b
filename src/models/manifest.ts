/** `public/models/catalog.json`: every model pack, parsed and checked by one function. */
import { AppError } from '../core/errors';

export interface Licence {
  readonly id: string;
  readonly url: string;
}

/** Where a file's weights come from: a pinned package and the file inside it. */
export interface Provenance {
  readonly path: string;
  readonly licence: string;
  /** File with the licence's own notice, when it asks for one. */
  readonly notice: string | null;
  readonly package: string;
  readonly version: string;
  readonly file: string;
  readonly sourceSha256: string;
  readonly about: string;
}

export interface PackFile {
  /** Below `models/`. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly chunkBytes: number;
  /** SHA-256 of each chunk of `chunkBytes` (the last may be shorter). */
  readonly chunkSha256: readonly string[];
}

/** A named dimension is free. */
export interface TensorSpec {
  readonly name: string;
  readonly type: string;
  readonly dims: readonly (number | string)[];
}

export interface GraphSpec {
  readonly path: string;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
}

export interface Pack {
  readonly id: string;
  readonly title: string;
  readonly purpose: string;
  readonly licence: Licence;
  readonly provenance: readonly Provenance[];
  readonly revision: string;
  readonly files: readonly PackFile[];
  readonly tensors: readonly GraphSpec[];
}

export interface Catalog {
  readonly packs: readonly Pack[];
}

const SHA256 = /^[0-9a-f]{64}$/;

/** @throws AppError model-corrupt, naming the place in the file and what is wrong there. */
export function parseCatalog(json: string): Catalog {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new AppError('model-corrupt', 'catalog.json is not valid JSON', {}, { cause });
  }
  const packs = list(field(value, 'packs', 'catalog'), 'packs', parsePack);
  const ids = packs.map((pack) => pack.id);
  if (new Set(ids).size !== ids.length) refuse('packs', 'ids that differ');
  return { packs };
}

function parsePack(value: unknown, at: string): Pack {
  const licence = field(value, 'licence', at);
  return {
    id: text(value, 'id', at),
    title: text(value, 'title', at),
    purpose: text(value, 'purpose', at),
    licence: { id: text(licence, 'id', `${at}.licence`), url: text(licence, 'url', `${at}.licence`) },
    provenance: list(field(value, 'provenance', at), `${at}.provenance`, parseProvenance),
    revision: text(value, 'revision', at),
    files: list(field(value, 'files', at), `${at}.files`, parseFile),
    tensors: list(field(value, 'tensors', at), `${at}.tensors`, parseGraph),
  };
}

function parseProvenance(value: unknown, at: string): Provenance {
  const notice = field(value, 'notice', at);
  return {
    path: text(value, 'path', at),
    licence: text(value, 'licence', at),
    notice: notice === null ? null : text(value, 'notice', at),
    package: text(value, 'package', at),
    version: text(value, 'version', at),
    file: text(value, 'file', at),
    sourceSha256: hash(field(value, 'sourceSha256', at), `${at}.sourceSha256`),
    about: text(value, 'about', at),
  };
}

function parseFile(value: unknown, at: string): PackFile {
  const bytes = count(value, 'bytes', at);
  const chunkBytes = count(value, 'chunkBytes', at);
  const chunkSha256 = list(field(value, 'chunkSha256', at), `${at}.chunkSha256`, hash);
  const chunks = Math.ceil(bytes / chunkBytes);
  if (chunkSha256.length !== chunks) refuse(`${at}.chunkSha256`, `${chunks} hashes`);
  const path = text(value, 'path', at);
  if (path.startsWith('/') || path.split('/').includes('..')) refuse(`${at}.path`, 'a path below models/');
  return { path, bytes, sha256: hash(field(value, 'sha256', at), `${at}.sha256`), chunkBytes, chunkSha256 };
}

function parseGraph(value: unknown, at: string): GraphSpec {
  return {
    path: text(value, 'path', at),
    inputs: list(field(value, 'inputs', at), `${at}.inputs`, parseTensor),
    outputs: list(field(value, 'outputs', at), `${at}.outputs`, parseTensor),
  };
}

function parseTensor(value: unknown, at: string): TensorSpec {
  const dims = list(field(value, 'dims', at), `${at}.dims`, (dim, where) =>
    typeof dim === 'string' || (Number.isInteger(dim) && (dim as number) > 0)
      ? (dim as number | string)
      : refuse(where, 'a positive whole number or a name'),
  );
  return { name: text(value, 'name', at), type: text(value, 'type', at), dims };
}

function field(value: unknown, key: string, at: string): unknown {
  if (typeof value !== 'object' || value === null || !(key in value))
    return refuse(`${at}.${key}`, 'a value');
  return (value as Record<string, unknown>)[key];
}

function text(value: unknown, key: string, at: string): string {
  const found = field(value, key, at);
  return typeof found === 'string' && found !== '' ? found : refuse(`${at}.${key}`, 'a text');
}

function count(value: unknown, key: string, at: string): number {
  const found = field(value, key, at);
  return Number.isSafeInteger(found) && (found as number) > 0
    ? (found as number)
    : refuse(`${at}.${key}`, 'a positive whole number');
}

function hash(value: unknown, at: string): string {
  return typeof value === 'string' && SHA256.test(value) ? value : refuse(at, 'a SHA-256 in lower-case hex');
}

function list<T>(value: unknown, at: string, parse: (item: unknown, at: string) => T): readonly T[] {
  if (!Array.isArray(value) || value.length === 0) return refuse(at, 'a list that is not empty');
  return value.map((item, i) => parse(item, `${at}[${i}]`));
}

function refuse(at: string, wanted: string): never {
  throw new AppError('model-corrupt', `catalog.json: ${at} must be ${wanted}`, { field: at, wanted });
}
