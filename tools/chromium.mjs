/** Where the browser for tests, benches and the command line is. */
import { existsSync } from 'node:fs';

const installed = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
];

/** @returns {string | undefined} path of an installed Chromium or Chrome; `CHROMIUM_PATH` overrides. */
export function findChromium() {
  return [process.env.CHROMIUM_PATH, ...installed].find((path) => path && existsSync(path));
}

/** Playwright launch options: the installed browser where there is one, else Playwright's own. */
export function chromiumLaunch() {
  const executablePath = findChromium();
  return {
    // Playwright's own without a window is another program, without WebGPU, unless it is asked for by its channel.
    ...(executablePath ? { executablePath } : { channel: 'chromium' }),
    args: [
      '--no-sandbox',
      '--enable-unsafe-webgpu',
      '--no-first-run',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  };
}
