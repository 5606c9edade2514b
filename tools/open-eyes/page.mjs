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
  const ask = (method, ...args) =>
    current.page.evaluate(([name, given]) => window.openTheEyes[name](...given), [method, args]);
  /** Photos that the page knows, by their place: whether they were vouched for. */
  const known = new Map();

  /** The photos that it knew go on lending their eyes. */
  const startAgain = async () => {
    await current.page.close().catch(() => {});
    current = await start();
    for (const [file, vouched] of known) await ask('look', file, vouched).catch(() => known.delete(file));
  };

  /** A page that ran out of memory fails one photo, not the run. */
  const call = async (method, ...args) => {
    try {
      return await ask(method, ...args);
    } catch (cause) {
      await startAgain();
      return { ok: false, error: { code: 'engine-lost', message: `the page died: ${firstLine(cause)}` } };
    }
  };
  return {
    configured: current.configured,
    async look(file, vouched) {
      const looked = await call('look', file, vouched);
      if (looked.ok) known.set(file, vouched);
      return looked;
    },
    process: (file) => call('process', file),
    /** @throws when the page died of it; the next photo finds another one */
    async deliver(what, path) {
      try {
        const [download] = await Promise.all([current.page.waitForEvent('download'), ask('deliver', what)]);
        await download.saveAs(path);
      } catch (cause) {
        await startAgain();
        throw cause;
      }
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
