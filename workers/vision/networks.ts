/** The vision engine's networks, each opened when it is first used. */
import { AppError, withDetails } from '../../src/core/errors';
import type { Device, PackDetector } from '../../src/core/look';
import type { Network } from '../ort/network';

export type ShippedNetwork = 'yunet' | 'mesh' | 'identity';

/** Where networks come from. */
export interface NetworkSource {
  shipped(network: ShippedNetwork): Promise<Network>;
  /** Null: the pack is not whole on this computer. @throws AppError model-missing (`details.lost`) */
  pack(id: PackDetector): Promise<NetworkPack | null>;
}

/** A pack on this computer's disk. */
export interface NetworkPack {
  readonly revision: string;
  /**
   * @throws AppError model-corrupt (`details.path`) when it is no network, or not the catalog's; model-missing
   * (`details.lost`) when the disk does not give it
   */
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
  readonly id: PackDetector;
  readonly device: Device;
  readonly revision: string;
  readonly networks: Promise<PackNetworks>;
}

export class Networks {
  readonly #source: NetworkSource;
  readonly #shipped = new Map<ShippedNetwork, Promise<Network>>();
  /** One at a time: they take hundreds of megabytes while they run. */
  #pack: Opened | null = null;

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
   * The networks of the revision on disk. What was open of another one is released.
   * @throws AppError model-missing when its pack is not here
   */
  async fromDisk(id: PackDetector, device: Device, signal: AbortSignal): Promise<PackNetworks> {
    const pack = await this.#source.pack(id);
    const known = this.#pack;
    if (pack && known && isOf(known, id, device) && known.revision === pack.revision) return known.networks;
    this.#pack = null;
    await known?.networks.then(release, () => undefined);
    if (!pack) throw new AppError('model-missing', `${id} is not on this computer`);
    const opened = { id, device, revision: pack.revision, networks: openAll(id, pack, device, signal) };
    this.#pack = opened;
    opened.networks.catch(() => {
      if (this.#pack === opened) this.#pack = null;
    });
    return opened.networks;
  }

  /** What is open already is used without a look at the disk. @throws as `fromDisk` */
  pack(id: PackDetector, device: Device, signal: AbortSignal): Promise<PackNetworks> {
    const known = this.#pack;
    return known && isOf(known, id, device) ? known.networks : this.fromDisk(id, device, signal);
  }
}

function isOf(opened: Opened, id: PackDetector, device: Device): boolean {
  return opened.id === id && opened.device === device;
}

async function openAll(
  id: PackDetector,
  pack: NetworkPack,
  device: Device,
  signal: AbortSignal,
): Promise<PackNetworks> {
  const files = FILES[id];
  signal.throwIfAborted();
  const detector = await openFile(pack, files.detector, device, signal);
  try {
    const landmarks = files.landmarks && (await openFile(pack, files.landmarks, device, signal));
    return { detector, landmarks };
  } catch (error) {
    await detector.release();
    throw error;
  }
}

/** Its errors name the file. */
async function openFile(
  pack: NetworkPack,
  path: string,
  device: Device,
  signal: AbortSignal,
): Promise<Network> {
  try {
    return await pack.open(path, device, signal);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw withDetails(error, { path }, `${path}: ${error.message}`);
  }
}

async function release({ detector, landmarks }: PackNetworks): Promise<void> {
  await Promise.all([detector.release(), landmarks?.release()]);
}
