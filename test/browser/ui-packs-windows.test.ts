/** Packs that another window works on. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { page } from 'vitest/browser';
import { makePack, makePartial, makeReady } from '../fakes/packList';
import { absent, action, actionNames, card, type ShownShelf, said, showShelf } from './shelfApp';

let shown: ShownShelf;
beforeEach(() => page.viewport(1200, 800));
afterEach(() => {
  shown.remove();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

test('a download that waits for another window is not taken for the one that goes on there', async () => {
  shown = await showShelf({ statuses: absent('a', 'b') });
  await action('Pack a', /^Get/).click();
  await action('Pack b', /^Get/).click();
  await expect.element(card('Pack b')).toHaveTextContent('Waiting for its turn');
  shown.packs.elsewhere('b', 'download', 88_000_000);
  await expect.element(card('Pack b')).toHaveTextContent('88 MB of 377 MB');
  await expect
    .element(card('Pack b'))
    .toHaveTextContent(/Another window is downloading this\. .* This window waits for it and then fetches/);
  expect(actionNames('Pack b')).toEqual(['Do not wait']);
  shown.packs.finish('a');
  await expect.element(card('Pack a')).toHaveTextContent('Ready');
  shown.packs.elsewhere('b', 'download', 95_000_000);
  await expect.element(card('Pack b')).toHaveTextContent('95 MB of 377 MB');
  expect(actionNames('Pack b')).toEqual(['Do not wait']);

  shown.packs.elsewhere('b', null);
  await expect.element(action('Pack b', /^Pause/)).toBeVisible();
  await expect.element(card('Pack b')).not.toHaveTextContent('Another window');
  shown.packs.finish('b');
  await expect.element(card('Pack b')).toHaveTextContent('Ready');
});

test('a download that waits for another window can be taken back, and is not called paused', async () => {
  shown = await showShelf({ statuses: absent('a', 'b') });
  await action('Pack a', /^Get/).click();
  await action('Pack b', /^Get/).click();
  shown.packs.elsewhere('b', 'download', 88_000_000);
  await action('Pack b', /^Do not wait/).click();
  await expect.element(said()).toHaveTextContent('Pack b waits no longer.');
  await expect.element(card('Pack b')).not.toHaveTextContent('is paused');
  await expect.element(card('Pack b')).toHaveTextContent('88 MB of 377 MB');
  await expect.element(action('Pack b', /^Get/)).toBeDisabled();
  await expect.element(card('Pack b')).toHaveTextContent('It can be paused there.');
});

test('when the other window ends while a download is in line here, that waits for its turn again', async () => {
  shown = await showShelf({ statuses: absent('a', 'b') });
  await action('Pack a', /^Get/).click();
  await action('Pack b', /^Get/).click();
  shown.packs.elsewhere('b', 'download', 88_000_000);
  await expect.element(action('Pack b', /^Do not wait/)).toBeVisible();
  shown.packs.elsewhere('b', null);
  await expect.element(action('Pack b', /^Cancel/)).toBeVisible();
  await expect.element(card('Pack b')).toHaveTextContent('Waiting for its turn');
  await expect.element(card('Pack b')).not.toHaveTextContent('Another window');
});

test('when the other window ends without a word, the work that begins here is known as its own', async () => {
  shown = await showShelf({ statuses: absent('a', 'b') });
  await action('Pack a', /^Get/).click();
  await action('Pack b', /^Get/).click();
  shown.packs.elsewhere('b', 'download', 88_000_000);
  await expect.element(action('Pack b', /^Do not wait/)).toBeVisible();
  shown.packs.finish('a');
  await expect.element(card('Pack a')).toHaveTextContent('Ready');
  shown.packs.dieElsewhere('b');
  await expect.element(action('Pack b', /^Pause/)).toBeVisible();
});

test('what another window does is seen live, and is not interfered with', async () => {
  shown = await showShelf({ statuses: [makePartial(makePack('a'), 20_000_000), makeReady(makePack('b'))] });
  await expect.element(action('Pack a', /^Resume/)).toBeEnabled();
  (action('Pack a', /^Resume/).element() as HTMLElement).focus();
  shown.packs.elsewhere('a', 'download', 64_000_000);
  await expect.element(card('Pack a')).toHaveTextContent('64 MB of 377 MB');
  await expect.element(card('Pack a')).toHaveTextContent('Another window is downloading this.');
  for (const name of ['Resume', 'Import folder', 'Import files', 'Check', 'Remove'])
    await expect.element(action('Pack a', new RegExp(`^${name}`))).toBeDisabled();
  await expect.element(action('Pack a', /^Resume/)).toHaveAccessibleDescription(/It can be paused there/);
  await expect.element(action('Pack b', /^Check/)).toBeEnabled();
  await expect.element(card('Pack a').getByRole('heading')).toHaveFocus();

  shown.packs.change('a', { state: 'ready', storedBytes: 377_000_000, missingBytes: 0 });
  shown.packs.elsewhere('a', null);
  await expect.element(card('Pack a')).toHaveTextContent('Ready');
  await expect.element(action('Pack a', /^Remove/)).toBeEnabled();
  expect(shown.packs.calls).toEqual([]);
});

test('a pack that is busy from the start is not interfered with either', async () => {
  shown = await showShelf({ statuses: [makeReady(makePack('a'), { busy: true })] });
  await expect.element(card('Pack a')).toHaveTextContent('Another window is at work on this.');
  await expect.element(action('Pack a', /^Remove/)).toBeDisabled();
});

test('a question is put aside while another window works on the pack, and comes back', async () => {
  shown = await showShelf({ statuses: [makeReady(makePack('a'))] });
  await action('Pack a', /^Remove/).click();
  const sure = card('Pack a').getByRole('button', { name: 'Remove it' });
  await expect.element(sure).toBeVisible();
  shown.packs.elsewhere('a', 'verify', 5_000_000);
  await expect.element(sure).not.toBeInTheDocument();
  await expect.element(action('Pack a', /^Remove/)).toBeDisabled();
  shown.packs.elsewhere('a', null);
  await expect.element(sure).toBeEnabled();
});

test('what was told of a download before its pause, and comes after it, is not taken for another window', async () => {
  shown = await showShelf({ statuses: absent('a') });
  await action('Pack a', /^Get/).click();
  shown.packs.come('a', 30_000_000);
  await expect.element(card('Pack a')).toHaveTextContent('30 MB of 377 MB');
  const seen: string[] = [];
  const observer = new MutationObserver(() => seen.push(card('Pack a').element().textContent ?? ''));
  observer.observe(card('Pack a').element(), { childList: true, characterData: true, subtree: true });
  await action('Pack a', /^Pause/).click();
  await expect.element(action('Pack a', /^Resume/)).toBeVisible();
  await expect.poll(() => shown.packs.echoes).toBe(1);
  observer.disconnect();
  expect(seen.length).toBeGreaterThan(0);
  expect(seen.filter((text) => text.includes('Another window'))).toEqual([]);
});

test('a window that died at its work blocks nothing for long', async () => {
  shown = await showShelf({ statuses: absent('a') });
  shown.packs.elsewhere('a', 'download', 5_000_000);
  await expect.element(action('Pack a', /^Get/)).toBeDisabled();
  shown.packs.change('a', { busy: false });
  await expect.element(action('Pack a', /^Get/), { timeout: 9000 }).toBeEnabled();
  await expect.element(card('Pack a').getByRole('progressbar')).not.toBeInTheDocument();
});
