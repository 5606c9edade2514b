/**
 * Wordings by a real model, by hand and with a network: `npm run -s bench -- wording SPEAKER [MODEL [LIBRARY]]`, where
 * SPEAKER is webllm, cpu, browser or rules, and MODEL a name of WebLLM's list or the web address of a model. What was
 * fetched stays in a browser profile of its own (`OPEN_THE_EYES_PROFILE` names another), so that a second run shows that
 * nothing is asked of the network. Prints every wording with who spoke.
 */
import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright';
import { chromiumLaunch } from '../chromium.mjs';
import { root } from '../setup.mjs';
import { rounded } from './numbers.mjs';
import { serveSources } from './sources.mjs';

const SPEAKERS = ['webllm', 'cpu', 'browser', 'rules'];
const COUNT = 4;
const SEED = 42;

/** @returns {Promise<object>} */
export async function bench() {
  const [speaker = 'webllm', model = '', library = ''] = process.argv.slice(3);
  if (!SPEAKERS.includes(speaker)) throw new Error(`Who speaks? ${SPEAKERS.join(', ')}`);
  const profile = process.env.OPEN_THE_EYES_PROFILE ?? join(tmpdir(), 'open-the-eyes-wordings');
  const vite = await serveSources();
  const browser = await chromium.launchPersistentContext(profile, chromiumLaunch());
  try {
    const page = await browser.newPage();
    const elsewhere = [];
    // Workers' requests are the context's, not the page's.
    browser.on('request', (request) => {
      if (!request.url().startsWith(vite.url)) elsewhere.push(request.url());
    });
    await page.exposeFunction('tell', (words) => console.error(words));
    await page.goto(`${vite.url}tools/bench/wording/page.html`);
    await page.waitForFunction(() => window.word);
    const order = { speaker, model, library, count: COUNT, seed: SEED, clip: clipFiles() };
    const varied = await page.evaluate((asked) => window.word(asked), order);
    for (const { speaker: who, wording } of varied.wordings) console.error(`\n${who}`, wording);
    for (const notice of varied.notices) console.error(notice);
    return {
      speaker: varied.speaker,
      model: varied.model,
      seconds: rounded(varied.seconds),
      phases: Object.fromEntries(Object.entries(varied.phases).map(([name, s]) => [name, rounded(s)])),
      by_the_model: varied.wordings.filter((spoken) => spoken.speaker !== 'rules').length,
      by_the_rules: varied.wordings.filter((spoken) => spoken.speaker === 'rules').length,
      put_right_or_dropped: varied.notices.length,
      requests_elsewhere: elsewhere.filter((url) => url.startsWith('http')).length,
    };
  } finally {
    await browser.close();
    await vite.close();
  }
}

/** Null without ../shared. */
function clipFiles() {
  const clip = resolve(root, '../shared/models/clip');
  if (!existsSync(clip)) return null;
  return {
    vocabulary: JSON.parse(readFileSync(join(clip, 'vocab.json'), 'utf8')),
    merges: readFileSync(join(clip, 'merges.txt'), 'utf8'),
  };
}
