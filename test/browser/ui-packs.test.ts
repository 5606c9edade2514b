/** What the shelf says of packs as they are: purpose, size, licence, state, fit, and what can be done. */
import { afterEach, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { AppError } from '../../src/core/errors';
import type { GpuFacts } from '../../src/core/gpu';
import type { GpuNeeds, Terms } from '../../src/core/pack';
import { makeFacts } from '../fakes/gpu';
import { makeFile, makeFirstSeen, makePack, makePartial, makeReady, makeStatus } from '../fakes/packList';
import { action, actionNames, card, dialog, type ShownShelf, showShelf } from './shelfApp';

let shown: ShownShelf;
afterEach(() => {
  shown.remove();
  localStorage.clear();
  vi.unstubAllGlobals();
});

const TERMS: Terms = { summary: 'Not for anything that earns money.', url: 'https://licence.example/terms' };

test('the first line says that nothing here is needed, and the disk is summed up', async () => {
  shown = await showShelf({
    statuses: [
      makeReady(makePack('a')),
      makePartial(makePack('b', { files: [makeFile('b.onnx', 910_000_000)] }), 123_000_000),
      makeStatus(makePack('c')),
    ],
    others: [{ id: 'lib', title: 'A library', storedBytes: 41_000_000 }],
  });
  await expect.element(dialog().getByText(/^You need nothing from here/)).toBeVisible();
  await expect.element(dialog().getByText('1 of 3 models here, 541 MB on this computer.')).toBeVisible();
});

test('an absent pack says what it is for, its size and licence, and can be got or imported', async () => {
  const pack = makePack('a', { files: [makeFile('a.onnx', 88_000_000, { approximate: true })] });
  shown = await showShelf({ statuses: [makeStatus(pack)] });
  await expect.element(card('Pack a')).toHaveTextContent('What a is for.');
  await expect.element(card('Pack a')).toHaveTextContent('Not here');
  await expect.element(card('Pack a')).toHaveTextContent('about 88 MB MIT licence from weights.example');
  const licence = card('Pack a').getByRole('link', { name: 'MIT licence' });
  await expect.element(licence).toHaveAttribute('href', 'https://licence.example/a');
  await expect.element(licence).toHaveAttribute('target', '_blank');
  await expect.element(licence).toHaveAttribute('rel', 'noopener');
  expect(actionNames('Pack a')).toEqual(['Get (about 88 MB)', 'Import folder…', 'Import files…']);
});

test('a pack that is partly here says how much, and what is still to come', async () => {
  shown = await showShelf({ statuses: [makePartial(makePack('a'), 141_000_000)] });
  await expect.element(card('Pack a')).toHaveTextContent('Partly here, 141 MB of 377 MB');
  expect(actionNames('Pack a')).toEqual([
    'Resume (236 MB to go)',
    'Import folder…',
    'Import files…',
    'Check',
    'Remove',
  ]);
});

test('a ready pack can be checked, exported and removed, and says whose terms were accepted when', async () => {
  const pack = makePack('a', { restricted: TERMS });
  shown = await showShelf({ statuses: [makeReady(pack, { termsAcceptedAt: '2026-11-05T12:00:00.000Z' })] });
  await expect.element(card('Pack a')).toHaveTextContent('Ready');
  await expect.element(card('Pack a')).toHaveTextContent('terms accepted');
  await card('Pack a').getByText('Details', { exact: true }).click();
  await expect.element(card('Pack a').getByText(/You accepted them on 5 November 2026/)).toBeVisible();
  await expect.element(card('Pack a').getByText('about 1.64 GB')).toBeVisible();
  expect(actionNames('Pack a')).toEqual(['Check', 'Export…', 'Remove']);
});

test('an outdated pack is usable until the update, whose size is told, is whole', async () => {
  shown = await showShelf({
    statuses: [makeReady(makePack('a'), { state: 'outdated', missingBytes: 52_000_000 })],
  });
  await expect.element(card('Pack a')).toHaveTextContent('Ready, update available');
  await expect.element(card('Pack a')).toHaveTextContent('works as before until the newer version is whole');
  expect(actionNames('Pack a')).toEqual(['Update (52 MB)', 'Check', 'Export…', 'Remove']);
});

test('a self-hosted pack says what has to be done first, and is imported before it is fetched', async () => {
  const pack = makePack('own', { origin: 'self-hosted', baseUrl: null, files: [] });
  shown = await showShelf({ statuses: [makeStatus(pack)] });
  await expect.element(card('Pack own')).toHaveTextContent('Size known once it is converted');
  await expect.element(card('Pack own')).toHaveTextContent(/has to be converted first.*models\/own\//);
  expect(actionNames('Pack own')).toEqual(['Import folder…', 'Import files…', 'Get from this site']);
});

test('where the browser has no folder picker nothing is exported', async () => {
  vi.stubGlobal('showDirectoryPicker', undefined);
  shown = await showShelf({ statuses: [makeReady(makePack('a'))] });
  await expect.element(action('Pack a', /^Check/)).toBeVisible();
  expect(actionNames('Pack a')).toEqual(['Check', 'Remove']);
});

test('what nobody had published a checksum for tells where it first came from, when, and the hashes', async () => {
  const seen = makeFirstSeen();
  shown = await showShelf({ statuses: [makeReady(makePack('a'), { firstSeen: [seen] })] });
  await expect.element(card('Pack a')).toHaveTextContent(/on 3 November 2026 from weights\.example/);
  await card('Pack a').getByText('Details', { exact: true }).click();
  await card('Pack a').getByText('Checksums of model.onnx').click();
  for (const hash of seen.chunkSha256) await expect.element(card('Pack a').getByText(hash)).toBeVisible();
});

const NEEDS: GpuNeeds = { required: true, features: [], bufferBytes: 90_000_000, operators: ['attention'] };
const CARD = makeFacts();
const WRONG: GpuFacts = { ...CARD, check: { runtime: '1.30.0', subgroups: true, wrong: ['attention'] } };
const RIGHT: GpuFacts = { ...CARD, check: { runtime: '1.30.0', subgroups: true, wrong: ['conv-9'] } };

test('each pack says whether it runs on this GPU; the self-check can change that', async () => {
  const large = { ...NEEDS, bufferBytes: 2_000_000_000 };
  const statuses = [makeStatus(makePack('a', { gpu: NEEDS })), makeStatus(makePack('b', { gpu: large }))];
  shown = await showShelf({ statuses }, { facts: CARD, checked: WRONG });
  await expect
    .element(card('Pack b'))
    .toHaveTextContent('Does not run on this computer. It takes 2 GB of memory in one piece');
  expect(actionNames('Pack b')[0]).toBe('Get anyway (377 MB)');
  for (const sentence of [
    'The browser calls the graphics card “vendor architecture”.',
    'Whether it computes correctly has not been checked yet.',
    'It gives at most 1.07 GB of memory in one piece.',
    "The browser puts this computer's memory at about 4 GB.",
  ])
    await expect.element(dialog().getByText(sentence)).toBeVisible();

  await dialog().getByRole('button', { name: 'Check the card', exact: true }).click();
  await expect.element(dialog().getByText('This graphics card gets attention wrong')).toBeVisible();
  await expect
    .element(card('Pack a'))
    .toHaveTextContent('Does not run on this computer. The graphics card gets attention wrong.');
  await expect.element(dialog().getByRole('button', { name: 'Check the card again' })).toBeVisible();
});

test('before its check a card is not vouched for; what needs none is', async () => {
  const optional = { ...NEEDS, required: false };
  const statuses = [NEEDS, optional, null].map((gpu, i) => makeStatus(makePack(`${i}`, { gpu })));
  shown = await showShelf({ statuses }, { facts: CARD, checked: RIGHT });
  await expect.element(card('Pack 0').getByText('should run on this computer')).toBeVisible();
  for (const title of ['Pack 1', 'Pack 2'])
    await expect.element(card(title).getByText('runs on this computer')).toBeVisible();
  await dialog().getByRole('button', { name: 'Check the card', exact: true }).click();
  await expect.element(card('Pack 0').getByText('runs on this computer')).toBeVisible();
});

test('a self-check can be stopped; one that fails says so, also to those who hear it, each time', async () => {
  const gate = Promise.withResolvers<void>();
  const checked = new AppError('engine-lost', 'fake');
  shown = await showShelf({ statuses: [] }, { facts: CARD, checked, gate: gate.promise });
  const check = dialog().getByRole('button', { name: 'Check the card' });
  const failure = dialog()
    .getByRole('status')
    .filter({ hasText: /^A part of the app stopped/ });
  await check.click();
  await expect.element(dialog().getByText(/Computing small cases/)).toBeVisible();
  await dialog().getByRole('button', { name: 'Stop' }).click();
  await expect.element(dialog().getByText(/Computing small cases/)).not.toBeInTheDocument();
  await expect.element(failure).not.toBeInTheDocument();
  gate.resolve();
  await check.click();
  await expect.element(failure).toBeVisible();
  await expect.element(dialog().getByText(/The browser calls the graphics card/)).toBeVisible();

  const heard: string[] = [];
  const region = failure.element();
  const observer = new MutationObserver(() => heard.push(region.textContent ?? ''));
  observer.observe(region, { childList: true, characterData: true, subtree: true });
  await check.click();
  await expect.poll(() => heard.at(-1)).toMatch(/^A part of the app stopped/);
  observer.disconnect();
});

test('a browser without a GPU says so and offers no check', async () => {
  shown = await showShelf({ statuses: [makeStatus(makePack('a'))] });
  await expect.element(dialog().getByText(/This browser gives web pages no graphics card/)).toBeVisible();
  await expect.element(dialog().getByRole('button', { name: /Check the card/ })).not.toBeInTheDocument();
});

const LIBRARIES = [
  { id: 'one', title: 'Library one', storedBytes: 1_280_000_000 },
  { id: 'two', title: 'Library two', storedBytes: 53_000_000 },
];

test('what other libraries keep is measured, asked about, and removed', async () => {
  shown = await showShelf({ others: LIBRARIES });
  await expect.element(dialog().getByText('Library one 1.28 GB')).toBeVisible();
  await dialog().getByRole('button', { name: 'Remove Library one' }).click();
  await expect.element(dialog().getByText(/Remove Library one\? That frees 1.28\sGB/)).toBeVisible();
  await dialog().getByRole('button', { name: 'Keep it' }).click();
  expect(shown.packs.calls).toEqual([]);
  await dialog().getByRole('button', { name: 'Remove Library one' }).click();
  await dialog().getByRole('button', { name: 'Remove it' }).click();
  await expect.element(dialog().getByText('Library one 1.28 GB')).not.toBeInTheDocument();
  await expect.element(dialog().getByText('Library two 53 MB')).toBeVisible();
  expect(shown.packs.calls).toEqual(['removeOther one']);
});

test('measuring what other libraries keep holds nothing up, and is done on entering and after a removal only', async () => {
  const measured = Promise.withResolvers<void>();
  shown = await showShelf({
    statuses: [makeReady(makePack('a'))],
    others: LIBRARIES,
    measured: measured.promise,
  });
  await expect.element(dialog().getByText('Measuring what they keep…')).toBeVisible();
  await action('Pack a', /^Check/).click();
  await expect.element(card('Pack a').getByText('Every file is whole and right.')).toBeVisible();
  await expect.element(dialog().getByText('1 of 1 model here, 377 MB on this computer.')).toBeVisible();
  measured.resolve();
  await expect.element(dialog().getByText(/1.71\sGB on this computer/)).toBeVisible();
  await expect.element(dialog().getByText('Measuring what they keep…')).not.toBeInTheDocument();
  expect(shown.packs.measures).toBe(1);
  await dialog().getByRole('button', { name: 'Remove Library two' }).click();
  await dialog().getByRole('button', { name: 'Remove it' }).click();
  await expect.element(dialog().getByText('Library two 53 MB')).not.toBeInTheDocument();
  expect(shown.packs.measures).toBe(2);
});

test('what another part of the app has open stays, which is said and heard', async () => {
  shown = await showShelf({ others: LIBRARIES });
  await expect.element(dialog().getByText('Library one 1.28 GB')).toBeVisible();
  shown.packs.removeOtherError = new AppError('bad-request', 'fake', { busy: true });
  await dialog().getByRole('button', { name: 'Remove Library one' }).click();
  await dialog().getByRole('button', { name: 'Remove it' }).click();
  const sentence = /^Library one: .* has it open\. Close other windows of this app and try again\.$/;
  await expect.element(dialog().getByText(sentence).first()).toBeVisible();
  await expect.element(dialog().getByRole('status').last()).toHaveTextContent(sentence);
  await expect.element(dialog().getByText('Library one 1.28 GB')).toBeVisible();
});

test('a mirror is checked, remembered, handed to every download, and can be dropped', async () => {
  const statuses = [makeStatus(makePack('a'))];
  shown = await showShelf({ statuses });
  await dialog().getByText('Fetch from a mirror').click();
  const address = dialog().getByLabelText(/^Address of a copy/);
  const use = dialog().getByRole('button', { name: 'Use it' });
  await address.fill('my disk');
  await use.click();
  await expect.element(address).toHaveAccessibleDescription(/This is not a web address/);
  await expect.element(address).toHaveAttribute('aria-invalid', 'true');
  await address.fill(' https://mirror.example/models// ');
  await use.click();
  await expect.element(dialog().getByText(/tried after all other places/)).toBeVisible();
  await expect.element(address).toHaveAttribute('aria-invalid', 'false');
  await action('Pack a', /^Get/).click();
  await expect
    .poll(() => shown.packs.requests)
    .toEqual([{ pack: 'a', mirror: 'https://mirror.example/models' }]);
  shown.remove();

  shown = await showShelf({ statuses });
  await expect.element(address).toHaveValue('https://mirror.example/models');
  await address.fill('');
  await use.click();
  await action('Pack a', /^Get/).click();
  await expect.poll(() => shown.packs.requests).toEqual([{ pack: 'a' }]);
});

test('when the disk does not answer the page says so, and asks again when told to', async () => {
  shown = await showShelf({ statuses: [makeReady(makePack('a'))] });
  await expect.element(card('Pack a')).toBeVisible();
  await userEvent.keyboard('{Escape}');
  shown.packs.statusError = new AppError('engine-lost', 'fake');
  await page.getByRole('button', { name: 'Models' }).click();
  await expect.element(dialog().getByText(/part of the app that keeps models stopped/)).toBeVisible();
  await expect.element(card('Pack a')).toBeVisible();
  shown.packs.statusError = null;
  await dialog().getByRole('button', { name: 'Try again' }).click();
  await expect
    .element(dialog().getByText(/part of the app that keeps models stopped/))
    .not.toBeInTheDocument();
});
