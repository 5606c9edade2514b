/** Runs in vitest's server, for the tests in the browser. */
import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';

/**
 * The bytes of a test photo, base64; null where ../shared is not there.
 * @param {unknown} _context
 * @param {string} name
 * @returns {Promise<string | null>}
 */
export async function readShared(_context, name) {
  const path = resolve(import.meta.dirname, '../../../shared/photos', basename(name));
  try {
    return (await readFile(path)).toString('base64');
  } catch {
    return null;
  }
}
