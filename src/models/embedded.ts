/** Model files that ship with the app, from its own origin; checked before use. */
import { AppError } from '../core/errors';
import { type Catalog, type PackFile, parseCatalog } from './manifest';

let catalog: Promise<Catalog> | null = null;

/**
 * @returns the bytes of a shipped file.
 * @throws AppError model-missing when the server does not have it, model-corrupt when size or hash are not the catalog's.
 */
export async function loadPackFile(packId: string, path: string): Promise<Uint8Array<ArrayBuffer>> {
  catalog ??= fetchBytes('catalog.json').then((bytes) => parseCatalog(new TextDecoder().decode(bytes)));
  catalog.catch(() => {
    catalog = null;
  });
  const pack = (await catalog).packs.find(({ id }) => id === packId);
  const file = pack?.files.find((entry) => entry.path === path);
  if (!file) {
    throw new AppError('model-missing', `the catalog has no ${path} in ${packId}`, { pack: packId, path });
  }
  const bytes = await fetchBytes(path);
  await expectBytes(file, bytes);
  return bytes;
}

async function fetchBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  // Worker scripts lie one folder below the app's root, in the dev server and in the build.
  const response = await fetch(new URL(`../models/${path}`, globalThis.location.href)).catch(
    (cause: unknown) => {
      throw new AppError('model-missing', `${path} could not be fetched`, { path }, { cause });
    },
  );
  const html = response.headers.get('content-type')?.startsWith('text/html');
  if (!response.ok || html) {
    throw new AppError('model-missing', `${path} was not served`, {
      path,
      status: response.status,
    });
  }
  return new Uint8Array(await response.arrayBuffer());
}

async function expectBytes(file: PackFile, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  if (bytes.length !== file.bytes) {
    const details = {
      path: file.path,
      foundBytes: bytes.length,
      expectedBytes: file.bytes,
    };
    throw new AppError('model-corrupt', `${file.path} has ${bytes.length} bytes, not ${file.bytes}`, details);
  }
  // Outside a secure context (plain http on a LAN) there is no digest; the size was checked.
  if (!globalThis.isSecureContext) return;
  const digest = await crypto.subtle.digest('SHA-256', bytes);
  const sha256 = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
  if (sha256 !== file.sha256) {
    throw new AppError('model-corrupt', `${file.path} is damaged`, {
      path: file.path,
      sha256,
    });
  }
}
