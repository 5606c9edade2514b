/**
 * node tools/models/check.mjs
 *
 * Runs sdxl/check.py in a Python that has requirements-sdxl.txt: the one that OPEN_EYES_SDXL_PYTHON names, or one of its
 * own, 6 GB in `.cache`, which the first run installs. Exits with 77 where there is none and none can be made.
 */
import { spawnSync } from 'node:child_process';
import { ensurePython } from '../python.mjs';
import { root } from '../setup.mjs';

const SKIPPED = 77;

function findPython() {
  try {
    const given = process.env.OPEN_EYES_SDXL_PYTHON;
    return given || ensurePython('sdxl-python', 'tools/models/requirements-sdxl.txt');
  } catch (fault) {
    console.error(`No Python to convert models with: ${fault.message}`);
    process.exit(SKIPPED);
  }
}

const { status } = spawnSync(findPython(), ['tools/models/sdxl/check.py'], {
  cwd: root,
  stdio: 'inherit',
  // The networks are too small to share, and idle threads take turns from busy ones.
  env: { ...process.env, OMP_NUM_THREADS: '1' },
});
process.exit(status ?? 1);
