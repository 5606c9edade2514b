/** Work on packs: progress, pause, waiting, other windows, consent, import, export, and what is said of it. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { AppError } from '../../src/core/errors';
import type { Terms } from '../../src/core/pack';
import { makeFile, makePack, makePartial, makeReady, makeStatus } from '../fakes/packList';
import {
  action,
  actionNames,
  card,
  dialog,
  modelsButton,
  openShelf,
  type ShownShelf,
  showShelf,
} from './shelfApp';

let shown: ShownShelf;
beforeEach(() => page.viewport(1200, 800));
afterEach(() => {
  shown.remove();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const TERMS: Terms = { summary: 'Not for anything that earns money.', url: 'https://licence.example/terms' };
const said = () => dialog().getByRole('status').last();
const absent = (...ids: readonly string[]) => ids.map((id) => makeStatus(makePack(id)));

/** The page's clock, so that rates are exact. @returns moves it on, ms */
function ownClock(): (ms: number) => void {
  let nowMs = 50_000;
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
  return (ms) => {
    nowMs += ms;
  };
}

test('a download shows what has come, how fast, and how long it takes; paused, it keeps what has come', async () => {
  shown = await showShelf({ statuses: [makePartial(makePack('a'), 77_000_000)] });
  const pass = ownClock();
  await action('Pack a', /^Resume/).click();
  await expect.element(card('Pack a').getByText('Downloading', { exact: true })).toBeVisible();
  expect(actionNames('Pack a')).toEqual(['Pause']);
  for (const done of [79, 81, 83, 85]) {
    pass(1000);
    shown.packs.come('a', done * 1_000_000);
  }
  await expect.element(card('Pack a')).toHaveTextContent('85 MB of 377 MB');
  await expect.element(card('Pack a')).toHaveTextContent('2 MB/s');
  await expect.element(card('Pack a')).toHaveTextContent('about 2 minutes left');
  await expect.element(card('Pack a')).toHaveTextContent('22 %');
  const bar = card('Pack a').getByRole('progressbar', { name: 'Downloading: Pack a' });
  expect((bar.element() as HTMLProgressElement).value).toBeCloseTo(85 / 377);

  await action('Pack a', /^Pause/).click();
  await expect.element(action('Pack a', /^Resume/)).toHaveTextContent('Resume (292 MB to go)');
  await expect.element(bar).not.toBeInTheDocument();
  await expect.element(said()).toHaveTextContent(/^Pack a is paused. Finished parts are kept/);
  await expect.element(card('Pack a').getByText(/^Pack a is paused. Finished parts are kept/)).toBeVisible();

  await action('Pack a', /^Resume/).click();
  shown.packs.come('a', 377_000_000);
  shown.packs.finish('a');
  await expect.element(card('Pack a')).toHaveTextContent('Ready');
  await expect.element(said()).toHaveTextContent('Pack a is here and ready.');
  expect(shown.packs.calls).toEqual(['ensure a', 'ensure a']);
});

test('the sum on disk grows while a download goes on', async () => {
  shown = await showShelf({ statuses: [makePartial(makePack('a'), 77_000_000), makeReady(makePack('b'))] });
  await expect.element(dialog().getByText(/454\sMB on this computer/)).toBeVisible();
  await action('Pack a', /^Resume/).click();
  await expect.element(card('Pack a').getByText('Downloading', { exact: true })).toBeVisible();
  await expect.element(dialog().getByText(/454\sMB on this computer/)).toBeVisible();
  shown.packs.come('a', 180_000_000);
  await expect.element(dialog().getByText(/557\sMB on this computer/)).toBeVisible();
});

test('when nothing comes it says so instead of a rate', async () => {
  shown = await showShelf({ statuses: absent('a') });
  const pass = ownClock();
  await action('Pack a', /^Get/).click();
  for (const done of [3, 6]) {
    pass(1500);
    shown.packs.come('a', done * 1_000_000);
  }
  await expect.element(card('Pack a')).toHaveTextContent('2 MB/s');
  pass(7000);
  await expect.element(card('Pack a')).toHaveTextContent(/6 MB of 377 MB · stalled: nothing has come/);
  await expect.element(card('Pack a')).not.toHaveTextContent(/left|\/s|NaN|Infinity/);
});

