/** How signals, progress and errors cross a MessagePort. Comlink sees top-level arguments only. */
import { type TransferHandler, transferHandlers } from 'comlink';
import { AppError, type ErrorCode, type ErrorDetails, isAbort } from '../core/errors';

type Thrown = { readonly value: unknown };
type WireError =
  | { readonly kind: 'abort'; readonly message: string }
  | {
      readonly kind: 'app';
      readonly code: ErrorCode;
      readonly message: string;
      readonly details: ErrorDetails;
    };

const defaultThrow = transferHandlers.get('throw') as TransferHandler<unknown, unknown>;

/** The near end of what was sent as a port: a long-lived signal must not gather one for every call. */
const nearEnds = new WeakMap<object, MessagePort>();

/** Closes the port behind a sent signal or callback. Anything else is ignored. */
export function hangUp(sent: unknown): void {
  if (typeof sent === 'function' || sent instanceof AbortSignal) nearEnds.get(sent)?.close();
}

const signalHandler: TransferHandler<AbortSignal, { aborted: boolean; port: MessagePort }> = {
  canHandle: (value): value is AbortSignal => value instanceof AbortSignal,
  serialize(signal) {
    const { port1, port2 } = new MessageChannel();
    nearEnds.set(signal, port1);
    signal.addEventListener('abort', () => port1.postMessage('abort'), { once: true });
    return [{ aborted: signal.aborted, port: port2 }, [port2]];
  },
  deserialize({ aborted, port }) {
    const controller = new AbortController();
    if (aborted) controller.abort();
    port.onmessage = () => {
      controller.abort();
      port.close();
    };
    return controller.signal;
  },
};

/** Progress goes one way and is never waited for. */
const reportHandler: TransferHandler<(done: number) => void, MessagePort> = {
  canHandle: (value): value is (done: number) => void => typeof value === 'function',
  serialize(report) {
    const { port1, port2 } = new MessageChannel();
    nearEnds.set(report, port1);
    port1.onmessage = (event: MessageEvent<number>) => report(event.data);
    return [port2, [port2]];
  },
  deserialize: (port) => (done) => port.postMessage(done),
};

const throwHandler: TransferHandler<Thrown, WireError> = {
  canHandle: (value): value is Thrown => defaultThrow.canHandle(value),
  serialize: ({ value }) => [toWire(value), []],
  deserialize(wire): never {
    throw wire.kind === 'abort'
      ? new DOMException(wire.message, 'AbortError')
      : new AppError(wire.code, wire.message, wire.details);
  },
};

/** Call once in every realm that talks over comlink. */
export function installWire(): void {
  transferHandlers.set('signal', signalHandler);
  transferHandlers.set('report', reportHandler);
  transferHandlers.set('throw', throwHandler);
}

function toWire(value: unknown): WireError {
  if (isAbort(value)) return { kind: 'abort', message: (value as Error).message };
  if (value instanceof AppError) {
    return { kind: 'app', code: value.code, message: value.message, details: value.details };
  }
  const error = value instanceof Error ? value : new Error(String(value));
  return {
    kind: 'app',
    code: 'internal',
    message: `${error.name}: ${error.message}`,
    details: { stack: error.stack ?? '' },
  };
}
