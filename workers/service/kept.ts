/** Small values that outlive the service worker, as JSON in a cache of their own. */

export interface Kept<T> {
  /** `fallback` when nothing was kept. */
  read(): Promise<T>;
  write(value: T): Promise<void>;
}

const CACHE = 'open-the-eyes-kept';

/** @param name letters and dashes. A disk that fails costs only what was kept. */
export function keptInCache<T>(name: string, fallback: T): Kept<T> {
  return {
    async read() {
      try {
        const found = await (await caches.open(CACHE)).match(`./${name}.json`);
        return found ? await found.json() : fallback;
      } catch {
        return fallback;
      }
    },
    async write(value) {
      try {
        await (await caches.open(CACHE)).put(`./${name}.json`, Response.json(value));
      } catch {
        // The disk is full or refused to this site: the value holds while the service worker lives.
      }
    },
  };
}
