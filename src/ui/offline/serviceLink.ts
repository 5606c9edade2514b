/** The page's end of the line to its service worker. */
import type { ServiceAnswers, ServiceRequest } from '../../core/serviceRequest';

export interface ServiceLink {
  /** Whether what this page asks for passes through it. */
  isWatching(): boolean;
  /** A newer version waits for this one to end. */
  hasUpdate(): boolean;
  /** Rejects when it does not answer. */
  ask<T extends ServiceRequest['type']>(
    request: Extract<ServiceRequest, { type: T }>,
  ): Promise<ServiceAnswers[T]>;
  /** The waiting version takes over. @returns false while other windows use the one before it */
  takeOver(): Promise<boolean>;
  /** Calls back when one of the above has changed. */
  onChange(changed: () => void): void;
}

/** It may be asleep; starting it takes moments. */
const PATIENCE_MS = 20_000;
/** Fetching takes as long as it takes. */
const LONG_PATIENCE_MS = 1_800_000;

/** @throws where the browser gives this page no service worker. */
export async function openServiceLink(): Promise<ServiceLink> {
  const container = navigator.serviceWorker;
  // Browsers ask for it anew whenever a worker starts; the host says how long they need not (workers/service/headers.ts).
  const registration = await container.register('./service-worker.js', { updateViaCache: 'all' });
  return {
    isWatching: () => container.controller !== null,
    hasUpdate: () => registration.waiting !== null && registration.active !== null,
    ask: (request) => ask(container.controller ?? registration.active, request),
    takeOver: () => ask<'take-over'>(registration.waiting, { type: 'take-over' }),
    onChange(changed) {
      container.addEventListener('controllerchange', changed);
      const follow = () => registration.installing?.addEventListener('statechange', changed);
      follow();
      registration.addEventListener('updatefound', follow);
    },
  };
}

async function ask<T extends ServiceRequest['type']>(
  worker: ServiceWorker | null,
  request: Extract<ServiceRequest, { type: T }>,
): Promise<ServiceAnswers[T]> {
  if (!worker) throw new Error('no service worker is at work');
  const { port1, port2 } = new MessageChannel();
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    return await new Promise((resolve, reject) => {
      const patienceMs = request.type === 'fetch-rest' ? LONG_PATIENCE_MS : PATIENCE_MS;
      timer = setTimeout(() => reject(new Error('the service worker does not answer')), patienceMs);
      port1.onmessage = ({ data }) => resolve(data as ServiceAnswers[T]);
      worker.postMessage(request, [port2]);
    });
  } finally {
    clearTimeout(timer);
    port1.close();
  }
}
