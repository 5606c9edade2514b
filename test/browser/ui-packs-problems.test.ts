/** What goes wrong with a pack is said on its card: what happened, what to do next, and a way to do it. */
import { afterEach, expect, test, vi } from 'vitest';
import { AppError, type ErrorCode, type ErrorDetails } from '../../src/core/errors';
import { makePack, makePartial, makeReady, makeStatus } from '../fakes/packList';
import { action, actionNames, card, dialog, type ShownShelf, said, showShelf } from './shelfApp';

let shown: ShownShelf;
afterEach(() => {
  shown.remove();
  vi.unstubAllGlobals();
});

/** A download of `Pack a` that has failed. */
async function failed(code: ErrorCode, details: ErrorDetails = {}): Promise<void> {
  shown = await showShelf({
    statuses: [
      makePartial(makePack('a'), 31_000_000),
      makeReady(makePack('big', { title: 'Big one' })),
      makeStatus(makePack('none', { title: 'Absent one' })),
    ],
    others: [{ id: 'lib', title: 'A library', storedBytes: 66_000_000 }],
  });
  await action('Pack a', /^Resume/).click();
  await expect.element(action('Pack a', /^Pause/)).toBeVisible();
  shown.packs.fail('a', new AppError(code, 'for developers', details));
}

const SENTENCES: readonly (readonly [ErrorCode, ErrorDetails, RegExp])[] = [
  [
    'download-failed',
    { host: 'weights.example', reason: 'the server is busy (503)' },
    /could not be fetched from weights\.example: the server is busy \(503\)\. Finished parts are kept.*Check the connection or wait/,
  ],
  ['download-failed', {}, /The files could not be fetched\. Finished parts are kept/],
  ['model-missing', {}, /None of the places .* has it\. Import its folder, or name a mirror/],
  [
    'model-missing',
    { hosts: 'here.example, weights.example' },
    /None of the places .* has it \(here\.example, weights\.example\)\. Import its folder/,
  ],
  ['model-corrupt', { path: 'model.onnx' }, /model\.onnx came damaged and was not taken.*try a mirror/],
  ['model-corrupt', { field: 'catalog.packs[2].id' }, /own list of models is damaged\. Reload the page/],
  ['model-corrupt', { found: 'sdxl-vae' }, /These are the files of another pack, sdxl-vae/],
  ['engine-lost', { engine: 'models' }, /part of the app that keeps models stopped.*try once more/],
  ['bad-request', { busy: true }, /Another window is at work on this\. Try again when it has finished/],
  ['internal', {}, /Something went wrong in the app/],
];

for (const [code, details, sentence] of SENTENCES) {
  test(`${code} ${JSON.stringify(details)} is a sentence, and can be tried again`, async () => {
    await failed(code, details);
    await expect.element(card('Pack a').getByText(sentence)).toBeVisible();
    await expect.element(card('Pack a')).not.toHaveTextContent('for developers');
    await expect.element(card('Big one')).not.toHaveTextContent(sentence);
    expect(actionNames('Pack a')).not.toContain('Resume (346 MB to go)');
    await action('Pack a', 'Try again').click();
    await expect.element(action('Pack a', /^Pause/)).toBeVisible();
    await expect.element(card('Pack a').getByText(sentence)).not.toBeInTheDocument();
    expect(shown.packs.calls).toEqual(['ensure a', 'ensure a']);
  });
}

test('a full disk says how much is missing and what could be removed', async () => {
  await failed('storage-full', { missingBytes: 1_240_000_000, removable: 'big,lib' });
  await expect
    .element(card('Pack a'))
    .toHaveTextContent(
      'The disk is full: 1.24 GB more room is needed for this. Removing Big one (377 MB) or A library (66 MB) here would make room',
    );
});

test('a full disk where nothing can be removed says what else helps', async () => {
  await failed('storage-full', { missingBytes: 820_000_000, removable: '' });
  await expect
    .element(card('Pack a'))
    .toHaveTextContent(
      '820 MB more room is needed for this. Clear some files from this computer and try again.',
    );
});

test('terms that were not accepted lead back to them, not to another refusal', async () => {
  await failed('bad-request', { terms: 'https://licence.example' });
  await expect.element(card('Pack a').getByText(/Its terms were not accepted yet/)).toBeVisible();
  await expect.element(action('Pack a', 'Try again')).not.toBeInTheDocument();
  await expect.element(action('Pack a', /^Resume/)).toBeEnabled();
});

