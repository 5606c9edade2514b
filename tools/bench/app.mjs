/** The built app under the stopwatch: as a person meets it, and step by step through its door for scripts. */
import { gzipSync } from 'node:zlib';
import { peakRendererMb } from './memory.mjs';
import { installStopwatch } from './stopwatch.mjs';

const PATIENCE_MS = 120_000;
const KB = 1000;

/** Gzipped JavaScript of the page at rest, before a photo is chosen, in kB. */
export async function firstLoadKb(browser, url) {
  const page = await browser.newPage();
  const bodies = [];
  page.on('response', (response) => {
    if (/\.m?js$/.test(new URL(response.url()).pathname)) bodies.push(response.body());
  });
  await page.goto(url, { waitUntil: 'networkidle' });
  const sizes = (await Promise.all(bodies)).map((body) => gzipSync(body, { level: 9 }).length);
  await page.close();
  return sizes.reduce((sum, size) => sum + size, 0) / KB;
}

/**
 * One visit: a first photo warms the engines up, then `photo` is dropped, chosen and opened.
 * @returns {Promise<{ statesMs: number, previewMs: number, longestTaskMs: number, peakMb: number }>}
 */
export async function visit(browser, url, warmUp, photo) {
  // Its first start fetches the app once more, which belongs to no photo.
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, serviceWorkers: 'block' });
  await page.addInitScript(installStopwatch);
  await page.goto(url);
  await dropAndOpen(page, warmUp);
  await page.getByRole('button', { name: 'Remove this photo from the list' }).click();
  const { statesMs, previewMs } = await dropAndOpen(page, photo);
  const longestTaskMs = await page.evaluate(() => window.stopwatch.longestTaskMs);
  const peakMb = peakRendererMb();
  await page.close();
  return { statesMs, previewMs, longestTaskMs, peakMb };
}

/** Milliseconds of every step after decoding, of a photo given to the door for scripts. */
export async function stepsAfterDecoding(browser, url, photos, rounds) {
  const page = await browser.newPage();
  await page.goto(`${url}?script`);
  await page.waitForFunction(() => window.openTheEyes);
  await page.setInputFiles('#script-files', photos);
  const times = photos.map(() => []);
  for (let round = 0; round <= rounds; round += 1) {
    for (const i of photos.keys()) {
      const answer = await page.evaluate((file) => window.openTheEyes.clock(file), i);
      if (!answer.ok) throw new Error(`${photos[i]}: ${answer.error.message}`);
      if (round > 0) times[i].push(answer.value);
    }
  }
  await page.close();
  return times;
}

async function dropAndOpen(page, photo) {
  await page.getByLabel('Choose photos').setInputFiles(photo);
  const statesMs = await mark(page, 'states');
  await page.getByRole('button', { name: /^Open the eyes/ }).click();
  const previewMs = await mark(page, 'preview');
  return { statesMs, previewMs };
}

async function mark(page, name) {
  const handle = await page.waitForFunction((key) => window.stopwatch.marks[key] || null, name, {
    timeout: PATIENCE_MS,
  });
  return await handle.jsonValue();
}
