/** Which model of WebLLM's speaks on a computer. */
import { AppError } from '../../src/core/errors';
import type { GpuFacts } from '../../src/core/gpu';

/** What the library's list tells of a model. */
export interface ModelRecord {
  readonly model_id: string;
  /** Address of its folder. */
  readonly model: string;
  /** Address of its compiled library. */
  readonly model_lib: string;
  readonly vram_required_MB?: number;
  /** Of the model's own settings. */
  readonly overrides?: object;
}

/** Writes freely, 2.3 GB; and the smallest that keeps to a form, 0.9 GB. */
const LARGE = 'Hermes-3-Llama-3.2-3B';
const SMALL = 'Llama-3.2-1B-Instruct';
const HALF = '-q4f16_1-MLC';
/** Browsers say no more than 8: a computer with less is spared the larger model. */
const LARGE_FROM_RAM_GIB = 8;
const LARGE_FROM_BUFFER_BYTES = 2 ** 30;

/**
 * The model of that name; without one the best that fits. Whether a model computes in half precision its name alone
 * tells for certain, since many records do not list the feature.
 * @throws AppError bad-request (`details.field`) when the list has none of that name; gpu-too-small when the GPU has
 * no half precision and there is no twin without
 */
export function chosenModel(
  list: readonly ModelRecord[],
  name: string,
  { features, bufferBytes, ramHintGib }: Pick<GpuFacts, 'features' | 'bufferBytes' | 'ramHintGib'>,
): ModelRecord {
  const isLarge = (ramHintGib ?? 0) >= LARGE_FROM_RAM_GIB && bufferBytes >= LARGE_FROM_BUFFER_BYTES;
  const wanted = name || `${isLarge ? LARGE : SMALL}${HALF}`;
  const found = recordOf(list, wanted);
  if (!found) {
    throw new AppError('bad-request', `there is no model ${wanted}`, {
      field: 'wording.model',
      found: wanted,
      allowed: 'a name of WebLLM’s list, or the web address of a model',
    });
  }
  if (isComputable(found.model_id, features)) return found;
  const twin = recordOf(list, wanted.replace(/(q\d)f16/i, '$1f32'));
  if (twin) return twin;
  throw noHalf(found.model_id);
}

/**
 * A model by its address, and the library that it was compiled for.
 * @throws AppError bad-request (`details.field`); gpu-too-small
 */
export function modelAt(address: string, library: string, features: readonly string[]): ModelRecord {
  const model = webAddress(address, 'wording.model');
  const names = model.pathname.split('/').filter((part) => part !== '');
  const end = names.indexOf('resolve');
  const name = names.slice(0, end < 0 ? undefined : end).at(-1) ?? model.host;
  if (!isComputable(name, features)) throw noHalf(name);
  return { model: model.href, model_id: name, model_lib: webAddress(library, 'wording.library').href };
}

export function isAddress(name: string): boolean {
  return /^https?:\/\//i.test(name.trim());
}

function isComputable(name: string, features: readonly string[]): boolean {
  return features.includes('shader-f16') || !/q\d+f16/i.test(name);
}

function noHalf(name: string): AppError {
  const reason = `${name} computes with half-precision numbers, which the graphics card does not offer.`;
  return new AppError('gpu-too-small', `${name} needs half precision`, { reason });
}

/** The folder as the library asks for it: of the branch `main` unless the address names another. */
export function folderOf({ model }: Pick<ModelRecord, 'model'>): string {
  const folder = model.endsWith('/') ? model : `${model}/`;
  return new URL(/.+\/resolve\/.+\//.test(folder) ? folder : `${folder}resolve/main/`).href;
}

function recordOf(list: readonly ModelRecord[], name: string): ModelRecord | undefined {
  return list.find(({ model_id }) => model_id.toLowerCase() === name.trim().toLowerCase());
}

function webAddress(text: string, field: string): URL {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : null;
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return url;
  throw new AppError('bad-request', `${text} is not a web address`, {
    field,
    found: text,
    allowed: 'a web address that begins with https://',
  });
}
