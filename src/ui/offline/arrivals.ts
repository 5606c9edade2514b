/** Photos that come from outside the page: shared by another app, or opened with this one. */
import { SHARED_CACHE, SHARED_NAME } from '../../core/serviceRequest';

interface Launch {
  readonly files?: readonly FileSystemFileHandle[];
}

interface LaunchQueue {
  setConsumer(consume: (launch: Launch) => void): void;
}

/** Takes the photos that wait, in no order; there are none the next time. */
export async function takeShared(): Promise<readonly File[]> {
  const cache = await caches.open(SHARED_CACHE);
  const files: File[] = [];
  for (const request of await cache.keys()) {
    const kept = await cache.match(request);
    await cache.delete(request);
    if (!kept) continue;
    const name = decodeURIComponent(kept.headers.get(SHARED_NAME) ?? 'photo');
    const blob = await kept.blob();
    files.push(new File([blob], name, { type: blob.type }));
  }
  return files;
}

/** Where the app is the one that opens pictures. Launches from before this call come too. */
export function onLaunch(open: (files: readonly File[]) => void): void {
  const { launchQueue } = globalThis as { readonly launchQueue?: LaunchQueue };
  launchQueue?.setConsumer(async ({ files }) => {
    if (files?.length) open(await Promise.all(files.map((handle) => handle.getFile())));
  });
}