const REFUSED: readonly (readonly [ErrorDetails, RegExp])[] = [
  [{ field: 'mirror', found: 'here' }, /address of the mirror is no web address\. Correct it further down/],
  [{ insecure: true }, /only be kept when this page comes over https, or from this computer itself/],
  [{}, /not known here any more\. Reload the page/],
];

for (const [details, sentence] of REFUSED) {
  test(`bad-request ${JSON.stringify(details)} has a sentence of its own, and is not tried again as it is`, async () => {
    await failed('bad-request', details);
    await expect.element(card('Pack a').getByText(sentence)).toBeVisible();
    await expect.element(action('Pack a', 'Try again')).not.toBeInTheDocument();
    await expect.element(action('Pack a', /^Resume/)).toBeEnabled();
  });
}

/** An export of `Pack a` that has failed. */
async function failedExport(code: ErrorCode, details: ErrorDetails): Promise<void> {
  vi.stubGlobal('showDirectoryPicker', async () => ({ name: 'My disk' }));
  shown = await showShelf({ statuses: [makeReady(makePack('a'))], held: ['export'] });
  await action('Pack a', /^Export/).click();
  await expect.element(action('Pack a', /^Cancel/)).toBeVisible();
  shown.packs.fail('a', new AppError(code, 'for developers', details));
}

test('a folder that cannot be written leads to another one', async () => {
  await failedExport('bad-request', { folder: 'My disk' });
  await expect.element(card('Pack a').getByText(/Nothing may be written into that folder/)).toBeVisible();
  await expect.element(action('Pack a', 'Try again')).not.toBeInTheDocument();
  await expect.element(action('Pack a', /^Export/)).toBeEnabled();
});

test('a part that the disk has lost leads to the check', async () => {
  await failedExport('model-missing', { lost: true, path: 'model.onnx' });
  await expect.element(card('Pack a').getByText(/disk has lost a part of this\. Press Check/)).toBeVisible();
  await expect.element(card('Pack a')).not.toHaveTextContent('None of the places');
  await expect.element(action('Pack a', 'Try again')).not.toBeInTheDocument();
  await expect.element(action('Pack a', /^Check/)).toBeEnabled();
});

test('a changed file is explained; keeping what is known fetches nothing', async () => {
  await failed('model-corrupt', { path: 'model.onnx', changed: true });
  await expect
    .element(
      card('Pack a').getByText(
        /model\.onnx is not the one that was first seen here.*new version, or somebody/,
      ),
    )
    .toBeVisible();
  await action('Pack a', 'Keep the one I know').click();
  await expect.element(card('Pack a').getByText(/first seen here/)).not.toBeInTheDocument();
  await expect.element(action('Pack a', /^Resume/)).toHaveFocus();
  expect(shown.packs.requests).toEqual([{ pack: 'a' }]);
});

test('a changed file is taken only when a person says so, and by its name', async () => {
  await failed('model-corrupt', { path: 'unet/model.onnx', changed: true });
  await action('Pack a', /^Take the new one \(unet\/model\.onnx\)$/).click();
  await expect.element(action('Pack a', /^Pause/)).toHaveFocus();
  expect(shown.packs.requests).toEqual([{ pack: 'a' }, { pack: 'a', trustChanged: 'unet/model.onnx' }]);
});

test('the same failure once more is told once more', async () => {
  await failed('model-missing');
  await expect.element(said()).toHaveTextContent(/^Pack a: None of the places/);
  const heard: string[] = [];
  const observer = new MutationObserver(() => heard.push(said().element().textContent ?? ''));
  observer.observe(said().element(), { childList: true, characterData: true, subtree: true });
  await action('Pack a', 'Try again').click();
  await expect.element(action('Pack a', /^Pause/)).toBeVisible();
  shown.packs.fail('a', new AppError('model-missing', 'for developers'));
  await expect.poll(() => heard.filter((text) => text.startsWith('Pack a: None'))).toHaveLength(1);
  observer.disconnect();
});

test('one that fails does not stop the next in line', async () => {
  await failed('download-failed', {});
  await action('Absent one', /^Get/).click();
  await expect.element(card('Absent one').getByText('Downloading', { exact: true })).toBeVisible();
  await expect.element(card('Pack a').getByText(/could not be fetched/)).toBeVisible();
});

test('a failure is told once to those who hear the page, with the name of the pack', async () => {
  await failed('model-missing');
  await expect
    .element(dialog().getByRole('status').last())
    .toHaveTextContent(/^Pack a: None of the places this pack may come from has it/);
});
