import { AppError } from '../../src/core/errors';

let tail: Promise<unknown> = Promise.resolve();

/**
 * Runs `work` when all earlier work of this realm has ended, well or badly. Every create, run and release goes
 * through here: two at the same time break onnxruntime-web's instance for good (measured on 1.30).
 * @throws AppError engine-lost when the instance is broken: only a new worker helps.
 */
export function exclusive<T>(work: () => Promise<T>): Promise<T> {
  const turn = tail.then(work).catch((error: unknown) => {
    throw isBroken(error) ? lost(error) : error;
  });
  tail = turn.catch(() => undefined);
  return turn;
}

/** Said when its binary could not be loaded, which it tries once; and after an opening that broke off half-way. */
const BROKEN = /^no available backend found|^another WebGPU EP inference session/;

function isBroken(error: unknown): error is Error {
  if (error instanceof WebAssembly.RuntimeError) return true;
  return error instanceof Error && BROKEN.test(error.message);
}

function lost(cause: Error): AppError {
  const reason = cause.message;
  return new AppError('engine-lost', `onnxruntime-web broke: ${reason}`, { reason }, { cause });
}
