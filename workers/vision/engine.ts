/** The vision contract on two loaded networks. */
import { AppError, isAbort } from '../../src/core/errors';
import type { Detection, FaceMesh } from '../../src/core/face';
import { raster } from '../../src/core/raster';
import type { VisionEngine } from '../../src/engines/contracts';
import type { Network } from '../ort';
import { pause } from '../pause';
import * as mesh from './mesh';
import * as yunet from './yunet';

export interface VisionNetworks {
  readonly detector: Network;
  readonly mesh: Network;
}

/** Squares a run: bounds memory, and how long a cancel waits. */
const BATCH = 4;

/** @param networks loads once, on the first call; a start that failed is forgotten so it can be tried again. */
export function createVision(networks: () => Promise<VisionNetworks>): VisionEngine {
  let started: Promise<VisionNetworks> | null = null;
  const start = () => {
    started ??= networks()
      .then(warmed)
      .catch((error: unknown) => {
        started = null;
        throw error;
      });
    return started;
  };
  return {
    detect: (picture, signal) =>
      guarded('detector', async (): Promise<readonly Detection<'view'>[]> => {
        const { detector } = await start();
        signal.throwIfAborted();
        const outputs = await detector.run({ input: yunet.toTensor(picture) });
        await pause(signal);
        return yunet.decode(outputs, picture.width);
      }),
    landmarks: (squares, signal) =>
      guarded('mesh', async () => {
        const network = (await start()).mesh;
        const meshes: FaceMesh<'crop'>[] = [];
        for (let at = 0; at < squares.length; at += BATCH) {
          await pause(signal);
          const outputs = await network.run({
            input: mesh.toBatch(squares.slice(at, at + BATCH)),
          });
          meshes.push(...mesh.decode<'crop'>(outputs));
        }
        return meshes;
      }),
  };
}

/** Runs each network once on nothing: WASM functions are compiled when they are first called. */
async function warmed(networks: VisionNetworks): Promise<VisionNetworks> {
  await networks.detector.run({ input: yunet.toTensor(raster(32, 32)) });
  await networks.mesh.run({ input: mesh.toBatch([raster(mesh.MESH_SIDE_PX, mesh.MESH_SIDE_PX)]) });
  return networks;
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
