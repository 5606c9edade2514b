/** The privacy panel and the notice of a new version, over a service worker that answers as told. */
import axe from 'axe-core';
import { afterEach, expect, test, vi } from 'vitest';
import { page } from 'vitest/browser';
import { begunRequest, type NetworkRequest } from '../../src/core/networkRequest';
import {
  type ServiceAnswers,
  type ServiceRequest,
  SHARED_CACHE,
  SHARED_NAME,
} from '../../src/core/serviceRequest';
import { onLaunch, takeShared } from '../../src/ui/offline/arrivals';
import { ServiceDesk } from '../../src/ui/offline/serviceDesk.svelte';
import type { ServiceLink } from '../../src/ui/offline/serviceLink';
import { absent, action, card } from './shelfApp';
import { dropFiles, type Shown, showApp, winking } from './uiApp';

let shown: Shown | null = null;
afterEach(() => {
  shown?.remove();
  shown = null;
});

/** A service worker without one. */
class FakeService implements ServiceLink {
  requests: NetworkRequest[] = [];
  offline = false;
  watching = true;
  update = false;
  otherWindows = false;
  reloads = 0;
  #changed: () => void = () => {};

  isWatching = () => this.watching;
  hasUpdate = () => this.update;

  async ask<T extends ServiceRequest['type']>(
    request: Extract<ServiceRequest, { type: T }>,
  ): Promise<ServiceAnswers[T]> {
    const asked: ServiceRequest = request;
    if (asked.type === 'work-offline' && asked.on !== null) this.offline = asked.on;
    const answers: ServiceAnswers = {
      requests: [...this.requests],
      'work-offline': this.offline,
      'fetch-rest': true,
      'take-over': true,
    };
    return answers[request.type as T];
  }

  async takeOver(): Promise<boolean> {
    return !this.otherWindows;
  }

  onChange(changed: () => void): void {
    this.#changed = changed;
  }

  changed(): void {
    this.#changed();
  }

  note(host: string, path: string): void {
    const id = String(this.requests.length);
    const begun = begunRequest(id, Date.now(), `https://${host}/${path}`, false, 'https://here.example/');
    this.requests.push({ ...begun, outcome: 'answered', bytes: 1_234_567 });
  }
}

/** A file as the system hands it to the app. */
async function handleOf(name: string): Promise<FileSystemFileHandle> {
  const folder = await navigator.storage.getDirectory();
  const handle = await folder.getFileHandle(name, { create: true });
  const writable = await handle.createWritable();
  await writable.write('picture');
  await writable.close();
  return handle;
}

async function show(service: FakeService, scene: Parameters<typeof showApp>[0] = {}): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  shown = showApp({
    ...scene,
    openService: async () => {
      queueMicrotask(resolve);
      return new ServiceDesk(service, () => {
        service.reloads += 1;
      });
    },
  });
  await promise;
}

const door = () => page.getByRole('button', { name: /^Your photo stays on this computer/ });
const panel = () => page.getByRole('dialog', { name: 'Your photo stays on this computer' });

async function problems(): Promise<readonly string[]> {
  const { violations } = await axe.run(document.body);
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}

for (const width of [1200, 360]) {
  test(`the panel at ${width} px: list, switch, receipt, no violations`, async () => {
    await page.viewport(width, 740);
    const service = new FakeService();
    service.note('hub.example', 'models/<b>eyes</b>.onnx');
    await show(service);
    await door().click();
    await expect.element(panel().getByText(/^1 request to 1 host\./)).toBeVisible();
    await panel().getByText('The newest of them, one by one').click();
    await expect
      .element(panel().getByRole('row', { name: /hub\.example.*a model.*1\.23\sMB/ }))
      .toBeVisible();
    expect(panel().element().querySelector('b')).toBeNull();
    expect(await problems()).toEqual([]);
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width);

    await panel()
      .getByRole('switch', { name: /^Work offline/ })
      .click();
    expect(service.offline).toBe(true);
    await panel().getByRole('button', { name: 'Close' }).click();
    await expect.element(door()).toHaveTextContent(/and it works offline$/);
  });
}

