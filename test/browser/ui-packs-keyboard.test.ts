/** The shelf without a mouse, for those who hear it, and on a phone. */
import axe from 'axe-core';
import { afterEach, expect, test } from 'vitest';
import { cdp, page, userEvent } from 'vitest/browser';
import { AppError } from '../../src/core/errors';
import type { GpuNeeds } from '../../src/core/pack';
import { makeFacts } from '../fakes/gpu';
import { makeFirstSeen, makePack, makePartial, makeReady, makeStatus } from '../fakes/packList';
import { action, card, dialog, modelsButton, openShelf, showShelf } from './shelfApp';
import { dropFiles, showApp } from './uiApp';

let shown: { remove(): void };
afterEach(() => shown.remove());

const TERMS = { summary: 'Not for anything that earns money.', url: 'https://licence.example/terms' };
const NEEDS_MUCH: GpuNeeds = { required: true, features: [], bufferBytes: 2_000_000_000, operators: [] };

/** Tab until the focus is on the button of that name. */
async function tabTo(name: RegExp): Promise<void> {
  for (let i = 0; i < 60; i += 1) {
    await userEvent.tab();
    const focused = document.activeElement;
    if (focused instanceof HTMLButtonElement && name.test(focused.textContent.trim().replaceAll(/\s+/g, ' ')))
      return;
  }
  throw new Error(`no way by Tab to ${name}`);
}

test('get, pause, resume and remove by the keyboard alone; the focus never falls off the card', async () => {
  await page.viewport(1200, 800);
  const app = showApp({ engines: { packs: { statuses: [makeStatus(makePack('a'))] } } });
  shown = app;
  const { packs } = app.engines;
  await tabTo(/^Models$/);
  await userEvent.keyboard('{Enter}');
  await expect.element(action('Pack a', /^Get/)).toBeVisible();

  await tabTo(/^Get \(377 MB\) Pack a$/);
  await userEvent.keyboard('{Enter}');
  await expect.element(action('Pack a', /^Pause/)).toHaveFocus();
  packs.come('a', 60_000_000);
  await userEvent.keyboard('{Enter}');
  await expect.element(action('Pack a', /^Resume/)).toHaveFocus();
  await userEvent.keyboard('{Enter}');
  await expect.element(action('Pack a', /^Pause/)).toHaveFocus();
  packs.finish('a');
  await expect.element(action('Pack a', /^Check/)).toHaveFocus();

  await tabTo(/^Remove Pack a$/);
  await userEvent.keyboard('{Enter}');
  await expect.element(card('Pack a').getByRole('group', { name: /^Remove Pack a\?/ })).toHaveFocus();
  await tabTo(/^Remove it$/);
  await userEvent.keyboard('{Enter}');
  await expect.element(action('Pack a', /^Get/)).toHaveFocus();
  expect(packs.calls).toEqual(['ensure a', 'ensure a', 'remove a']);

  await userEvent.keyboard('{Escape}');
  await expect.element(dialog()).not.toBeInTheDocument();
  await expect.element(modelsButton()).toHaveFocus();
});

test('a download that ends does not pull the focus from elsewhere', async () => {
  const shelf = await showShelf({ statuses: [makeStatus(makePack('a')), makeStatus(makePack('b'))] });
  shown = shelf;
  await action('Pack a', /^Get/).click();
  await expect.element(action('Pack a', /^Pause/)).toBeVisible();
  (action('Pack b', /^Get/).element() as HTMLElement).focus();
  shelf.packs.finish('a');
  await expect.element(action('Pack a', /^Check/)).toBeVisible();
  await expect.element(action('Pack b', /^Get/)).toHaveFocus();
});

test('progress is not read out; what begins a new state is, once', async () => {
  const shelf = await showShelf({ statuses: [makeStatus(makePack('a'))] });
  shown = shelf;
  const heard: string[] = [];
  const live = [...dialog().element().querySelectorAll('[role=status], [role=alert], [aria-live]')];
  const observer = new MutationObserver((changes) => {
    for (const { target } of changes) heard.push(target.textContent ?? '');
  });
  for (const region of live)
    observer.observe(region, { childList: true, characterData: true, subtree: true });
  await action('Pack a', /^Get/).click();
  for (let percent = 1; percent < 40; percent += 1) shelf.packs.come('a', percent * 3_770_000);
  await expect.element(card('Pack a')).toHaveTextContent('39 %');
  expect(heard).toEqual([]);
  shelf.packs.finish('a');
  await expect.poll(() => heard).toEqual(['Pack a is here and ready.']);
  observer.disconnect();
});

async function problems(): Promise<readonly string[]> {
  const { violations } = await axe.run(document.body);
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}

async function prefer(scheme: 'light' | 'dark'): Promise<void> {
  await cdp().send('Emulation.setEmulatedMedia', {
    features: [{ name: 'prefers-color-scheme', value: scheme }],
  });
}

for (const [width, height, scheme] of [
  [1200, 800, 'light'],
  [1200, 800, 'dark'],
  [360, 740, 'light'],
  [320, 640, 'dark'],
] as const) {
  test(`no violations at ${width} px, ${scheme}`, async () => {
    await page.viewport(width, height);
    await prefer(scheme);
    expect(matchMedia('(prefers-color-scheme: dark)').matches).toBe(scheme === 'dark');
    const shelf = await showShelf(
      {
        statuses: [
          makePartial(makePack('a'), 64_000_000),
          makeStatus(makePack('b', { restricted: TERMS, gpu: NEEDS_MUCH })),
          makeReady(makePack('c'), { firstSeen: [makeFirstSeen()] }),
          makeReady(makePack('d'), { state: 'outdated', missingBytes: 52_000_000 }),
          makeStatus(makePack('e', { origin: 'self-hosted', baseUrl: null, files: [] })),
        ],
        others: [{ id: 'lib', title: 'A library', storedBytes: 41_000_000 }],
      },
      { facts: makeFacts() },
    );
    shown = shelf;
    await expect.element(card('Pack b')).toHaveTextContent('Does not run on this computer');
    expect(await problems()).toEqual([]);

    await action('Pack b', /^Get/).click();
    await action('Pack c', /^Remove/).click();
    for (const summary of dialog().element().querySelectorAll('summary')) summary.click();
    expect(await problems()).toEqual([]);

    await action('Pack a', /^Resume/).click();
    await action('Pack d', /^Update/).click();
    shelf.packs.elsewhere('e', 'import', 3);
    await expect.element(card('Pack d')).toHaveTextContent('Waiting for its turn');
    expect(await problems()).toEqual([]);

    shelf.packs.fail('a', new AppError('model-corrupt', 'fake', { path: 'model.onnx', changed: true }));
    await expect.element(action('Pack a', /^Take the new one/)).toBeVisible();
    expect(await problems()).toEqual([]);
    expect(dialog().element().scrollWidth).toBeLessThanOrEqual(width);
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width);
    await prefer('light');
  });
}

test('on the narrowest phone the header keeps its named buttons in one line', async () => {
  await page.viewport(320, 640);
  shown = showApp({ faces: {} });
  await openShelf();
  await dialog().getByRole('button', { name: 'Close' }).click();
  await expect.element(dialog()).not.toBeInTheDocument();
  dropFiles('one.jpg');
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  await expect.element(button('Add photos')).toBeVisible();
  const middles = ['Add photos', 'Models', 'Settings'].map((name) => {
    const { top, height } = button(name).element().getBoundingClientRect();
    return Math.round(top + height / 2);
  });
  expect(middles).toEqual([middles[0], middles[0], middles[0]]);
  expect(document.documentElement.scrollWidth).toBe(320);
});
