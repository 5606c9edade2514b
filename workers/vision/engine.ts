/** The vision contract on three networks. */
import { AppError, isAbort } from '../../src/core/errors';
import type { Detection, FaceMesh, Identity } from '../../src/core/face';
import type { Raster } from '../../src/core/raster';
import type { VisionEngine } from '../../src/engines/contracts';
import type { Network } from '../ort/network';
import { asFloats, type FloatTensor, type Tensors } from '../ort/tensor';
import { pause } from '../pause';
import * as identity from './identity';
import * as mesh from './mesh';
import * as yunet from './yunet';

export interface VisionNetworks {
  readonly detector: Network;
  readonly mesh: Network;
}

/** Squares a run: bounds memory, and how long a cancel waits. */
const BATCH = 4;

/**
 * @param networks loads once, on the first call.
 * @param identityNetwork the same, on the first call of `identify`: one photo alone never needs it.
 */
export function createVision(
  networks: () => Promise<VisionNetworks>,
  identityNetwork: () => Promise<Network>,
): VisionEngine {
  const start = once(networks);
  const startIdentity = once(identityNetwork);
  return {
    detect: (picture, signal) =>
      guarded('detector', async (): Promise<readonly Detection<'view'>[]> => {
        const { detector } = await start();
        signal.throwIfAborted();
        const outputs = asFloats(await detector.run({ input: yunet.toTensor(picture) }));
        await pause(signal);
        return yunet.decode(outputs, picture.width);
      }),
    landmarks: (squares, signal) =>
      guarded('mesh', async () => inBatches<FaceMesh<'crop'>>((await start()).mesh, mesh, squares, signal)),
    identify: (chips, signal) =>
      guarded('identity', async () => inBatches<Identity>(await startIdentity(), identity, chips, signal)),
  };
}

/** A start that failed is forgotten so it can be tried again. */
function once<T>(load: () => Promise<T>): () => Promise<T> {
  let started: Promise<T> | null = null;
  return () => {
    started ??= load().catch((error: unknown) => {
      started = null;
      throw error;
    });
    return started;
  };
}

interface Coding<T> {
  toBatch(squares: readonly Raster<'crop'>[]): FloatTensor;
  decode(outputs: Tensors<FloatTensor>): readonly T[];
}

async function inBatches<T>(
  network: Network,
  { toBatch, decode }: Coding<T>,
  squares: readonly Raster<'crop'>[],
  signal: AbortSignal,
): Promise<readonly T[]> {
  const answers: T[] = [];
  for (let at = 0; at < squares.length; at += BATCH) {
    await pause(signal);
    const outputs = await network.run({ input: toBatch(squares.slice(at, at + BATCH)) });
    answers.push(...decode(asFloats(outputs)));
  }
  return answers;
}

async function guarded<T>(network: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isAbort(error) || error instanceof AppError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError(
      'FACE_DET_001',
      `the face ${network} failed: ${reason}`,
      { network, reason },
      { cause: error },
    );
  }
}
