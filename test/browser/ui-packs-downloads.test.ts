/** Downloads on the shelf: progress, pause, waiting in line, and what is said of them. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { AppError } from '../../src/core/errors';
import { makePack, makePartial, makeReady } from '../fakes/packList';
import {
  absent,
  action,
  actionNames,
  card,
  dialog,
  modelsButton,
  openShelf,
  type ShownShelf,
  said,
  showShelf,
} from './shelfApp';

let shown: ShownShelf;
beforeEach(() => page.viewport(1200, 800));
afterEach(() => {
  shown.remove();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

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
