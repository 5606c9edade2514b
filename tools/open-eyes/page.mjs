/** The built app in a headless browser, opened at its door for scripts. */
import { chromium } from 'playwright';
import { chromiumLaunch } from '../chromium.mjs';
import { serveBuild } from '../setup.mjs';

/** Any free port: a fixed one may be somebody's. */
const FIRST_PORT = 4273;

/**
 * @param {readonly string[]} files photos the page may read, by their place in this list
 * @param {{ config: string, overrides: object }} settings
 */
export async function openPage(files, settings) {
  const server = await serveBuild(FIRST_PORT);
  const browser = await chromium.launch(chromiumLaunch());
  const start = async () => {
    const page = await browser.newPage({ acceptDownloads: true });
    await page.goto(`${server.url}?script`);
    await page.waitForFunction(() => window.openTheEyes);
    await page.setInputFiles('#script-files', files);
    const configured = await page.evaluate(
      ([config, overrides]) => window.openTheEyes.configure(config, overrides),
      [settings.config, JSON.stringify(settings.overrides)],
    );
    return { page, configured };
  };
  let current = await start();

  /** A page that ran out of memory fails one photo, not the run. */
  const call = async (method, ...args) => {
    try {
      return await current.page.evaluate(
        ([name, given]) => window.openTheEyes[name](...given),
        [method, args],
      );
    } catch (cause) {
      await current.page.close().catch(() => {});
      current = await start();
      return { ok: false, error: { code: 'engine-lost', message: `the page died: ${firstLine(cause)}` } };
    }
  };
  return {
    configured: current.configured,
    look: (file, vouched) => call('look', file, vouched),
    process: (file) => call('process', file),
    async deliver(what, path) {
      const waiting = current.page.waitForEvent('download');
      await current.page.evaluate((name) => window.openTheEyes.deliver(name), what);
      await (await waiting).saveAs(path);
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

function firstLine(error) {
  return String(error.message).split('\n')[0];
}
