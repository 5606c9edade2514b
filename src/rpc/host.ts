/**
 * The window's end of one worker: started on first use, one call at a time, a failed call never fails
 * the next. Cancelling is soft first; a worker that does not stop within the grace time is ended.
 */
import { type Endpoint, type Remote, wrap } from 'comlink';
import { untilAborted } from '../core/abort';
import { AppError, asAppError, isAbort, withDetails } from '../core/errors';
import { move } from './move';
import { Silence } from './silence';
import { hangUp, installWire } from './wire';

/** What a Worker and a test's MessagePort have in common. */
export interface WorkerLike extends Endpoint {
  terminate(): void;
}

export interface HostOptions {
  readonly name: string;
  readonly start: () => WorkerLike;
  /** How long a cancelled call may take to stop by itself, ms. Infinity: a cancel never ends the worker. */
  readonly graceMs: number;
  /** Buffers that leave with a call's first input instead of being copied. */
  readonly moves?: (input: unknown) => readonly Transferable[];
  /** End the worker when nothing was called for so long, ms. */
  readonly idleMs?: number;
  /** End it when a call has neither ended nor reported anything for so long, ms: engine-lost, `details.reason` silent. */
  readonly silentMs?: number;
}

type Methods<T> = { readonly [K in keyof T]: (...args: never[]) => Promise<unknown> };
type AnyMethods = Record<string, (...args: unknown[]) => Promise<unknown>>;

interface Running {
  readonly worker: WorkerLike;
  readonly remote: Remote<AnyMethods>;
  /** Rejects when the worker dies. */
  readonly lost: Promise<never>;
  readonly fail: (error: AppError) => void;
}

export class WorkerHost<T extends Methods<T>> {
  /** The worker's methods, as its contract names them. */
  readonly engine: T;
  readonly #options: HostOptions;
  #running: Running | null = null;
  #tail: Promise<void> = Promise.resolve();
  #waiting = 0;
  #idleTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: HostOptions) {
    installWire();
    this.#options = options;
    this.engine = new Proxy({} as T, {
      get: (_target, method) => {
        // An object that answers `then` would be taken for a promise by `await`.
        if (typeof method !== 'string' || method === 'then') return undefined;
        return (...args: unknown[]) => this.#enqueue(method, args);
      },
    });
  }

  /** Ends the worker, which gives its memory back. A pending call rejects with engine-lost; the next starts anew. */
  stop(): void {
    this.#end(
      new AppError('engine-lost', `${this.#options.name} was stopped`, { engine: this.#options.name }),
    );
  }

  async #enqueue(method: string, args: unknown[]): Promise<unknown> {
    const signal = args.find((arg) => arg instanceof AbortSignal);
    throwIfAborted(signal);
    clearTimeout(this.#idleTimer);
    this.#waiting += 1;
    const previous = this.#tail;
    let leave = () => {};
    this.#tail = new Promise((resolve) => {
      leave = resolve;
    });
    try {
      await untilAborted(previous, signal);
      return await this.#call(method, args, signal);
    } finally {
      // The turn ends when the one before has ended, also for a call that left the queue early.
      void previous.then(leave);
      this.#waiting -= 1;
      this.#armIdleTimer();
    }
  }

  async #call(method: string, args: unknown[], signal: AbortSignal | undefined): Promise<unknown> {
    throwIfAborted(signal);
    this.#running ??= this.#start();
    const running = this.#running;
    const { remote, lost } = running;
    let grace: ReturnType<typeof setTimeout> | undefined;
    const cancel = new AbortController();
    const onAbort = () => {
      cancel.abort();
      if (!Number.isFinite(this.#options.graceMs)) return;
      grace = setTimeout(() => this.stop(), this.#options.graceMs);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    const { moves, silentMs } = this.#options;
    const sent = args.map((arg) => (arg === signal ? cancel.signal : perCall(arg, () => silence?.heard())));
    if (moves) sent[0] = move(sent[0], moves(sent[0]));
    const silence =
      silentMs === undefined ? null : new Silence(silentMs, () => this.#end(this.#lostError('silent')));
    try {
      return await Promise.race([remote[method]!(...sent), lost]);
    } catch (error) {
      if (isAbort(error)) throw error;
      const failure = this.#named(asAppError(error, 'internal'));
      // Also the worker's own word: what it has lost (a GPU device, a runtime) only a new one gets back.
      if (failure.code === 'engine-lost' && this.#running === running) this.#end(failure);
      throw failure;
    } finally {
      clearTimeout(grace);
      silence?.end();
      signal?.removeEventListener('abort', onAbort);
      sent.forEach(hangUp);
      throwIfAborted(signal);
    }
  }

  /** What was lost says whose it was: a device and a runtime do not know. */
  #named(error: AppError): AppError {
    if (error.code !== 'engine-lost' || error.details['engine'] !== undefined) return error;
    return withDetails(error, { engine: this.#options.name });
  }

  /** @throws AppError engine-lost when the browser refuses to start a worker. */
  #start(): Running {
    const worker = this.#startWorker();
    let fail: Running['fail'] = () => {};
    const lost = new Promise<never>((_resolve, reject) => {
      fail = reject;
    });
    lost.catch(() => undefined);
    const onDeath = (event: Event) => {
      // A worker that was ended may still send its last words: they say nothing of its successor.
      if (this.#running?.worker !== worker) return;
      this.#end(this.#lostError((event as Partial<ErrorEvent>).message || 'the worker could not start'));
    };
    worker.addEventListener('error', onDeath as EventListener);
    worker.addEventListener('messageerror', onDeath as EventListener);
    return { worker, remote: wrap<AnyMethods>(worker), lost, fail };
  }

  #startWorker(): WorkerLike {
    try {
      return this.#options.start();
    } catch (error) {
      throw this.#lostError(String(error));
    }
  }

  #lostError(reason: string): AppError {
    const engine = this.#options.name;
    return new AppError('engine-lost', `${engine} died: ${reason}`, { engine, reason });
  }

  #end(error: AppError): void {
    clearTimeout(this.#idleTimer);
    this.#running?.fail(error);
    this.#running?.worker.terminate();
    this.#running = null;
  }

  #armIdleTimer(): void {
    const { idleMs } = this.#options;
    if (this.#waiting === 0 && idleMs !== undefined) this.#idleTimer = setTimeout(() => this.stop(), idleMs);
  }
}

/** A callback of its own for each call, so that its port can be closed with the call. */
function perCall(arg: unknown, onReport: () => void): unknown {
  if (typeof arg !== 'function') return arg;
  return (done: unknown) => {
    onReport();
    arg(done);
  };
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new DOMException('cancelled', 'AbortError');
}
