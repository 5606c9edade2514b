/** The conversion of SDXL checkpoints, held against PyTorch: float32, float16, 4 bits, and LoRAs. */
import { execFile } from 'node:child_process';
import { expect, test } from 'vitest';

/** Of tools/models/check.mjs: no Python with torch is named. */
const SKIPPED = 77;
/** Where it is told to install one, the first run fetches 6 GB. */
const TIMEOUT_MS = 900_000;

test('converted graphs agree with PyTorch', { timeout: TIMEOUT_MS }, async ({ signal, skip }) => {
  const { code, output } = await run('tools/models/check.mjs', signal);
  if (code === SKIPPED) skip(output);
  expect(code, output).toBe(0);
});

/** Not in step: a test worker that waits minutes without a word is given up. */
function run(script: string, signal: AbortSignal): Promise<{ code: unknown; output: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [script], { signal }, (fault, stdout, stderr) =>
      resolve({ code: fault ? fault.code : 0, output: `${stdout}\n${stderr.slice(-4000)}` }),
    );
  });
}