test('a download that waits for the connection says so, and that it goes on by itself', async () => {
  shown = await showShelf({ statuses: absent('a') });
  const pass = ownClock();
  const connect = (isOnline: boolean) => {
    vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(isOnline);
    window.dispatchEvent(new Event(isOnline ? 'online' : 'offline'));
  };
  await action('Pack a', /^Get/).click();
  shown.packs.come('a', 3_000_000);
  await expect.element(card('Pack a')).toHaveTextContent('3 MB of 377 MB');
  connect(false);
  pass(1500);
  shown.packs.come('a', 6_000_000);
  await expect.element(card('Pack a')).toHaveTextContent('6 MB of 377 MB');
  await expect.element(card('Pack a')).not.toHaveTextContent('offline');
  pass(2500);
  const sentence = /This computer is offline. The download goes on by itself when the connection is back/;
  await expect.element(card('Pack a')).toHaveTextContent(sentence);
  pass(7000);
  await expect.element(card('Pack a')).not.toHaveTextContent(/stalled|left|\/s/);
  connect(true);
  await expect.element(card('Pack a')).not.toHaveTextContent('offline');
  await expect.element(card('Pack a')).toHaveTextContent('stalled');
});

test('a download that is checked at its end is still one: it can be paused, and the sums stay', async () => {
  shown = await showShelf({ statuses: absent('a') });
  await action('Pack a', /^Get/).click();
  shown.packs.come('a', 370_000_000);
  await expect.element(dialog().getByText(/370\sMB on this computer/)).toBeVisible();
  shown.packs.check('a', 40_000_000);
  await expect.element(card('Pack a').getByText('Checking', { exact: true })).toBeVisible();
  await expect.element(card('Pack a')).toHaveTextContent('40 MB of 377 MB');
  await expect.element(dialog().getByText(/370\sMB on this computer/)).toBeVisible();
  await expect.element(modelsButton()).toHaveTextContent('98 % fetched');
  expect(actionNames('Pack a')).toEqual(['Pause']);
  await action('Pack a', /^Pause/).click();
  await expect.element(said()).toHaveTextContent(/^Pack a is paused/);
});

test('a second download waits for its turn, can be taken back, and else begins by itself', async () => {
  shown = await showShelf({ statuses: absent('a', 'b', 'c') });
  for (const id of ['a', 'b', 'c']) await action(`Pack ${id}`, /^Get/).click();
  await expect.element(card('Pack a').getByText('Downloading', { exact: true })).toBeVisible();
  await expect.element(card('Pack b')).toHaveTextContent('Waiting for its turn');
  await expect.element(card('Pack c')).toHaveTextContent('Waiting for its turn');
  await action('Pack b', /^Cancel/).click();
  await expect.element(action('Pack b', /^Get/)).toBeVisible();
  await expect.element(said()).toHaveTextContent('Pack b waits no longer.');
  shown.packs.finish('a');
  await expect.element(card('Pack c').getByText('Downloading', { exact: true })).toBeVisible();
  await expect.element(card('Pack c')).not.toHaveTextContent('Waiting');
});

test('other work does not wait for a download, but for other work', async () => {
  const statuses = [...absent('a'), makeReady(makePack('b')), makeReady(makePack('c'))];
  shown = await showShelf({ statuses, held: ['download', 'verify'] });
  await action('Pack a', /^Get/).click();
  await action('Pack b', /^Check/).click();
  await expect.element(card('Pack b').getByText('Checking', { exact: true })).toBeVisible();
  await action('Pack c', /^Check/).click();
  await expect.element(card('Pack c')).toHaveTextContent('Waiting for its turn');
  await expect.element(card('Pack a').getByText('Downloading', { exact: true })).toBeVisible();
  shown.packs.finish('b');
  await expect.element(card('Pack c').getByText('Checking', { exact: true })).toBeVisible();
});

