/** Other work on packs: consent, import, check, removal, export. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { Terms } from '../../src/core/pack';
import { makeFile, makePack, makeReady, makeStatus } from '../fakes/packList';
import { absent, action, card, dialog, type ShownShelf, said, showShelf } from './shelfApp';

let shown: ShownShelf;
beforeEach(() => page.viewport(1200, 800));
afterEach(() => {
  shown.remove();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const TERMS: Terms = { summary: 'Not for anything that earns money.', url: 'https://licence.example/terms' };

test('terms come before the first byte: read, ticked, then got; once accepted they are not asked again', async () => {
  shown = await showShelf({ statuses: [makeStatus(makePack('a', { restricted: TERMS }))] });
  await action('Pack a', /^Get/).click();
  const terms = card('Pack a').getByRole('group', { name: /Pack a may not be used for everything/ });
  await expect.element(terms).toHaveFocus();
  await expect.element(terms).toHaveTextContent(TERMS.summary);
  const link = terms.getByRole('link', { name: 'Read the whole licence' });
  await expect.element(link).toHaveAttribute('href', TERMS.url);
  await expect.element(link).toHaveAttribute('target', '_blank');
  await expect.element(link).toHaveAttribute('rel', 'noopener');
  const accept = terms.getByRole('checkbox', { name: /I accept/ });
  await expect.element(accept).not.toBeChecked();
  await expect.element(terms.getByRole('button', { name: /^Get/ })).toBeDisabled();
  await terms.getByRole('button', { name: 'Not now' }).click();
  await expect.element(action('Pack a', /^Get/)).toHaveFocus();
  expect(shown.packs.calls).toEqual([]);

  await action('Pack a', /^Get/).click();
  await expect.element(accept).not.toBeChecked();
  await accept.click();
  await terms.getByRole('button', { name: /^Get/ }).click();
  await expect.element(action('Pack a', /^Pause/)).toHaveFocus();
  expect(shown.packs.requests).toEqual([{ pack: 'a', acceptTerms: true }]);
  await action('Pack a', /^Pause/).click();
  await action('Pack a', /^Get/).click();
  await expect.element(action('Pack a', /^Pause/)).toBeVisible();
  expect(shown.packs.requests[1]).toEqual({ pack: 'a' });
});

test('importing a restricted pack asks the same', async () => {
  shown = await showShelf({ statuses: [makeStatus(makePack('a', { restricted: TERMS }))] });
  const opened = vi.spyOn(HTMLInputElement.prototype, 'click').mockImplementation(() => undefined);
  await action('Pack a', /^Import files/).click();
  expect(opened).not.toHaveBeenCalled();
  await card('Pack a')
    .getByRole('checkbox', { name: /I accept/ })
    .click();
  await card('Pack a')
    .getByRole('button', { name: /^Import files/ })
    .click();
  expect(opened).toHaveBeenCalledTimes(1);
  opened.mockRestore();
  await userEvent.upload(card('Pack a').getByLabelText('Files of Pack a'), new File(['x'], 'model.onnx'));
  await expect.poll(() => shown.packs.requests).toEqual([{ pack: 'a', acceptTerms: true }]);
});

test('of a chosen folder the paths inside it are handed on', async () => {
  shown = await showShelf({ statuses: absent('a') });
  const file = new File(['x'], 'model.onnx');
  Object.defineProperty(file, 'webkitRelativePath', { value: 'My disk/unet/model.onnx' });
  const folder = card('Pack a').getByLabelText('Folder of Pack a').element() as HTMLInputElement;
  expect(folder.webkitdirectory).toBe(true);
  Object.defineProperty(folder, 'files', { value: [file] });
  folder.dispatchEvent(new Event('change', { bubbles: true }));
  await expect.poll(() => shown.packs.imports).toEqual([[{ path: 'My disk/unet/model.onnx', file }]]);
});

test('an import says what was taken, what is missing and what was left out and why', async () => {
  const pack = makePack('a', { files: [makeFile('unet.onnx', 51), makeFile('vae.onnx', 52)] });
  shown = await showShelf({
    statuses: [makeStatus(pack)],
    imported: {
      taken: ['unet.onnx'],
      missing: ['vae.onnx'],
      refused: [
        { name: 'notes.txt', reason: 'not-of-this-pack' },
        { name: 'vae.onnx', reason: 'wrong-size' },
      ],
    },
  });
  const files = ['unet.onnx', 'vae.onnx', 'notes.txt'].map((name) => new File([name], name));
  await userEvent.upload(card('Pack a').getByLabelText('Files of Pack a'), files);
  const sentences = card('Pack a').getByRole('list').first().getByRole('listitem');
  await expect
    .poll(() => sentences.all().map((item) => item.element().textContent))
    .toEqual([
      '1 file taken.',
      'Still missing: vae.onnx.',
      'Left out: notes.txt (not part of this pack).',
      'Left out: vae.onnx (not of the right size, perhaps cut off while copying).',
    ]);
  await expect
    .element(said())
    .toHaveTextContent(/^The import into Pack a is done. 1 file taken. Still missing/);
  expect(shown.packs.imports.map((uploads) => uploads.map(({ path }) => path))).toEqual([
    ['unet.onnx', 'vae.onnx', 'notes.txt'],
  ]);
});

test('a check says that all is right, or what was damaged and taken off', async () => {
  shown = await showShelf({ statuses: [makeReady(makePack('a'))] });
  await action('Pack a', /^Check/).click();
  await expect.element(card('Pack a').getByText('Every file is whole and right.')).toBeVisible();
  shown.remove();
  shown = await showShelf({ statuses: [makeReady(makePack('a'))], damaged: ['one.bin', 'two.bin'] });
  await action('Pack a', /^Check/).click();
  await expect
    .element(card('Pack a').getByText(/^one.bin and two.bin were damaged and taken off/))
    .toBeVisible();
  await expect.element(action('Pack a', /^Resume/)).toBeVisible();
});

test('a check that takes long shows its progress and can be stopped', async () => {
  shown = await showShelf({ statuses: [makeReady(makePack('a'))], held: ['verify'] });
  await action('Pack a', /^Check/).click();
  shown.packs.come('a', 90_000_000);
  await expect.element(card('Pack a')).toHaveTextContent(/Checking 23 % 90 MB of 377 MB/);
  await action('Pack a', /^Cancel/).click();
  await expect.element(said()).toHaveTextContent('The check of Pack a was stopped.');
  await expect.element(action('Pack a', /^Check/)).toBeVisible();
});

test('removing asks once and says what it frees', async () => {
  shown = await showShelf({ statuses: [makeReady(makePack('a'))] });
  await action('Pack a', /^Remove/).click();
  await expect.element(card('Pack a').getByText(/That frees 377\sMB/)).toBeVisible();
  await card('Pack a').getByRole('button', { name: 'Keep it' }).click();
  await expect.element(action('Pack a', /^Remove/)).toHaveFocus();
  expect(shown.packs.calls).toEqual([]);
  await action('Pack a', /^Remove/).click();
  await card('Pack a').getByRole('button', { name: 'Remove it' }).click();
  await expect.element(action('Pack a', /^Get/)).toHaveFocus();
  await expect.element(said()).toHaveTextContent('Pack a was removed from this computer.');
  await expect.element(dialog().getByText('Nothing of it takes up room on this computer.')).toBeVisible();
  expect(shown.packs.calls).toEqual(['remove a']);
});

test('a pack is exported into the folder that was picked; picking none does nothing', async () => {
  const folder = { name: 'My disk' } as FileSystemDirectoryHandle;
  const pick = vi.fn().mockRejectedValueOnce(new DOMException('', 'AbortError')).mockResolvedValue(folder);
  vi.stubGlobal('showDirectoryPicker', pick);
  shown = await showShelf({ statuses: [makeReady(makePack('a'))] });
  await action('Pack a', /^Export/).click();
  await expect.poll(() => pick.mock.calls).toEqual([[{ id: 'models', mode: 'readwrite' }]]);
  expect(shown.packs.calls).toEqual([]);
  await action('Pack a', /^Export/).click();
  await expect.element(card('Pack a').getByText('Written to the folder My disk/a.')).toBeVisible();
  expect(shown.packs.calls).toEqual(['export a to My disk']);
});
