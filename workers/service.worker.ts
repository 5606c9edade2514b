/**
 * The app without a network: keeps its files, gives them the headers that the host may not send, writes down what goes
 * to the network, and lets nothing out while a person works offline. Built by tools/offline/plugin.mjs.
 */
import type { ServiceAnswers, ServiceRequest } from '../src/core/serviceRequest';
import { AppCache } from './service/appCache';
import { type AppFile, pathOf } from './service/files';
import { keptInCache } from './service/kept';
import { Network, RefusedError } from './service/network';
import { RequestLog } from './service/requestLog';
import { receiveShare } from './service/share';

declare const self: ServiceWorkerGlobalScope;
/** What the first photo needs; put in by the build. */
declare const FIRST_FILES: readonly AppFile[];
/** What is fetched when there is time. */
declare const LATER_FILES: readonly AppFile[];

/** As the manifest names it. */
const SHARE_PATH = 'share';
/** Of the two builds of the runtime for graphics cards a browser uses one (workers/ort/runtime.ts). */
const UNUSED_BUILD = 'Suspending' in WebAssembly ? '.asyncify-' : '.jspi-';
const own = self.registration.scope;

const log = new RequestLog(keptInCache('requests', []));
const network = new Network({
  log,
  offline: keptInCache('work-offline', false),
  own,
  fetch: (request, init) => fetch(request, init),
  now: () => Date.now(),
});
const cacheOf = (name: string, files: readonly AppFile[]) =>
  new AppCache({
    files,
    own,
    // Another copy of the app, in another folder of the same host, has its own.
    open: () => caches.open(`${name} ${own}`),
    fetch: (request) => network.fetch(request),
  });
const first = cacheOf('open-the-eyes-app', FIRST_FILES);
const later = cacheOf('open-the-eyes-later', LATER_FILES);

self.addEventListener('install', (event) => event.waitUntil(first.fill()));

self.addEventListener('activate', (event) =>
  event.waitUntil(Promise.all([first.tidy(), later.tidy(), self.clients.claim()])),
);

self.addEventListener('fetch', (event) => event.respondWith(answer(event.request)));

self.addEventListener('message', (event) => {
  const port = event.ports[0];
  const work = answerPage(event.data as ServiceRequest).then((value) => port?.postMessage(value));
  event.waitUntil(work);
});

async function answer(request: Request): Promise<Response> {
  const path = pathOf(request.url, own);
  if (path === SHARE_PATH && request.method === 'POST') return await receiveShare(request);
  const cache = path !== null && request.method === 'GET' && [first, later].find((list) => list.has(path));
  try {
    return await (cache ? cache.get(path) : network.fetch(request));
  } catch (error) {
    // Nothing else tells the page at once that asking again is of no use.
    if (error instanceof RefusedError)
      return new Response(null, { status: 403, statusText: 'Working offline' });
    throw error;
  }
}

async function answerPage(request: ServiceRequest): Promise<ServiceAnswers[ServiceRequest['type']]> {
  switch (request.type) {
    case 'requests':
      return await log.all();
    case 'work-offline':
      if (request.on !== null) await network.workOffline(request.on);
      return await network.isOffline();
    case 'fetch-rest':
      return await later
        .fill((path) => !path.includes(UNUSED_BUILD))
        .then(
          () => true,
          () => false,
        );
    case 'take-over':
      return await takeOver();
  }
}

/** Other windows run on the files of the version before, which go. */
async function takeOver(): Promise<boolean> {
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (windows.length > 1) return false;
  await self.skipWaiting();
  return true;
}
