/** Runs in vitest's server, for the tests in the browser. */
import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';

/**
 * The bytes of a file of a folder of ../shared, base64; null where that is not there.
 * @param {unknown} _context
 * @param {'photos' | 'models' | 'models/clip' | 'webllm-standin'} folder
 * @param {string} name
 * @returns {Promise<string | null>}
 */
export async function readShared(_context, folder, name) {
  const path = resolve(import.meta.dirname, '../../../shared', folder, basename(name));
  try {
    return (await readFile(path)).toString('base64');
  } catch {
    return null;
  }
}
