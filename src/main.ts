import { mount } from 'svelte';
import { DEFAULT_CONFIG } from './core/config';
import App from './ui/App.svelte';
import type { OpenService } from './ui/offline/attend';
import { trustOwnScripts } from './ui/trust';
import './ui/theme.css';

trustOwnScripts();
const isScripted = location.search === '?script';

/** Engines and pipeline are fetched with the first photo, so that the page itself is there at once. */
async function openWorkshop() {
  const [{ connect }, { road }] = await Promise.all([import('./engines/connect'), import('./ui/road')]);
  const engines = connect();
  // The networks load while the photo is decoded; if that fails, looking at the photo says so.
  engines.vision.ready(DEFAULT_CONFIG.detection, new AbortController().signal).catch(() => undefined);
  return road(engines);
}

const openService: OpenService = async (session) => (await import('./ui/offline/attend')).attend(session);

// The dev server's files change under a service worker; a script starts anew every time.
const hasService = import.meta.env.PROD && !isScripted;
mount(App, {
  target: document.getElementById('app')!,
  props: { openWorkshop, ...(hasService && { openService }) },
});
if (isScripted) void import('./script');
