import { AppError } from '../../src/core/errors';

/** What onnxruntime-web makes use of, when the adapter has it. Subgroups apart: on some adapters they compute wrongly. */
const FEATURES = ['shader-f16', 'timestamp-query'] as const;
/** `subgroup-size-control` is not in TypeScript's list yet. */
const SUBGROUP_FEATURES = ['subgroups', 'subgroup-size-control' as GPUFeatureName] as const;

/** A device has the smallest limits unless it is asked for more: here for all that the adapter has. */
const LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupSizeZ',
  'maxComputeWorkgroupsPerDimension',
] as const;

/** How long the news of a loss may come after the failure that it causes, ms. */
const LATE_NEWS_MS = 200;

/** A device of our own: onnxruntime-web's options for its own one have no effect (1.30), and it dies with the last session. */
export class GpuDevice {
  readonly device: GPUDevice;
  readonly #loss: Promise<never>;
  #lost: AppError | null = null;

  constructor(device: GPUDevice) {
    this.device = device;
    let isFull = false;
    this.#loss = device.lost.then(({ reason: told, message }) => {
      const reason = isFull ? 'out-of-memory' : told;
      this.#lost = new AppError('engine-lost', `the GPU device was lost: ${message || reason}`, {
        reason,
        message,
      });
      throw this.#lost;
    });
    this.#loss.catch(() => undefined);
    // What did not fit would be computed with all the same, and come out as nonsense.
    device.addEventListener('uncapturederror', ({ error }) => {
      if (!(error instanceof GPUOutOfMemoryError)) return;
      isFull = true;
      device.destroy();
    });
  }

  /** @throws AppError engine-lost (`details.reason`; out-of-memory where that was it) once the device is gone. */
  throwIfLost(): void {
    if (this.#lost) throw this.#lost;
  }

  /**
   * The outcome of `work` on this device.
   * @throws AppError engine-lost as soon as the device is gone, and in place of what failed because of it.
   */
  whileItLasts<T>(work: Promise<T>): Promise<T> {
    const outcome = work.catch(async (error: unknown) => {
      await Promise.race([this.#loss, new Promise((resolve) => setTimeout(resolve, LATE_NEWS_MS))]);
      throw error;
    });
    return Promise.race([this.#loss, outcome]);
  }

  /** The end of `work` that gives back what lies on this device, or of the device, with which all of it has gone. */
  untilGone(work: Promise<void>): Promise<void> {
    return Promise.race([this.#loss.catch(() => undefined), work]);
  }

  /** Gives its memory back. Everything on it is engine-lost. */
  destroy(): void {
    this.device.destroy();
  }
}

/** Null: the browser gives none. */
export async function findAdapter(): Promise<GPUAdapter | null> {
  const { gpu } = navigator as { gpu?: GPU };
  return (await gpu?.requestAdapter({ powerPreference: 'high-performance' })) ?? null;
}

/**
 * @param adapter a fresh one: it gives one device.
 * @param subgroups false: without them, even if the adapter has them.
 * @throws AppError gpu-missing (`details.reason`) when the adapter refuses.
 */
export async function openDevice(adapter: GPUAdapter, subgroups: boolean): Promise<GpuDevice> {
  const wanted = subgroups ? [...FEATURES, ...SUBGROUP_FEATURES] : FEATURES;
  const requiredLimits = Object.fromEntries(LIMITS.map((limit) => [limit, adapter.limits[limit]]));
  const requiredFeatures = wanted.filter((feature) => adapter.features.has(feature));
  try {
    return new GpuDevice(await adapter.requestDevice({ requiredFeatures, requiredLimits }));
  } catch (cause) {
    const reason = String(cause);
    throw new AppError('gpu-missing', `the GPU gives no device: ${reason}`, { reason }, { cause });
  }
}
