/**
 * Lighthouse in its last version for Node 20. Not a dependency of the app: it brings two hundred packages, and is
 * fetched into `.cache` by whoever runs the audit.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findChromium } from '../chromium.mjs';
import { root } from '../setup.mjs';

const VERSION = '12.8.2';
const MOST_TURNS = 3;
const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'];
const folder = join(root, '.cache/lighthouse');

/**
 * @param {'desktop' | 'mobile'} kind `mobile`: a slow phone on a slow network, simulated
 * @returns {Promise<Record<string, number | null> | null>} 0 to 100 each; null: it cannot be had here
 */
export async function scores(url, kind) {
  if (!installed()) return null;
  const from = (path) => import(pathToFileURL(join(folder, 'node_modules', path)).href);
  const [{ default: lighthouse, desktopConfig }, launcher] = await Promise.all([
    from('lighthouse/core/index.js'),
    from('chrome-launcher/dist/index.js'),
  ]);
  const chrome = await launcher.launch({
    chromePath: findChromium(),
    chromeFlags: ['--headless=new', '--no-sandbox', '--disable-background-networking'],
  });
  try {
    const options = { port: chrome.port, onlyCategories: CATEGORIES, logLevel: 'error' };
    const config = kind === 'desktop' ? desktopConfig : undefined;
    for (let turn = 1; ; turn += 1) {
      const { lhr } = await lighthouse(url, options, config);
      const found = CATEGORIES.map((name) => [name, lhr.categories[name].score]);
      // On a busy machine a trace may miss the first paint; then there is no score, which is not a bad one.
      if (found.some(([, score]) => score === null) && turn < MOST_TURNS) continue;
      tellProblems(kind, lhr);
      return Object.fromEntries(found.map(([name, score]) => [name, score && Math.round(100 * score)]));
    }
  } finally {
    chrome.kill();
  }
}

function installed() {
  const manifest = join(folder, 'node_modules/lighthouse/package.json');
  if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).version === VERSION) return true;
  console.error(`Fetching Lighthouse ${VERSION} …`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const quiet = ['--no-fund', '--no-audit', '--loglevel=error', '--ignore-scripts'];
  // Its words go to stderr: stdout belongs to the figures.
  const args = ['install', '--save-exact', ...quiet, `lighthouse@${VERSION}`];
  return spawnSync('npm', args, { cwd: folder, stdio: ['ignore', 2, 2] }).status === 0;
}

function tellProblems(kind, { categories, audits }) {
  for (const { title, auditRefs } of Object.values(categories)) {
    for (const { id, weight } of auditRefs) {
      const { score, displayValue = '' } = audits[id];
      if (weight > 0 && score !== null && score < 0.9) {
        console.error(`Lighthouse (${kind}), ${title}: ${audits[id].title} ${displayValue}`);
      }
    }
  }
}
