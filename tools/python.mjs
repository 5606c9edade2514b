/** Python environments of the repository's own, in `.cache`. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './setup.mjs';

/**
 * Makes `.cache/NAME`, anew when its requirements changed.
 * @param {string} requirements the file, from the repository's root
 * @returns {string} the environment's interpreter
 * @throws {Error} when there is no Python here, or no registry
 */
export function ensurePython(name, requirements) {
  const home = join(root, '.cache', name);
  const windows = process.platform === 'win32';
  const python = join(home, windows ? 'Scripts/python.exe' : 'bin/python');
  const stamp = join(home, 'requirements.txt');
  const wanted = readFileSync(join(root, requirements), 'utf8');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return python;
  console.error('Setting up Python …');
  rmSync(home, { recursive: true, force: true });
  mkdirSync(join(root, '.cache'), { recursive: true });
  callPython(windows ? 'python' : 'python3', ['-m', 'venv', home]);
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
  callPython(python, [...pip, '-r', join(root, requirements)]);
  writeFileSync(stamp, wanted);
  return python;
}

/** @returns {string} what it printed */
export function callPython(python, args) {
  const { status, stdout, error } = spawnSync(python, args, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`${python} ${args.join(' ')} failed${error ? `: ${error.message}` : ''}`);
  return stdout;
}
