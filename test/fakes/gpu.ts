/** A GPU of which the test says the facts; the sentences are the app's own. */
import type { GpuFacts } from '../../src/core/gpu';
import type { GpuEngine } from '../../src/engines/contracts';
import { gpuReport } from '../../src/engines/gpu';

export interface FakeGpuOptions {
  /** Null, and if nothing is said: the browser gives none. */
  readonly facts?: GpuFacts | null;
  /** After the self-check; an error: it fails with it. */
  readonly checked?: GpuFacts | Error;
  /** The self-check takes until it resolves. */
  readonly gate?: Promise<void>;
}

export function fakeGpu({ facts = null, checked, gate }: FakeGpuOptions = {}): GpuEngine {
  return {
    async report(packs, signal) {
      signal.throwIfAborted();
      return gpuReport(facts, packs);
    },
    async check(packs, signal) {
      const { promise, reject } = Promise.withResolvers<never>();
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      await Promise.race([gate, promise]);
      if (checked instanceof Error) throw checked;
      return gpuReport(checked ?? facts, packs);
    },
  };
}

/** Not checked, without a feature or a flaw. */
export function makeFacts(rest: Partial<GpuFacts> = {}): GpuFacts {
  return {
    name: 'vendor architecture',
    software: false,
    features: ['shader-f16'],
    bufferBytes: 1_073_741_824,
    ramHintGib: 4,
    check: null,
    ...rest,
  };
}
