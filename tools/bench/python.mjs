/** Python for benches. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { callPython, ensurePython as ensure } from '../python.mjs';
import { root } from '../setup.mjs';

/** @returns {string} the interpreter, set up if need be */
export const ensurePython = () => ensure('bench-python', 'tools/bench/requirements.txt');

/** @returns {string} what the script of tools/bench printed */
export function runPython(script, args) {
  return callPython(ensurePython(), [join(root, 'tools/bench', script), ...args]);
}

/**
 * A script that stays, and answers every line of JSON with one.
 * @returns {{ ask: (order: object) => Promise<any>, close: () => void }}
 */
export function startPython(script, args, python = ensurePython()) {
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
