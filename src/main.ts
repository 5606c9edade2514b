import { mount } from 'svelte';
import { DEFAULT_CONFIG } from './core/config';
import App from './ui/App.svelte';
import './ui/theme.css';

/** Engines and pipeline are fetched with the first photo, so that the page itself is there at once. */
async function openWorkshop() {
  const [{ connect }, { road }] = await Promise.all([import('./engines/connect'), import('./ui/road')]);
  const engines = connect();
  // The networks load while the photo is decoded; if that fails, looking at the photo says so.
  engines.vision.ready(DEFAULT_CONFIG.detection, new AbortController().signal).catch(() => undefined);
  return road(engines);
}

mount(App, { target: document.getElementById('app')!, props: { openWorkshop } });
if (location.search === '?script') void import('./script');
