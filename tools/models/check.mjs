/**
 * node tools/models/check.mjs [PYTHON | install]
 *
 * Runs sdxl/check.py in a Python that has requirements-sdxl.txt: the one that is named, here or by OPEN_EYES_SDXL_PYTHON, or
 * with `install` one of its own, 6 GB in `.cache`, which the first run fetches: CI does that. Exits with 77 where none is
 * named, and where none can be made.
 */
import { spawnSync } from 'node:child_process';
import { ensurePython } from '../python.mjs';
import { root } from '../setup.mjs';

const SKIPPED = 77;

function findPython() {
  const named = process.argv[2] ?? process.env.OPEN_EYES_SDXL_PYTHON;
  if (!named) skip('name one in OPEN_EYES_SDXL_PYTHON, or say `install` there');
  if (named !== 'install') return named;
  try {
    return ensurePython('sdxl-python', 'tools/models/requirements-sdxl.txt');
  } catch (fault) {
    return skip(fault.message);
  }
}

function skip(reason) {
  console.error(`No Python to convert models with: ${reason}`);
  process.exit(SKIPPED);
}

const { status } = spawnSync(findPython(), ['tools/models/sdxl/check.py'], {
  cwd: root,
  stdio: 'inherit',
  // The networks are too small to share, and idle threads take turns from busy ones.
  env: { ...process.env, OMP_NUM_THREADS: '1' },
});
process.exit(status ?? 1);
