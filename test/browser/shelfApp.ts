/** The page with its shelf of packs open, over a fake pack engine. */
import { expect } from 'vitest';
import { type Locator, page } from 'vitest/browser';
import type { FakeGpuOptions } from '../fakes/gpu';
import { makePack, makeStatus } from '../fakes/packList';
import type { FakePacks, FakePacksOptions } from '../fakes/packs';
import { showApp } from './uiApp';

export interface ShownShelf {
  readonly packs: FakePacks;
  remove(): void;
}

export async function showShelf(packs: FakePacksOptions, gpu: FakeGpuOptions = {}): Promise<ShownShelf> {
  const { engines, remove } = showApp({ engines: { packs, gpu } });
  await openShelf();
  return { packs: engines.packs, remove };
}

export async function openShelf(): Promise<void> {
  await modelsButton().click();
  await expect.element(dialog()).toBeVisible();
}

export const modelsButton = (): Locator => page.getByRole('button', { name: 'Models' });
export const dialog = (): Locator => page.getByRole('dialog', { name: 'Models' });
export const card = (title: string): Locator => dialog().getByRole('article', { name: title });

/** What those hear who cannot see the page. */
export const said = (): Locator => dialog().getByRole('status').last();

/** Packs of which nothing is here. */
export const absent = (...ids: readonly string[]) => ids.map((id) => makeStatus(makePack(id)));

export function action(title: string, name: string | RegExp): Locator {
  return card(title).getByRole('button', { name });
}

/** What can be done with the pack, in order, without its title. */
export function actionNames(title: string): readonly string[] {
  return [...card(title).element().querySelectorAll('[data-action]')].map((button) =>
    button.firstChild!.textContent!.trim().replaceAll('\u00A0', ' '),
  );
}
