/** `npm run -s bench -- NAME`: prints one JSON object as its last line; words and details go to stderr. */
import { ensureBuild, ensureChromium, ensureDependencies } from './setup.mjs';

const BENCHES = {
  builtin: () => import('./bench/builtin.mjs'),
  detect: () => import('./bench/detect.mjs'),
  light: () => import('./bench/light.mjs'),
  restore: () => import('./bench/restore.mjs'),
  sdxl: () => import('./bench/sdxl.mjs'),
  'sdxl-full': () => import('./bench/sdxlFull.mjs'),
  store: () => import('./bench/store.mjs'),
  wording: () => import('./bench/wording.mjs'),
};

const [name] = process.argv.slice(2);
if (!(name in BENCHES)) {
  console.error(`Which bench? ${Object.keys(BENCHES).join(', ')}`);
  process.exit(2);
}
ensureDependencies();
ensureChromium();
ensureBuild();
const { bench } = await BENCHES[name]();
const result = await bench();
console.log(JSON.stringify(result));
