/** `public/models/catalog.json` and the `pack.json` of a pack: parsed and checked by one function. */
import { AppError } from '../core/errors';
import type { CheckedOperator } from '../core/gpu';
import type {
  GpuNeeds,
  GraphSpec,
  Licence,
  Pack,
  PackFile,
  PackOrigin,
  Provenance,
  TensorSpec,
  Terms,
} from '../core/pack';
import { choice, count, field, flag, hash, list, orNull, refuse, text } from './fields';

/** A chunk is one Blob on disk; larger ones fail in browsers. */
const LARGEST_CHUNK_BYTES = 64 * 1024 * 1024;

const ORIGINS: readonly PackOrigin[] = ['shipped', 'download', 'self-hosted'];
const OPERATORS: readonly CheckedOperator[] = [
  'conv-12',
  'conv-9',
  'attention',
  'matmul-4bit',
  'instance-norm',
];
/** It becomes a folder name and a part of addresses. */
const ID = /^[a-z0-9][a-z0-9_.-]*$/;

/** @throws AppError model-corrupt, naming the place in the file and what is wrong there. */
export function parseCatalog(json: string): readonly Pack[] {
  const packs = list(parseJson(json, 'catalog'), 'packs', 'catalog', parsePack);
  if (!packs.length) refuse('catalog.packs', 'a list that is not empty');
  differ(
    packs.map(({ id }) => id),
    'catalog.packs',
    'ids',
  );
  return packs;
}

/** The `pack.json` that lies beside a pack's files. @throws as `parseCatalog` */
export function parsePackJson(json: string): Pack {
  return parsePack(parseJson(json, 'pack'), 'pack');
}

function parseJson(json: string, at: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new AppError('model-corrupt', `${at}.json is not valid JSON`, { field: at }, { cause });
  }
}

function parsePack(value: unknown, at: string): Pack {
  const pack: Pack = {
    id: text(value, 'id', at),
    title: text(value, 'title', at),
    purpose: text(value, 'purpose', at),
    origin: choice(value, 'origin', at, ORIGINS),
    licence: parseLicence(field(value, 'licence', at), `${at}.licence`),
    restricted: orNull(value, 'restricted', at, parseTerms),
    revision: text(value, 'revision', at),
    baseUrl: orNull(value, 'baseUrl', at, parseBaseUrl),
    provenance: list(value, 'provenance', at, parseProvenance),
    files: list(value, 'files', at, parseFile),
    tensors: list(value, 'tensors', at, parseGraph),
    gpu: orNull(value, 'gpu', at, parseGpu),
    workingSetBytes: count(value, 'workingSetBytes', at),
  };
  if (!ID.test(pack.id)) refuse(`${at}.id`, 'lower-case letters, digits, dots, dashes and underscores');
  if (!pack.files.length && pack.origin !== 'self-hosted') refuse(`${at}.files`, 'a list that is not empty');
  differ(
    pack.files.map(({ path }) => path),
    `${at}.files`,
    'paths',
  );
  const unpinned = pack.files.findIndex((file) => file.approximate || !file.chunkSha256);
  if (pack.origin === 'shipped' && unpinned >= 0)
    refuse(`${at}.files[${unpinned}]`, 'exact and hashed, as shipped');
  return pack;
}

function parseLicence(value: unknown, at: string): Licence {
  return { id: text(value, 'id', at), url: text(value, 'url', at) };
}

function parseTerms(value: unknown, at: string): Terms {
  return { summary: text(value, 'summary', at), url: text(value, 'url', at) };
}

function parseBaseUrl(value: unknown, at: string): string {
  const url = typeof value === 'string' && value.endsWith('/') && URL.canParse(value) ? new URL(value) : null;
  // Browsers let a page fetch plain http from the machine itself only.
  const safe = url?.protocol === 'https:' || ['localhost', '127.0.0.1'].includes(url?.hostname ?? '');
  return url && safe ? url.href : refuse(at, 'an https address that ends with a slash');
}

function parseProvenance(value: unknown, at: string): Provenance {
  return {
    path: text(value, 'path', at),
    licence: text(value, 'licence', at),
    notice: field(value, 'notice', at) === null ? null : text(value, 'notice', at),
    package: text(value, 'package', at),
    version: text(value, 'version', at),
    file: text(value, 'file', at),
    sourceSha256: hash(field(value, 'sourceSha256', at), `${at}.sourceSha256`),
    about: text(value, 'about', at),
  };
}

function parseFile(value: unknown, at: string): PackFile {
  const file: PackFile = {
    path: text(value, 'path', at),
    bytes: count(value, 'bytes', at),
    approximate: flag(value, 'approximate', at),
    sha256: orNull(value, 'sha256', at, hash),
    chunkBytes: count(value, 'chunkBytes', at),
    chunkSha256: field(value, 'chunkSha256', at) === null ? null : list(value, 'chunkSha256', at, hash),
  };
  const parts = file.path.split('/');
  if (file.path.includes('\\') || parts.some((part) => ['', '.', '..'].includes(part)))
    refuse(`${at}.path`, "a path below the pack's folder");
  if (file.chunkBytes > LARGEST_CHUNK_BYTES) refuse(`${at}.chunkBytes`, `at most ${LARGEST_CHUNK_BYTES}`);
  const chunks = Math.ceil(file.bytes / file.chunkBytes);
  if (file.chunkSha256 && (file.approximate || file.chunkSha256.length !== chunks))
    refuse(`${at}.chunkSha256`, `${chunks} hashes of a file of exact size`);
  return file;
}

function parseGraph(value: unknown, at: string): GraphSpec {
  return {
    path: text(value, 'path', at),
    inputs: list(value, 'inputs', at, parseTensor),
    outputs: list(value, 'outputs', at, parseTensor),
  };
}

function parseTensor(value: unknown, at: string): TensorSpec {
  const dims = list(value, 'dims', at, (dim, where) =>
    typeof dim === 'string' || (Number.isInteger(dim) && (dim as number) > 0)
      ? (dim as number | string)
      : refuse(where, 'a positive whole number or a name'),
  );
  return { name: text(value, 'name', at), type: text(value, 'type', at), dims };
}

function parseGpu(value: unknown, at: string): GpuNeeds {
  return {
    required: flag(value, 'required', at),
    features: list(value, 'features', at, (feature, where) =>
      typeof feature === 'string' ? feature : refuse(where, 'a text'),
    ),
    bufferBytes: count(value, 'bufferBytes', at),
    operators: list(value, 'operators', at, (operator, where) =>
      OPERATORS.includes(operator as CheckedOperator)
        ? (operator as CheckedOperator)
        : refuse(where, `one of ${OPERATORS.join(', ')}`),
    ),
  };
}

function differ(names: readonly string[], at: string, what: string): void {
  if (new Set(names).size !== names.length) refuse(at, `a list with ${what} that differ`);
}
