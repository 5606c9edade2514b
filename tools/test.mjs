/**
 * `npm test`: sets up, then lint, types, tests in Node, tests in the browser, build, and the built app.
 * Stops at the first phase that fails. The last line is `N passed, N failed[, N skipped]` over all runners.
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureChromium, ensureDependencies, root, run } from './setup.mjs';
import { addCounts, formatCounts, NO_COUNTS, playwrightCounts, vitestCounts } from './test/counts.mjs';

const reports = join(root, '.cache/test');

const vitest = (name) => ({
  name,
  args: ['--passWithNoTests', '--reporter=default', '--reporter=json', `--outputFile.json=${report(name)}`],
  counts: vitestCounts,
});

const PHASES = [
  { name: 'lint' },
  { name: 'check' },
  vitest('unit'),
  vitest('browser'),
  { name: 'build', args: ['--logLevel', 'warn'] },
  {
    name: 'e2e',
    args: ['--reporter=list,json'],
    env: { PLAYWRIGHT_JSON_OUTPUT_NAME: report('e2e') },
    counts: playwrightCounts,
  },
];

ensureDependencies();
ensureChromium();
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });

let total = NO_COUNTS;
let failed = false;
for (const phase of PHASES) {
  const startMs = Date.now();
  console.log(`\n── ${phase.name}`);
  const status = run('npm', ['run', '--silent', phase.name, '--', ...(phase.args ?? [])], {
    npm_config_loglevel: 'error',
    ...phase.env,
  });
  const counts = countsOf(phase, status);
  total = addCounts(total, counts);
  failed = status !== 0 || counts.failed > 0;
  console.log(
    `── ${phase.name} ${failed ? 'failed' : 'passed'} in ${((Date.now() - startMs) / 1000).toFixed(0)} s`,
  );
  if (failed) break;
}
// The line is read by machines: wait until it is out before leaving.
process.exitCode = failed ? 1 : 0;
console.log(formatCounts(total));

function report(name) {
  return join(reports, `${name}.json`);
}

/** A phase that fails without a failed test of its own (a lint, a crash) counts as one failure. */
function countsOf(phase, status) {
  const path = report(phase.name);
  const counts =
    phase.counts && existsSync(path) ? phase.counts(JSON.parse(readFileSync(path, 'utf8'))) : NO_COUNTS;
  return status && !counts.failed ? { ...counts, failed: 1 } : counts;
}
