/** A visit to the built app as a person makes it, watched from outside: requests, policies, accessibility. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../setup.mjs';
import { PolicyWatch } from './policyWatch.mjs';

const PATIENCE_MS = 120_000;
const SIZES = [
  { width: 1280, height: 800, colorScheme: 'light' },
  { width: 360, height: 740, colorScheme: 'dark' },
];
const axe = readFileSync(join(root, 'node_modules/axe-core/axe.min.js'), 'utf8');

/**
 * @returns {Promise<{ requestsInRun: string[], external: string[], breaches: string[], violations: string[] }>}
 *   `requestsInRun`: those that went to the network between the click on "Open the eyes" and the saved file
 */
export async function watchedVisit(browser, url) {
  const all = { requestsInRun: [], external: [], breaches: [], violations: [] };
  for (const { width, height, colorScheme } of SIZES) {
    const context = await browser.newContext({ viewport: { width, height }, colorScheme });
    const watch = new PolicyWatch(context);
    const network = networkOf(context, url);
    const page = await context.newPage();
    await visit(page, url, {
      look: async (state) => all.violations.push(...(await violationsOf(page, `${state} at ${width} px`))),
      run: async (work) => {
        network.isRunning = true;
        await work();
        network.isRunning = false;
      },
    });
    all.requestsInRun.push(...network.inRun);
    all.external.push(...network.external);
    all.breaches.push(...watch.breaches);
    await context.close();
  }
  return all;
}

async function visit(page, url, { look, run }) {
  const button = (name) => page.getByRole('button', { name });
  const leave = () => page.keyboard.press('Escape');
  await page.goto(url);
  await page.waitForFunction(() => navigator.serviceWorker.controller, null, { timeout: PATIENCE_MS });
  await look('welcome');
  await button('Try it with a sample').click();
  await button(/^Open the eyes/).waitFor({ timeout: PATIENCE_MS });
  await look('looked at');
  // The networks and the runtime for graphics cards are here when nothing is asked for any more.
  await page.waitForLoadState('networkidle');
  await run(async () => {
    await button(/^Open the eyes/).click();
    await page.getByText('1 face opened').first().waitFor({ timeout: PATIENCE_MS });
    const saving = page.waitForEvent('download');
    await button('Save photo').click();
    await saving;
  });
  await look('opened');
  await button('Measures').first().click();
  await look('measures');
  for (const [name, state] of [
    ['Settings', 'settings'],
    ['Models', 'models'],
    [/^Your photo stays on this computer/, 'privacy'],
  ]) {
    await button(name).first().click();
    await page.getByRole('dialog').waitFor();
    await look(state);
    await leave();
  }
}

/**
 * What left the browser, by when it began: asked for by the service worker, or past it. Not the browser's own question
 * for a new service worker, which a host answers from the browser's cache (workers/service/headers.ts), this one not.
 */
function networkOf(context, url) {
  const network = { isRunning: false, inRun: [], external: [] };
  context.on('request', async (request) => {
    const address = request.url();
    const { isRunning } = network;
    if (/^(blob|data):/.test(address) || address === `${url}service-worker.js`) return;
    if (!address.startsWith(url)) network.external.push(address);
    const response = request.serviceWorker() ? null : await request.response().catch(() => null);
    if (isRunning && !response?.fromServiceWorker()) network.inRun.push(address);
  });
  return network;
}

async function violationsOf(page, state) {
  // As a debugger does: a script element would be refused, and rightly.
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document));
  return violations.map(({ id, nodes }) => `${state}: ${id}: ${nodes[0].html.slice(0, 160)}`);
}
