/** `npm start`: sets up, builds when needed, serves the app and opens it where there is a screen. */
import { spawn } from 'node:child_process';
import { ensureBuild, ensureDependencies, serveBuild } from './setup.mjs';

const DEFAULT_PORT = 4173;

const OPENERS = {
  linux: process.env.DISPLAY || process.env.WAYLAND_DISPLAY ? ['xdg-open'] : null,
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};

ensureDependencies();
ensureBuild();
const { url } = await serveBuild(Number(process.env.PORT) || DEFAULT_PORT);
console.log(`Open The Eyes is ready: ${url}   (Ctrl+C ends it)`);
openBrowser(url);

function openBrowser(address) {
  const opener = OPENERS[process.platform];
  if (!opener || process.env.CI) return;
  const [command, ...args] = opener;
  // Without an opener the printed address is enough.
  spawn(command, [...args, address], { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
}
