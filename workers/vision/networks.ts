/** The vision engine's networks, each opened when it is first used. */
import { AppError, asAppError, isAbort } from '../../src/core/errors';
import type { Device, PackDetector } from '../../src/core/look';
import type { Network } from '../ort/network';

export type ShippedNetwork = 'yunet' | 'mesh' | 'identity';

/** Where networks come from. */
export interface NetworkSource {
  shipped(network: ShippedNetwork): Promise<Network>;
  /** Null: the pack is not whole on this computer. */
  pack(id: PackDetector): Promise<NetworkPack | null>;
}

/** A pack on this computer's disk. */
export interface NetworkPack {
  readonly revision: string;
  /** @throws AppError model-corrupt (`details.path`) when it is no network, or not the catalog's */
  open(path: string, device: Device, signal: AbortSignal): Promise<Network>;
}

const FILES = {
  buffalo_l: { detector: 'det_10g.onnx', landmarks: '2d106det.onnx' },
  retinaface: { detector: 'retinaface_resnet50.onnx', landmarks: null },
} as const satisfies Record<PackDetector, { detector: string; landmarks: string | null }>;

export interface PackNetworks {
  readonly detector: Network;
  /** Null where the pack has none. */
  readonly landmarks: Network | null;
}

interface Opened {
  readonly revision: string;
  readonly networks: Promise<PackNetworks>;
}

export class Networks {
  readonly #source: NetworkSource;
  readonly #shipped = new Map<ShippedNetwork, Promise<Network>>();
  readonly #packs = new Map<string, Opened>();

  constructor(source: NetworkSource) {
    this.#source = source;
  }

  /** A start that failed is forgotten so it can be tried again. */
  shipped(name: ShippedNetwork): Promise<Network> {
    const known = this.#shipped.get(name);
    if (known) return known;
    const opening = this.#source.shipped(name);
    this.#shipped.set(name, opening);
    opening.catch(() => this.#shipped.delete(name));
    return opening;
  }

  /**
   * The networks of the revision on disk; null: its pack is not here.
   * @throws AppError `details.detector` names it
   */
  async fromDisk(id: PackDetector, device: Device, signal: AbortSignal): Promise<PackNetworks | null> {
    const pack = await this.#source.pack(id);
    if (!pack) return null;
    const key = `${id} on ${device}`;
    const known = this.#packs.get(key);
    if (known?.revision === pack.revision) return known.networks;
    const opened = { revision: pack.revision, networks: named(id, openAll(id, pack, device, signal)) };
    this.#packs.set(key, opened);
    opened.networks.catch(() => this.#packs.delete(key));
    await known?.networks.then(release, () => undefined);
    return opened.networks;
  }

  /** What is open already is used without a look at the disk. @throws AppError model-missing */
  async pack(id: PackDetector, device: Device, signal: AbortSignal): Promise<PackNetworks> {
    const known = this.#packs.get(`${id} on ${device}`);
    const networks = known ? await known.networks : await this.fromDisk(id, device, signal);
    if (networks) return networks;
    throw new AppError('model-missing', `${id} is not on this computer`, { detector: id });
  }
}

async function openAll(
  id: PackDetector,
  pack: NetworkPack,
  device: Device,
  signal: AbortSignal,
): Promise<PackNetworks> {
  const { detector, landmarks } = FILES[id];
  return {
    detector: await pack.open(detector, device, signal),
    landmarks: landmarks && (await pack.open(landmarks, device, signal)),
  };
}

async function release({ detector, landmarks }: PackNetworks): Promise<void> {
  await Promise.all([detector.release(), landmarks?.release()]);
}

/** The same, its errors with the detector's name. What onnxruntime cannot read is no network. */
async function named<T>(detector: PackDetector, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (isAbort(error)) throw error;
    const { code, message, details } = asAppError(error, 'model-corrupt');
    throw new AppError(code, message, { ...details, detector }, { cause: error });
  }
}
