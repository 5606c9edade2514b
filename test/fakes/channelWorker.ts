import type { WorkerLike } from '../../src/rpc/host';
import { serve } from '../../src/rpc/serve';

/** A worker in the same realm: both ends of the wire joined by a MessageChannel. */
export interface ChannelWorker extends WorkerLike {
  readonly isEnded: () => boolean;
  /** What a browser does when a worker's script throws or its process is killed. */
  readonly die: (message: string) => void;
}

export function channelWorker(methods: object): ChannelWorker {
  const { port1, port2 } = new MessageChannel();
  const errors = new EventTarget();
  let ended = false;
  serve(methods, port2);
  const targetOf = (type: string): EventTarget => (type === 'message' ? port1 : errors);
  return {
    postMessage: (message, transfer) => port1.postMessage(message, transfer ?? []),
    addEventListener: (type, listener, options) => targetOf(type).addEventListener(type, listener, options),
    removeEventListener: (type, listener, options) =>
      targetOf(type).removeEventListener(type, listener, options),
    start: () => port1.start(),
    terminate() {
      ended = true;
      port1.close();
      port2.close();
    },
    isEnded: () => ended,
    die: (message) => errors.dispatchEvent(Object.assign(new Event('error'), { message })),
  };
}
