/** The restorer's contract on its networks. */
import { AppError, isAbort } from '../../src/core/errors';
import type { Device } from '../../src/core/look';
import type { Plane, Raster } from '../../src/core/raster';
import { PARSER_PACK, type RestoredSquare, type RestorerId } from '../../src/core/restoration';
import type { RestorerEngine } from '../../src/engines/contracts';
import { type ModelPack, namingPack } from '../ort/diskPack';
import type { Network } from '../ort/network';
import { pause } from '../pause';
import { restoredPicture, restorerLayout } from './layout';
import { movedCodes } from './moved';
import { classesOf, parsingMask } from './parsingMask';
import { fromTensor, toTensor } from './square';

export interface RestorerSource {
  /** Null: not whole on this computer. @throws AppError model-missing (`details.lost`) */
  pack(id: RestorerId | typeof PARSER_PACK, device: Device): Promise<ModelPack | null>;
}

interface Opened {
  readonly key: string;
  readonly network: Network;
}

export function createRestorer(source: RestorerSource): RestorerEngine {
  const opened = new Map<string, Opened>();
  /** The pack's network; another revision or device takes the place of the one that is open. Null: not here. */
  const open = async (
    id: RestorerId | typeof PARSER_PACK,
    device: Device,
    signal: AbortSignal,
  ): Promise<Network | null> => {
    const pack = await source.pack(id, device);
    const key = `${pack?.revision} ${device}`;
    const known = opened.get(id);
    if (pack && known?.key === key) return known.network;
    opened.delete(id);
    await known?.network.release();
    if (!pack) return null;
    const network = await pack.open(id, {}, signal);
    opened.set(id, { key, network });
    return network;
  };
  const parsedOf = async (
    face: Raster<'crop'>,
    device: Device,
    signal: AbortSignal,
  ): Promise<Plane<'0..1'> | null> => {
    const network = await open(PARSER_PACK, device, signal);
    if (!network) return null;
    await pause(signal);
    return parsingMask(classesOf(await network.run({ [network.inputs[0]!.name]: toTensor(face) })));
  };
  return {
    restore: async (
      { restorer, device, square, fidelity, parse },
      signal,
      report,
    ): Promise<RestoredSquare> => {
      try {
        const { face, fixed } = await namingPack(restorer, async () => {
          report?.('opening');
          await pause(signal);
          const network = await open(restorer, device, signal);
          if (!network) throw new AppError('model-missing', `${restorer} is not on this computer`);
          const layout = restorerLayout(network.inputs);
          report?.('restoring');
          await pause(signal);
          const outputs = await network.run(layout.feeds(toTensor(square), fidelity));
          return { face: fromTensor(restoredPicture(outputs)), fixed: layout.fixed };
        });
        await pause(signal);
        const parsed = parse ? await namingPack(PARSER_PACK, () => parsedOf(face, device, signal)) : null;
        return { face, parsed, movedCodes: movedCodes(square, face), fixed };
      } catch (error) {
        if (isAbort(error) || error instanceof AppError) throw error;
        const reason = error instanceof Error ? error.message : String(error);
        throw new AppError('RES_001', `${restorer} failed: ${reason}`, { reason }, { cause: error });
      }
    },
  };
}
