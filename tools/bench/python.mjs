/** Python for benches: an environment of its own in `.cache`, made when its requirements changed. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from '../setup.mjs';

const home = join(root, '.cache/bench-python');
const python = join(home, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
const requirements = join(root, 'tools/bench/requirements.txt');

export function ensurePython() {
  const stamp = join(home, 'requirements.txt');
  const wanted = readFileSync(requirements, 'utf8');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.error('Setting up Python …');
  rmSync(home, { recursive: true, force: true });
  mkdirSync(join(root, '.cache'), { recursive: true });
  call(process.platform === 'win32' ? 'python' : 'python3', ['-m', 'venv', home]);
  call(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements]);
  writeFileSync(stamp, wanted);
}

/** @returns {string} what the script of tools/bench printed */
export function runPython(script, args) {
  return call(python, [join(root, 'tools/bench', script), ...args]);
}

/**
 * A script that stays, and answers every line of JSON with one.
 * @returns {{ ask: (order: object) => Promise<any>, close: () => void }}
 */
export function startPython(script, args) {
  const child = spawn(python, [join(root, 'tools/bench', script), ...args], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(order) {
      child.stdin.write(`${JSON.stringify(order)}\n`);
      const { value, done } = await answers.next();
      if (done) throw new Error(`${script} ${args.join(' ')} ended`);
      return JSON.parse(value);
    },
    close: () => child.stdin.end(),
  };
}

function call(command, args) {
  const { status, stdout, error } = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0)
    throw new Error(`${command} ${args.join(' ')} failed${error ? `: ${error.message}` : ''}`);
  return stdout;
}
