/** The painter's networks, each open while its part of a run lasts. */
import { isAbort } from '../../src/core/errors';
import type { PainterNetwork } from '../../src/core/painting';
import type { Network } from '../ort/network';
import type { Tensors } from '../ort/tensor';
import { asPaintError } from './attempts';

export type OpenPainterNetwork = (network: PainterNetwork) => Promise<Network>;

export class PainterNetworks {
  /** How often each was opened, and the time spent opening them and in their runs, since `begin`. */
  loads: Partial<Record<PainterNetwork, number>> = {};
  loadingMs = 0;
  runningMs = 0;
  readonly #opened = new Map<PainterNetwork, Network>();
  #open: OpenPainterNetwork;

  /** @param open for what is not open yet */
  constructor(open: OpenPainterNetwork) {
    this.#open = open;
  }

  /** Another call's turn, with a way of opening of its own; what is open stays. */
  begin(open: OpenPainterNetwork): void {
    this.#open = open;
    this.loads = {};
    this.loadingMs = 0;
    this.runningMs = 0;
  }

  /** One run of a network, which is opened where it is not. @throws as `openNetwork` and `Network.run` */
  async run(name: PainterNetwork, feeds: Tensors): Promise<Tensors> {
    const network = this.#opened.get(name) ?? (await this.#load(name));
    const startMs = performance.now();
    const outputs = await network.run(feeds);
    this.runningMs += performance.now() - startMs;
    return outputs;
  }

  /** Releases all others. @throws what the first release that failed threw, after all of them */
  async keep(kept: readonly PainterNetwork[]): Promise<void> {
    const going = [...this.#opened].filter(([name]) => !kept.includes(name));
    for (const [name] of going) this.#opened.delete(name);
    const outcomes = await Promise.allSettled(going.map(([, network]) => network.release()));
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
  }

  async #load(name: PainterNetwork): Promise<Network> {
    const startMs = performance.now();
    const network = await this.#open(name).catch((error: unknown) => {
      // It would not open for the next variation either.
      throw isAbort(error) ? error : asPaintError(error, 'internal');
    });
    this.loadingMs += performance.now() - startMs;
    this.loads[name] = (this.loads[name] ?? 0) + 1;
    this.#opened.set(name, network);
    return network;
  }
}