test('other work that is slow to begin does not claim to wait for a download', async () => {
  const gate = Promise.withResolvers<void>();
  shown = await showShelf({ statuses: [...absent('a'), makeReady(makePack('b'))] });
  await action('Pack a', /^Get/).click();
  shown.packs.verify = () => gate.promise.then(() => []);
  await action('Pack b', /^Check/).click();
  await expect.element(card('Pack b').getByText('Starting…')).toBeVisible();
  await expect.element(card('Pack b')).not.toHaveTextContent('Waiting');
  gate.resolve();
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

test('a double click gets a pack and does not pause it', async () => {
  shown = await showShelf({ statuses: absent('a') });
  await action('Pack a', /^Get/).click();
  await expect.element(action('Pack a', /^Pause/)).toBeVisible();
  action('Pack a', /^Pause/)
    .element()
    .dispatchEvent(new MouseEvent('click', { bubbles: true, detail: 2 }));
  shown.packs.come('a', 30_000_000);
  await expect.element(card('Pack a')).toHaveTextContent('30 MB of 377 MB');
  expect(actionNames('Pack a')).toEqual(['Pause']);
  expect(shown.packs.calls).toEqual(['ensure a']);
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

test('a pause that takes a moment says so and keeps the focus', async () => {
  const stopped = Promise.withResolvers<void>();
  shown = await showShelf({ statuses: absent('a'), stopsAfter: stopped.promise });
  await action('Pack a', /^Get/).click();
  await action('Pack a', /^Pause/).click();
  await expect.element(card('Pack a').getByText('Pausing…')).toBeVisible();
  await expect.element(action('Pack a', /^Pause/)).toHaveFocus();
  stopped.resolve();
  await expect.element(action('Pack a', /^Get/)).toHaveFocus();
  await expect.element(card('Pack a').getByText('Pausing…')).not.toBeInTheDocument();
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

test('downloads go on behind the closed dialog: the header shows them and a message tells the end', async () => {
  shown = await showShelf({ statuses: absent('a', 'b') });
  await action('Pack a', /^Get/).click();
  await userEvent.keyboard('{Escape}');
  await expect.element(dialog()).not.toBeInTheDocument();
  shown.packs.come('a', 180_000_000);
  await expect.element(modelsButton()).toHaveTextContent('Models 47 % fetched');
  shown.packs.finish('a');
  await expect.element(page.getByRole('log')).toHaveTextContent('Pack a is here and ready.');
  await expect.element(modelsButton()).toHaveTextContent(/^Models$/);

  await openShelf();
  await action('Pack b', /^Get/).click();
  await userEvent.keyboard('{Escape}');
  shown.packs.fail('b', new AppError('download-failed', 'fake', { host: 'weights.example' }));
  await expect
    .element(page.getByRole('log'))
    .toHaveTextContent(/Pack b: The files could not be fetched from/);
  await openShelf();
  await expect
    .element(card('Pack b'))
    .toHaveTextContent(/The files could not be fetched from weights.example/);
});

test('the first download asks the browser to keep what comes, once, and says what it answered', async () => {
  vi.spyOn(navigator.storage, 'persisted').mockResolvedValue(false);
  const answer = Promise.withResolvers<boolean>();
  const persist = vi.spyOn(navigator.storage, 'persist').mockReturnValue(answer.promise);
  shown = await showShelf({ statuses: absent('a', 'b') });
  await expect.element(dialog().getByText(/When you start a download, the browser is asked/)).toBeVisible();
  expect(persist).not.toHaveBeenCalled();
  await action('Pack a', /^Get/).click();
  await expect.element(dialog().getByText(/The browser is asked to keep these files/)).toBeVisible();
  expect(shown.packs.calls).toEqual(['ensure a']);
  answer.resolve(true);
  await expect.element(dialog().getByText(/has promised to keep them/)).toBeVisible();
  await action('Pack b', /^Get/).click();
  expect(persist).toHaveBeenCalledTimes(1);
});

test('a browser that promises nothing is told of; one that promised earlier is not asked', async () => {
  vi.spyOn(navigator.storage, 'persisted').mockResolvedValue(false);
  vi.spyOn(navigator.storage, 'persist').mockResolvedValue(false);
  shown = await showShelf({ statuses: absent('a') });
  await action('Pack a', /^Get/).click();
  await expect.element(dialog().getByText(/did not promise to keep them/)).toBeVisible();
  shown.remove();

  vi.spyOn(navigator.storage, 'persisted').mockResolvedValue(true);
  const persist = vi.spyOn(navigator.storage, 'persist');
  persist.mockClear();
  shown = await showShelf({ statuses: absent('a') });
  await expect.element(dialog().getByText(/has promised to keep them/)).toBeVisible();
  await action('Pack a', /^Get/).click();
  await expect.poll(() => shown.packs.calls).toEqual(['ensure a']);
  expect(persist).not.toHaveBeenCalled();
});

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
