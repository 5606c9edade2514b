/** A list of the app's files in a cache: each as the build made it, or not at all. */
import { dressed } from './dressed';
import type { AppFile } from './files';
import { headersOf } from './headers';

export interface AppCacheParts {
  readonly files: readonly AppFile[];
  /** Address of the app's folder, with a slash at its end. */
  readonly own: string;
  readonly open: () => Promise<Pick<Cache, 'match' | 'put' | 'keys' | 'delete'>>;
  readonly fetch: (request: Request) => Promise<Response>;
}

/** At once; what an HTTP/1 server gives a browser. */
const LANES = 6;

/** The host answered with something that is not the file of this version. */
export class WrongFileError extends Error {
  override readonly name = 'WrongFileError';
}

export class AppCache {
  readonly #parts: AppCacheParts;
  readonly #files: ReadonlyMap<string, AppFile>;

  constructor(parts: AppCacheParts) {
    this.#parts = parts;
    this.#files = new Map(parts.files.map((file) => [file.path, file]));
  }

  has(path: string): boolean {
    return this.#files.has(path);
  }

  /**
   * Fetches what is missing of the files that are wanted, by default of all.
   * @throws WrongFileError, and what `fetch` and the disk throw; what came before stays
   */
  async fill(isWanted: (path: string) => boolean = () => true): Promise<void> {
    const cache = await this.#parts.open();
    const queue = [...this.#files.values()].filter(({ path }) => isWanted(path));
    const lane = async () => {
      for (let file = queue.shift(); file; file = queue.shift()) {
        const key = this.#keyOf(file);
        if (!(await cache.match(key))) await cache.put(key, await this.#fetch(file));
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
  }

  /** Drops what belongs to other versions. */
  async tidy(): Promise<void> {
    const cache = await this.#parts.open();
    const wanted = new Set([...this.#files.values()].map((file) => this.#keyOf(file)));
    for (const { url } of await cache.keys()) if (!wanted.has(url)) await cache.delete(url);
  }

  /** A file of the list; fetched where the browser has dropped it. @throws WrongFileError, and what `fetch` throws */
  async get(path: string): Promise<Response> {
    const file = this.#files.get(path)!;
    const cache = await this.#parts.open();
    const kept = await cache.match(this.#keyOf(file));
    if (kept) return kept;
    const response = await this.#fetch(file);
    // A full disk is no reason to refuse what is here.
    await cache.put(this.#keyOf(file), response.clone()).catch(() => undefined);
    return response;
  }

  async #fetch(file: AppFile): Promise<Response> {
    const { path, sha256 } = file;
    // Past the browser's own cache, which may hold another version.
    const request = new Request(this.#parts.own + path, { cache: 'no-cache', credentials: 'same-origin' });
    const response = dressed(await this.#parts.fetch(request), path, headersOf(path));
    const bytes = await response?.clone().arrayBuffer();
    if (!response || !bytes || (await digest(bytes)) !== sha256) {
      throw new WrongFileError(`${path} is not the file of this version`);
    }
    return response;
  }

  #keyOf({ path, revision }: AppFile): string {
    return `${this.#parts.own}${path}?revision=${revision}`;
  }
}

async function digest(bytes: ArrayBuffer): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
