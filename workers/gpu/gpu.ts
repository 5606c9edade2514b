/** The GPU for heavy engines: a device of our own that is known to compute rightly. */
import { AppError } from '../../src/core/errors';
import { type GpuCheck, isEssential } from '../../src/core/gpu';
import type { GpuProbe } from '../../src/engines/contracts';
import { gpuBuild, RUNTIME_VERSION } from '../ort/runtime';
import { type CheckCase, checkCases } from './cases';
import { findAdapter, type GpuDevice, openDevice } from './device';
import { factsOf } from './facts';
import { selfCheck } from './selfCheck';

/** Where self-checks are remembered between visits. */
export interface CheckMemory {
  /** Null: nothing is known by that key. */
  get(key: string): Promise<GpuCheck | null>;
  put(key: string, check: GpuCheck): Promise<void>;
}

export interface Gpu extends GpuProbe {
  /**
   * A device that has passed the self-check, now or on an earlier visit. Its owner destroys it.
   * @throws AppError gpu-missing; gpu-wrong (`details.operators`); engine-lost when the check cost the device.
   */
  open(signal: AbortSignal): Promise<GpuDevice>;
}

export function createGpu(memory: CheckMemory, { revision, cases } = checkCases): Gpu {
  // A memory that fails costs a check, nothing else.
  const recall = (adapter: GPUAdapter) => memory.get(keyOf(adapter, revision)).catch(() => null);
  const tryOut = async (adapter: GPUAdapter, signal: AbortSignal): Promise<Trial> => {
    const trial = await tryDevices(adapter, cases, signal);
    await memory.put(keyOf(adapter, revision), trial.check).catch(() => undefined);
    return trial;
  };
  return {
    async facts(signal) {
      const adapter = await findAdapter();
      signal.throwIfAborted();
      return adapter && factsOf(adapter, await recall(adapter));
    },
    async check(signal) {
      const adapter = await findAdapter();
      if (!adapter) return null;
      const { device, check } = await tryOut(adapter, signal);
      device.destroy();
      return factsOf(adapter, check);
    },
    async open(signal) {
      const adapter = await findAdapter();
      if (!adapter) throw new AppError('gpu-missing', 'the browser gives no GPU adapter');
      const known = await recall(adapter);
      if (known) {
        expectRight(known);
        return openDevice(adapter, known.subgroups);
      }
      const { device, check } = await tryOut(adapter, signal);
      try {
        expectRight(check);
      } catch (error) {
        device.destroy();
        throw error;
      }
      return device;
    },
  };
}

interface Trial {
  readonly device: GpuDevice;
  readonly check: GpuCheck;
}

/** The device as it is, or without subgroups when only those are to blame, or may be. */
async function tryDevices(
  adapter: GPUAdapter,
  cases: readonly CheckCase[],
  signal: AbortSignal,
): Promise<Trial> {
  const trial = await tryDevice(adapter, true, cases, signal);
  if (!trial.check.wrong.some(isEssential) || !adapter.features.has('subgroups')) return trial;
  trial.device.destroy();
  const fresh = await findAdapter();
  if (!fresh) throw new AppError('engine-lost', 'the GPU was lost during its check');
  return tryDevice(fresh, false, cases, signal);
}

async function tryDevice(
  adapter: GPUAdapter,
  subgroups: boolean,
  cases: readonly CheckCase[],
  signal: AbortSignal,
): Promise<Trial> {
  const device = await openDevice(adapter, subgroups);
  try {
    const wrong = await selfCheck(device, cases, signal);
    return { device, check: { runtime: RUNTIME_VERSION, subgroups, wrong } };
  } catch (error) {
    device.destroy();
    throw error;
  }
}

function expectRight({ wrong }: GpuCheck): void {
  const operators = wrong.filter(isEssential).join(', ');
  if (operators === '') return;
  throw new AppError('gpu-wrong', `the GPU computes wrongly: ${operators}`, { operators });
}

/** Everything that the outcome may depend on. */
function keyOf({ info, features }: GPUAdapter, revision: string): string {
  const { vendor, architecture, device, description } = info;
  const adapter = [vendor, architecture, device, description, ...[...features].sort()].join(' ');
  return `gpu-check ${revision}, onnxruntime-web ${RUNTIME_VERSION} ${gpuBuild()}, ${navigator.userAgent}, ${adapter}`;
}
