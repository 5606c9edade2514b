import { AppError } from '../core/errors';
import type { Pack } from '../core/pack';
import { parseCatalog } from './manifest';

/** For a small file from the app's own origin. */
const PATIENCE_MS = 30_000;

/** The catalog of a `models` folder, and what is served beside it. */
export class Catalog {
  /** Ends with a slash. */
  readonly url: string;
  #packs: Promise<readonly Pack[]> | null = null;

  constructor(url: string) {
    this.url = url;
  }

  /**
   * Fetched once; a failure is forgotten so it can be tried again.
   * @throws AppError model-missing when it cannot be fetched, model-corrupt when it is wrong
   */
  packs(): Promise<readonly Pack[]> {
    this.#packs ??= this.#text('catalog.json')
      .then(parseCatalog)
      .catch((error: unknown) => {
        this.#packs = null;
        throw error;
      });
    return this.#packs;
  }

  /** Empty when it cannot be fetched. @throws AppError model-corrupt */
  async packsIfReachable(): Promise<readonly Pack[]> {
    try {
      return await this.packs();
    } catch (error) {
      if (error instanceof AppError && error.code === 'model-missing') return [];
      throw error;
    }
  }

  /** A file of the folder. @throws AppError model-missing */
  async fetch(path: string, signal: AbortSignal | null = null): Promise<Response> {
    const response = await fetch(this.url + path, { signal }).catch((cause: unknown) => {
      throw new AppError('model-missing', `${path} could not be fetched`, { path }, { cause });
    });
    // A server for single pages answers with the page itself where there is no file.
    const html = response.headers.get('content-type')?.startsWith('text/html');
    if (!response.ok || html) {
      throw new AppError('model-missing', `${path} was not served`, { path, status: response.status });
    }
    return response;
  }

  async #text(path: string): Promise<string> {
    const response = await this.fetch(path, AbortSignal.timeout(PATIENCE_MS));
    return await response.text().catch((cause: unknown) => {
      throw new AppError('model-missing', `${path} broke off`, { path }, { cause });
    });
  }
}

/** The app's own. Worker scripts lie one folder below the app's root, in the dev server and in the build. */
export function ownCatalog(): Catalog {
  return new Catalog(new URL('../models/', globalThis.location.href).href);
}
