/**
 * `npm run -s audit`: privacy, policies, accessibility and speed of the built app, seen from outside. What is wrong is
 * told line by line; the last line is JSON with the figures.
 */
import { spawnSync } from 'node:child_process';
import { chromium } from 'playwright';
import { scores } from './audit/lighthouse.mjs';
import { watchedVisit } from './audit/visit.mjs';
import { firstLoadKb } from './bench/app.mjs';
import { median, rounded } from './bench/numbers.mjs';
import { chromiumLaunch } from './chromium.mjs';
import { ensureBuild, ensureChromium, ensureDependencies, root, serveBuild } from './setup.mjs';

const PORT = 4673;
const LCP_ROUNDS = 5;

ensureDependencies();
ensureChromium();
ensureBuild();
const server = await serveBuild(PORT);
const browser = await chromium.launch(chromiumLaunch());
const { requestsInRun, external, breaches, violations } = await watchedVisit(browser, server.url);
for (const line of [...requestsInRun, ...external, ...breaches, ...violations]) console.error(line);
const firstLoad = await firstLoadKb(browser, server.url);
const lcpMs = await largestPaintMs();
await browser.close();
const lighthouse = await scores(server.url, 'desktop');
const mobile = await scores(server.url, 'mobile');
if (mobile) console.error(`Lighthouse as a slow phone: ${JSON.stringify(mobile)}`);
await server.close();

console.log(
  JSON.stringify({
    requests_in_run: requestsInRun.length,
    external_requests: external.length,
    csp_violations: breaches.length,
    axe_violations: violations.length,
    lighthouse,
    first_load_js_gz_kb: rounded(firstLoad),
    lcp_ms: rounded(lcpMs),
    npm_audit_high: highAdvisories(),
  }),
);

/** Of first visits, without a throttle: this machine as it is. */
async function largestPaintMs() {
  const times = [];
  for (let i = 0; i < LCP_ROUNDS; i += 1) {
    const page = await browser.newPage({ serviceWorkers: 'block' });
    await page.goto(server.url, { waitUntil: 'networkidle' });
    times.push(
      await page.evaluate(
        () =>
          new Promise((resolve) => {
            new PerformanceObserver((list) => resolve(list.getEntries().at(-1).startTime)).observe({
              type: 'largest-contentful-paint',
              buffered: true,
            });
          }),
      ),
    );
    await page.close();
  }
  return median(times);
}

/** High and critical ones of everything in the lockfile. Null: this registry knows no advisories. */
function highAdvisories() {
  const { stdout } = spawnSync('npm', ['audit', '--json'], { cwd: root, encoding: 'utf8' });
  try {
    const { high, critical } = JSON.parse(stdout).metadata.vulnerabilities;
    return high + critical;
  } catch {
    console.error('npm audit: the registry does not answer it here');
    return null;
  }
}
