/** The twins as a pack on disk: a base of 9 or 4 channels, and a refiner. */
import type { Pack, PackFile } from '../../src/core/pack';
import type { OpenPack } from '../../src/core/packDisk';
import { makePack } from './packList';
import { sdxlTwinWeights } from './sdxlTwin';

const NETWORKS = {
  text_encoder: 'text_encoder',
  text_encoder_2: 'text_encoder_2',
  vae_encoder: 'vae_encoder',
  vae_decoder: 'vae_decoder',
} as const;

export type TwinBase = 'unet9' | 'unet4';

/** A graph names its weights, and the twins' are called after the twin. */
const UNET_WEIGHTS = {
  unet9: 'unet..weights',
  unet4: 'unet..weights',
  refiner: 'unet.re.weights',
} as const;

/** Words that CLIP's tokenizer is made of, with nothing learned: every letter is a token. */
export function letters(): { readonly vocabulary: Record<string, number>; readonly merges: string } {
  const vocabulary: Record<string, number> = { '<|startoftext|>': 49406, '<|endoftext|>': 49407 };
  const codes = Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i));
  for (const [i, letter] of codes.entries()) vocabulary[letter] = i;
  for (const [i, letter] of codes.entries()) vocabulary[`${letter}</w>`] = 256 + i;
  return { vocabulary, merges: '#version: 0.2\n' };
}

export const SCHEDULER = {
  _class_name: 'EulerDiscreteScheduler',
  num_train_timesteps: 1000,
  beta_start: 0.00085,
  beta_end: 0.012,
  beta_schedule: 'scaled_linear',
  prediction_type: 'epsilon',
  timestep_spacing: 'leading',
  steps_offset: 1,
};

export function twinSettings(kind: 'base' | 'refiner', channels: 4 | 9): Record<string, unknown> {
  return {
    kind,
    channels,
    scalingFactor: 0.13025,
    forceUpcast: true,
    forceZerosForEmptyPrompt: kind === 'base',
    requiresAestheticsScore: kind === 'refiner',
    sideMultiple: 32,
    scheduler: SCHEDULER,
  };
}

/** Reads a graph of test/twins/sdxl by its name. */
export type ReadGraph = (name: string) => Promise<Uint8Array<ArrayBuffer>>;

/** @param changes files in place of those of the twin; null: none. */
export async function sdxlPack(
  unet: TwinBase | 'refiner',
  readGraph: ReadGraph,
  words: { readonly vocabulary: Readonly<Record<string, number>>; readonly merges: string } = letters(),
  changes: Readonly<Record<string, Blob | null>> = {},
): Promise<OpenPack> {
  const isRefiner = unet === 'refiner';
  const graphs = isRefiner ? { unet } : { ...NETWORKS, unet };
  const files: Record<string, Blob> = {
    'vocab.json': new Blob([JSON.stringify(words.vocabulary)]),
    'merges.txt': new Blob([words.merges]),
    'settings.json': new Blob([
      JSON.stringify(twinSettings(isRefiner ? 'refiner' : 'base', unet === 'unet9' ? 9 : 4)),
    ]),
  };
  for (const [name, twin] of Object.entries(graphs)) {
    const [weights] = sdxlTwinWeights(twin);
    const path = name === twin ? weights!.path : UNET_WEIGHTS[unet];
    files[`${name}.onnx`] = new Blob([renamed(await readGraph(twin), weights!.path, path)]);
    files[path] = weights!.data;
  }
  for (const [path, file] of Object.entries(changes)) {
    if (file) files[path] = file;
    else delete files[path];
  }
  return { pack: packOf(isRefiner, unet, files), files };
}

/** The graph with another name for its weights, which is as long. */
function renamed(graph: Uint8Array<ArrayBuffer>, from: string, to: string): Uint8Array<ArrayBuffer> {
  if (from.length !== to.length) throw new RangeError(`${to} is not as long as ${from}`);
  const wanted = new TextEncoder().encode(from);
  const copy = graph.slice();
  for (let at = copy.indexOf(wanted[0]!); at >= 0; at = copy.indexOf(wanted[0]!, at + 1)) {
    if (wanted.every((byte, i) => copy[at + i] === byte)) copy.set(new TextEncoder().encode(to), at);
  }
  return copy;
}

function packOf(isRefiner: boolean, revision: string, files: Readonly<Record<string, Blob>>): Pack {
  return makePack(isRefiner ? 'sdxl-refiner' : 'sdxl-inpaint', {
    title: isRefiner ? 'SDXL refiner' : 'SDXL inpainting',
    origin: 'self-hosted',
    baseUrl: null,
    revision,
    files: Object.entries(files).map(
      ([path, { size }]): PackFile => ({
        path,
        bytes: size,
        approximate: false,
        sha256: null,
        chunkBytes: 67_108_864,
        chunkSha256: null,
      }),
    ),
    gpu: { required: true, features: [], bufferBytes: 134_217_728, operators: ['conv-12', 'attention'] },
    workingSetBytes: 400_000_000,
  });
}
