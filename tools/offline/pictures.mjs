/**
 * `node tools/offline/pictures.mjs`: draws the PNG icons of the manifest from public/icon.svg, and takes its
 * screenshots of the built app with the sample. What it writes is committed.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { chromiumLaunch } from '../chromium.mjs';
import { ensureBuild, root, serveBuild } from '../setup.mjs';

const PORT = 4573;
/** The background of icon.svg. */
const GROUND = '#0d6455';
/** Of a maskable icon, what is sure to be seen: a circle of this share of its side. */
const SAFE_SHARE = 0.8;
const ICONS = [
  { name: 'icon-192.png', sidePx: 192, isMaskable: false },
  { name: 'icon-512.png', sidePx: 512, isMaskable: false },
  { name: 'maskable-512.png', sidePx: 512, isMaskable: true },
  // iOS rounds the corners itself and shows black where there is nothing.
  { name: 'apple-touch-180.png', sidePx: 180, isMaskable: true },
];
const SCREENSHOTS = [
  { name: 'wide.jpg', width: 1280, height: 800 },
  { name: 'narrow.jpg', width: 540, height: 960 },
];
const PATIENCE_MS = 120_000;

ensureBuild();
const svg = readFileSync(join(root, 'public/icon.svg'), 'utf8');
const browser = await chromium.launch(chromiumLaunch());
for (const icon of ICONS) await drawIcon(icon);
const server = await serveBuild(PORT);
for (const screenshot of SCREENSHOTS) await takeScreenshot(screenshot);
await server.close();
await browser.close();

async function drawIcon({ name, sidePx, isMaskable }) {
  const page = await browser.newPage({ viewport: { width: sidePx, height: sidePx } });
  const drawnPx = isMaskable ? Math.round(sidePx * SAFE_SHARE) : sidePx;
  const ground = isMaskable ? GROUND : 'transparent';
  await page.setContent(
    `<body style="margin:0;height:100vh;display:grid;place-items:center;background:${ground}">` +
      `<div style="width:${drawnPx}px;height:${drawnPx}px">${svg}</div></body>`,
  );
  await page.screenshot({ path: join(root, 'public/icons', name), omitBackground: !isMaskable });
  await page.close();
}

async function takeScreenshot({ name, width, height }) {
  const page = await browser.newPage({ viewport: { width, height }, serviceWorkers: 'block' });
  await page.goto(server.url);
  await page.getByRole('button', { name: 'Try it with a sample' }).click();
  await page.getByRole('button', { name: /^Open the eyes/ }).click({ timeout: PATIENCE_MS });
  await page.getByText('1 face opened').first().waitFor({ timeout: PATIENCE_MS });
  await page.screenshot({ path: join(root, 'public/screenshots', name), quality: 80 });
  await page.close();
}