test('the receipt counts what was asked for between the start of a run and its end', async () => {
  await page.viewport(1200, 800);
  const service = new FakeService();
  service.note('before.example', 'a');
  const { promise, resolve } = Promise.withResolvers<void>();
  await show(service, { faces: { 'party.jpg': [winking] }, engines: { generateGate: promise } });
  dropFiles('party.jpg');
  await page.getByRole('button', { name: /^Open the eyes/ }).click();
  await new Promise((done) => setTimeout(done, 20));
  service.note('during.example', 'b');
  resolve();
  await expect.element(page.getByText('1 face opened')).toBeVisible();
  service.note('after.example', 'c');
  await door().click();
  await expect.element(panel().getByText('Requests during the last run: 1')).toBeVisible();
});

test('without a service worker the panel says what that means', async () => {
  await page.viewport(1200, 800);
  shown = showApp();
  await door().click();
  await expect.element(panel().getByText(/requests are not listed here/)).toBeVisible();
  expect(await problems()).toEqual([]);
});

test('a new version waits while eyes are opened, asks before anything is lost, then reloads once', async () => {
  await page.viewport(1200, 800);
  const service = new FakeService();
  const { promise, resolve } = Promise.withResolvers<void>();
  await show(service, { faces: { 'party.jpg': [winking] }, engines: { generateGate: promise } });
  const reload = page.getByRole('button', { name: /^Reload/ });
  expect(reload.elements()).toEqual([]);
  service.update = true;
  service.changed();
  await expect.element(reload).toBeEnabled();
  dropFiles('party.jpg');
  await page.getByRole('button', { name: /^Open the eyes/ }).click();
  await expect.element(reload).toBeDisabled();
  await expect.element(page.getByText('It waits until the work here is done.')).toBeVisible();
  expect(await problems()).toEqual([]);
  resolve();
  await expect.element(page.getByRole('button', { name: 'Reload without saving' })).toBeEnabled();
  await expect.element(page.getByText(/what is not saved is lost/)).toBeVisible();
  service.otherWindows = true;
  await reload.click();
  await expect.element(page.getByText(/^A new version is here\. Close the other windows/)).toBeVisible();
  expect(service.reloads).toBe(0);
  service.otherWindows = false;
  await reload.click();
  await expect.poll(() => service.reloads).toBe(1);
});

test('the shelf says when a person works offline, and a download is refused at once', async () => {
  await page.viewport(1200, 800);
  const service = new FakeService();
  service.offline = true;
  await show(service, { engines: { packs: { statuses: absent('a') } } });
  await door().click();
  await expect.element(panel().getByRole('switch', { name: /^Work offline/ })).toBeChecked();
  await panel().getByRole('button', { name: 'Close' }).click();
  await page.getByRole('button', { name: 'Models' }).click();
  await expect.element(page.getByText(/^“Work offline” is on.*What is here can be used/)).toBeVisible();
  await action('Pack a', /^Get/).click();
  await expect
    .element(card('Pack a').getByText(/“Work offline” is on.*Switch it off, then try again/))
    .toBeVisible();
});

test('photos that are opened with the app arrive, also those from before it listened', async () => {
  const launches: { files?: readonly FileSystemFileHandle[] }[] = [
    { files: [await handleOf('party.jpg')] },
    {},
  ];
  const launchQueue = {
    setConsumer: (consume: (launch: (typeof launches)[0]) => void) => launches.forEach(consume),
  };
  vi.stubGlobal('launchQueue', launchQueue);
  const arrived: (readonly File[])[] = [];
  onLaunch((files) => arrived.push(files));
  await expect.poll(() => arrived.map((files) => files.map(({ name }) => name))).toEqual([['party.jpg']]);
  expect(await arrived[0]![0]!.text()).toBe('picture');
  vi.unstubAllGlobals();
});

test('shared photos are taken once, with their names', async () => {
  const cache = await caches.open(SHARED_CACHE);
  const headers = { [SHARED_NAME]: encodeURIComponent('größe <b>.jpg'), 'Content-Type': 'image/jpeg' };
  await cache.put('./shared/17', new Response('seventeen', { headers }));
  const [file, ...others] = await takeShared();
  expect(others).toEqual([]);
  expect([file!.name, file!.type, await file!.text()]).toEqual(['größe <b>.jpg', 'image/jpeg', 'seventeen']);
  expect(await takeShared()).toEqual([]);
});
