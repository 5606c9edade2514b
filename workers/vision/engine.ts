/** The vision contract on its networks. */
import { AppError, isAbort, withDetails } from '../../src/core/errors';
import type { FaceMesh, Identity } from '../../src/core/face';
import type { Point } from '../../src/core/geometry';
import {
  type Detector,
  type DetectorChoice,
  type Device,
  isPackDetector,
  type Look,
} from '../../src/core/look';
import type { Raster } from '../../src/core/raster';
import type { VisionEngine } from '../../src/engines/contracts';
import { irisColour, scleraColour } from '../../src/pixels/irisColour';
import type { Network } from '../ort/network';
import type { FloatTensor, Tensors } from '../ort/tensor';
import { pause } from '../pause';
import * as det106 from './det106';
import { facesIn, run, tensorFor } from './detectors';
import * as identity from './identity';
import * as mesh from './mesh';
import { type NetworkSource, Networks } from './networks';

/** Squares a run: bounds memory, and how long a cancel waits. */
const BATCH = 4;

export function createVision(source: NetworkSource): VisionEngine {
  const networks = new Networks(source);
  const detectorFor = async (look: Look, signal: AbortSignal): Promise<Network> => {
    if (look.detector === 'embedded') return networks.shipped('yunet');
    return (await networks.pack(look.detector, look.device, signal)).detector;
  };
  const settle = async (
    detector: DetectorChoice['detector'],
    device: Device,
    signal: AbortSignal,
  ): Promise<Detector> => {
    if (detector === 'embedded') return detector;
    const wanted = detector === 'auto' ? 'buffalo_l' : detector;
    try {
      await networks.fromDisk(wanted, device, signal);
      return wanted;
    } catch (error) {
      // Nobody asked for it by name: a disk, a pack or a GPU that fails must not keep faces from being found.
      if (detector !== 'auto' || isAbort(error) || isLost(error)) throw error;
      return 'embedded';
    }
  };
  return {
    ready: ({ detector, device }, signal) =>
      guarded(detector, async () => {
        // Every face is traced by the mesh, whoever found it.
        const tracer = networks.shipped('mesh');
        const settled = await settle(detector, device, signal);
        await Promise.all([tracer, settled === 'embedded' ? networks.shipped('yunet') : null]);
        return settled;
      }),
    detect: (look, signal) =>
      guarded(look.detector, async () => {
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
      guarded('buffalo_l', async () => {
        const { landmarks } = await networks.pack('buffalo_l', device, signal);
        return inBatches<readonly Point<'crop'>[]>(landmarks!, det106, squares, signal);
      }),
    identify: (chips, signal) =>
      guarded('identity', async () =>
        inBatches<Identity>(await networks.shipped('identity'), identity, chips, signal),
      ),
    eyeColours: async (square, eye, signal) => {
      signal.throwIfAborted();
      const iris = irisColour(square, eye);
      return iris && { iris, sclera: scleraColour(square, eye) };
    },
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

/** Only a new worker helps. */
function isLost(error: unknown): boolean {
  return error instanceof AppError && error.code === 'engine-lost';
}

/** The same, its errors with the name of who failed. */
async function guarded<T>(network: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isAbort(error)) throw error;
    if (error instanceof AppError)
      throw isPackDetector(network) ? withDetails(error, { detector: network }) : error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError(
      'FACE_DET_001',
      `looking for faces (${network}) failed: ${reason}`,
      { network, reason },
      { cause: error },
    );
  }
}
