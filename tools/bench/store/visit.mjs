/** The store's page in a browser with a disk that outlives it, over packs of a folder. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { chromiumLaunch } from '../../chromium.mjs';

/** What the app would find under `models/`. @param home the folder that is served */
export function writeCatalog(home, packs) {
  mkdirSync(join(home, 'models'), { recursive: true });
  writeFileSync(join(home, 'models/catalog.json'), JSON.stringify({ packs }));
}

/**
 * Runs `work` in a browser of its own.
 * @param profile folder of its disk
 * @param work gets `call(name, arg)` of the page's bench, and `reopen()`, which closes the tab and opens another
 */
export async function visitStore(profile, viteUrl, serverUrl, work) {
  const context = await chromium.launchPersistentContext(profile, chromiumLaunch());
  const open = async () => {
    const page = await context.newPage();
    page.setDefaultTimeout(0);
    await page.goto(
      `${viteUrl}tools/bench/store/page.html?models=${encodeURIComponent(`${serverUrl}models/`)}`,
    );
    await page.waitForFunction(() => window.bench);
    return page;
  };
  let page = await open();
  const call = (name, arg) => page.evaluate(([n, a]) => window.bench[n](a), [name, arg]);
  const reopen = async () => {
    await page.close();
    page = await open();
  };
  try {
    return await work(call, reopen);
  } finally {
    await context.close();
  }
}
