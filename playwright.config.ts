import { defineConfig } from '@playwright/test';
import { chromiumLaunch } from './tools/chromium.mjs';

/** Runs of several checkouts on one machine must not meet; workers inherit the choice. */
process.env['E2E_PORT'] ??= String(20_000 + (process.pid % 20_000));
const port = process.env['E2E_PORT'];
const url = `http://localhost:${port}/`;

export default defineConfig({
  testDir: 'test/e2e',
  outputDir: 'artifacts/e2e',
  // One browser at a time: the engines take every core, and timings are part of what is shown.
  workers: 1,
  timeout: 90_000,
  expect: { timeout: 20_000 },
  use: {
    baseURL: url,
    launchOptions: chromiumLaunch(),
    // The tests of the service worker allow it; the others answer requests themselves, which it would hide.
    serviceWorkers: 'block',
    viewport: { width: 1280, height: 800 },
    screenshot: 'only-on-failure',
  },
  webServer: {
    command: 'node tools/start.mjs',
    env: { PORT: port, CI: '1' },
    url,
    timeout: 120_000,
  },
});
