/** One heavy engine at a time: what it holds of memory and GPU is given back before another begins. */
import { untilAborted } from '../core/abort';

interface Stoppable {
  stop(): void;
}

/** Runs work on an engine once nobody else's runs, and ends the engine that was at it before. */
export type HeavyTurn = <T>(engine: Stoppable, signal: AbortSignal, work: () => Promise<T>) => Promise<T>;

export function heavyTurns(): HeavyTurn {
  let tail: Promise<void> = Promise.resolve();
  let last: Stoppable | null = null;
  return async (engine, signal, work) => {
    const previous = tail;
    let leave = () => {};
    tail = new Promise((resolve) => {
      leave = resolve;
    });
    try {
      await untilAborted(previous, signal);
      if (last !== engine) last?.stop();
      last = engine;
      return await work();
    } finally {
      // Also for who left early, the turn ends when the one before has ended.
      void previous.then(leave);
    }
  };
}
