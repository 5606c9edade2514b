/** The page over fake engines, for tests of its flow. */
import { mount, unmount } from 'svelte';
import { afterEach, beforeEach, vi } from 'vitest';
import { page } from 'vitest/browser';
import type { Face } from '../../src/core/face';
import type { Engines } from '../../src/engines/contracts';
import App from '../../src/ui/App.svelte';
import type { OpenService } from '../../src/ui/offline/attend';
import { road } from '../../src/ui/road';
import '../../src/ui/theme.css';
import type { Workshop } from '../../src/ui/workshop';
import { type FakeEngines, type FakeOptions, fakeEngines } from '../fakes/engines';
import { makeFace } from '../fakes/faces';

export interface Scene {
  /** Faces of each photo by file name; a photo not named has none. */
  readonly faces?: Readonly<Record<string, readonly Face[]>>;
  readonly engines?: FakeOptions;
  /** In place of the fake ones. */
  readonly packs?: Engines['packs'];
  readonly openService?: OpenService;
  /** Holds `findFaces` until it resolves. */
  readonly gate?: Promise<void>;
}

export const winking = makeFace({ index: 0, x: 100, y: 80, sidePx: 240, left: 'open', right: 'closed' });
export const asleep = makeFace({ index: 1, x: 420, y: 90, sidePx: 240, left: 'closed', right: 'closed' });
export const awake = makeFace({ index: 2, x: 420, y: 330, sidePx: 180, left: 'open', right: 'open' });

export interface Shown {
  readonly engines: FakeEngines;
  remove(): void;
}

export function showApp(scene: Scene = {}): Shown {
  const engines = fakeEngines(scene.engines);
  const workshop: Workshop = {
    ...road({ ...engines, ...(scene.packs && { packs: scene.packs }) }),
    async findFaces(photo, _engines, _config, signal) {
      await Promise.race([scene.gate ?? Promise.resolve(), aborted(signal)]);
      signal.throwIfAborted();
      return scene.faces?.[photo.name] ?? [];
    },
  };
  const { openService } = scene;
  const app = mount(App, {
    target: document.body,
    props: { openWorkshop: async () => workshop, ...(openService && { openService }) },
  });
  return { engines, remove: () => void unmount(app) };
}

/** For a file of page tests: a window, clicks on downloads that go nowhere, and the page taken off after each. @returns shows it, in place of the one before */
export function pageTest(): (scene?: Scene) => Shown {
  let shown: Shown | null = null;
  beforeEach(async () => {
    await page.viewport(1200, 900);
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => undefined);
  });
  afterEach(() => {
    shown?.remove();
    shown = null;
    vi.restoreAllMocks();
  });
  return (scene) => {
    shown?.remove();
    shown = showApp(scene);
    return shown;
  };
}

export function dropFiles(...names: readonly string[]): void {
  const data = new DataTransfer();
  for (const name of names) data.items.add(new File(['picture'], name, { type: 'image/jpeg' }));
  window.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
