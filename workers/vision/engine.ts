/** The vision contract on its networks. */
import { AppError, isAbort } from '../../src/core/errors';
import type { FaceMesh, Identity } from '../../src/core/face';
import type { Point } from '../../src/core/geometry';
import type { Look } from '../../src/core/look';
import type { Raster } from '../../src/core/raster';
import type { VisionEngine } from '../../src/engines/contracts';
import type { Network } from '../ort/network';
import type { FloatTensor, Tensors } from '../ort/tensor';
import { pause } from '../pause';
import { facesIn, run, tensorFor } from './detectors';
import * as identity from './identity';
import * as mesh from './mesh';
import { type NetworkSource, Networks } from './networks';
import * as points106 from './points106';

/** Squares a run: bounds memory, and how long a cancel waits. */
const BATCH = 4;

export function createVision(source: NetworkSource): VisionEngine {
  const networks = new Networks(source);
  const detectorFor = async (look: Look, signal: AbortSignal): Promise<Network> => {
    if (look.detector === 'embedded') return networks.shipped('yunet');
    return (await networks.pack(look.detector, look.device, signal)).detector;
  };
  return {
    ready: ({ detector, device }, signal) =>
      guarded('detector', async () => {
        // Every face is traced by the mesh, whoever found it.
        const tracer = networks.shipped('mesh');
        const wanted = detector === 'auto' ? 'buffalo_l' : detector;
        const fromDisk = wanted === 'embedded' ? null : await networks.fromDisk(wanted, device, signal);
        if (!fromDisk && detector !== 'auto' && detector !== 'embedded') {
          throw new AppError('model-missing', `${detector} is not on this computer`, { detector });
        }
        await Promise.all([tracer, fromDisk ?? networks.shipped('yunet')]);
        return fromDisk ? wanted : 'embedded';
      }),
    detect: (look, signal) =>
      guarded('detector', async () => {
        const network = await detectorFor(look, signal);
        signal.throwIfAborted();
        const outputs = await run(network, tensorFor(look));
        await pause(signal);
        return facesIn(outputs, look);
      }),
    landmarks: (squares, signal) =>
      guarded('mesh', async () =>
        inBatches<FaceMesh<'crop'>>(await networks.shipped('mesh'), mesh, squares, signal),
      ),
    points106: (squares, device, signal) =>
      guarded('106-point network', async () => {
        const { landmarks } = await networks.pack('buffalo_l', device, signal);
        return inBatches<readonly Point<'crop'>[]>(landmarks!, points106, squares, signal);
      }),
    identify: (chips, signal) =>
      guarded('identity', async () =>
        inBatches<Identity>(await networks.shipped('identity'), identity, chips, signal),
      ),
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
    answers.push(...decode(await run(network, toBatch(squares.slice(at, at + BATCH)))));
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
