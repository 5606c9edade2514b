/** A GPU that says what the test wants. */
import type { GpuReport } from '../../src/core/gpu';
import type { GpuEngine } from '../../src/engines/contracts';

export interface FakeGpuOptions {
  readonly report?: GpuReport;
  /** After the self-check; an error: it fails with it. */
  readonly checked?: GpuReport | Error;
  /** The self-check takes until it resolves. */
  readonly gate?: Promise<void>;
}

const NO_GPU: GpuReport = { facts: null, summary: ['The fake has no graphics card.'], fits: {} };

export function fakeGpu({ report = NO_GPU, checked = report, gate }: FakeGpuOptions = {}): GpuEngine {
  return {
    async report(_packs, signal) {
      signal.throwIfAborted();
      return report;
    },
    async check(_packs, signal) {
      const { promise, reject } = Promise.withResolvers<never>();
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      await Promise.race([gate, promise]);
      if (checked instanceof Error) throw checked;
      return checked;
    },
  };
}
