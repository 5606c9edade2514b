import { getEventListeners } from 'node:events';
import { afterEach, expect, test, vi } from 'vitest';
import { AppError } from '../../src/core/errors';
import { type HostOptions, WorkerHost } from '../../src/rpc/host';
import { buffersOf, move } from '../../src/rpc/move';
import { type ChannelWorker, channelWorker } from '../fakes/channelWorker';

interface Bench {
  double(value: number, signal: AbortSignal): Promise<number>;
  fail(how: 'app' | 'plain' | 'lost', signal: AbortSignal): Promise<never>;
  /** Ends when `release` is called in the test, or by itself when its signal aborts. */
  wait(label: string, signal: AbortSignal, report?: (done: number) => void): Promise<string>;
  /** Reports three times, and waits for its `release` after each. */
  talk(signal: AbortSignal, report: (said: number) => void): Promise<void>;
  /** Never looks at its signal. */
  hang(signal: AbortSignal): Promise<never>;
  give(size: number, signal: AbortSignal): Promise<{ width: number; data: Uint8ClampedArray<ArrayBuffer> }>;
  sum(bytes: Uint8Array, signal: AbortSignal): Promise<number>;
}

const never = new AbortController().signal;
const hosts: WorkerHost<Bench>[] = [];

afterEach(() => {
  for (const host of hosts.splice(0)) host.stop();
  vi.useRealTimers();
});

function setUp(options: Partial<HostOptions> = {}) {
  const log: string[] = [];
  const workers: ChannelWorker[] = [];
  const releases = new Map<string, () => void>();
  const given: Uint8ClampedArray<ArrayBuffer>[] = [];
  let atWork = 0;
  let mostAtWork = 0;
  const methods: Bench = {
    double: async (value) => {
      log.push(`double ${value}`);
      return value * 2;
    },
    fail: async (how) => {
      if (how === 'app') throw new AppError('CROP_001', 'no face there', { face: 7, reason: 'flat' });
      if (how === 'lost') throw new AppError('engine-lost', 'no device', { reason: 'unplugged' });
      throw new TypeError('broken');
    },
    wait: async (label, signal, report) => {
      log.push(`start ${label}`);
      atWork += 1;
      mostAtWork = Math.max(mostAtWork, atWork);
      report?.(0.25);
      report?.(0.75);
      try {
        await new Promise<void>((resolve, reject) => {
          releases.set(label, resolve);
          signal.addEventListener('abort', () => reject(signal.reason));
        });
      } finally {
        atWork -= 1;
        log.push(`end ${label}`);
      }
      return label;
    },
    talk: async (_signal, report) => {
      for (let said = 1; said <= 3; said += 1) {
        report(said);
        await new Promise<void>((resolve) => releases.set(`word ${said}`, resolve));
      }
    },
    hang: () => {
      log.push('start hang');
      return new Promise(() => {});
    },
    give: async (size) => {
      const raster = { width: size, data: new Uint8ClampedArray(size).fill(9) };
      given.push(raster.data);
      return move(raster, buffersOf([raster]));
    },
    sum: async (bytes) => bytes.reduce((sum, byte) => sum + byte, 0),
  };
  const start = () => {
    const worker = channelWorker(methods);
    workers.push(worker);
    return worker;
  };
  const host = new WorkerHost<Bench>({ name: 'bench', graceMs: 40, start, ...options });
  hosts.push(host);
  const { engine } = host;
  const started = (label: string) => expect.poll(() => log).toContain(`start ${label}`);
  return { host, engine, log, workers, releases, given, started, mostAtWork: () => mostAtWork };
}

test('a worker starts on the first call and stays for the next', async () => {
  const { engine, workers } = setUp();
  expect(workers).toHaveLength(0);
  expect(await engine.double(21, never)).toBe(42);
  expect(await engine.double(4, never)).toBe(8);
  expect(workers).toHaveLength(1);
});

test('calls run one at a time, in order', async () => {
  const { engine, log, releases, started, mostAtWork } = setUp();
  const calls = ['a', 'b', 'c'].map((label) => engine.wait(label, never));
  for (const label of ['a', 'b', 'c']) {
    await started(label);
    releases.get(label)!();
  }
  expect(await Promise.all(calls)).toEqual(['a', 'b', 'c']);
  expect(log).toEqual(['start a', 'end a', 'start b', 'end b', 'start c', 'end c']);
  expect(mostAtWork()).toBe(1);
});

test('a failed call never fails the next, also when both are queued', async () => {
  const { engine, workers } = setUp();
  const [failed, next, last] = await Promise.allSettled([
    engine.fail('plain', never),
    engine.double(5, never),
    engine.double(6, never),
  ]);
  expect(failed.status).toBe('rejected');
  expect(next).toEqual({ status: 'fulfilled', value: 10 });
  expect(last).toEqual({ status: 'fulfilled', value: 12 });
  expect(workers).toHaveLength(1);
});

test('an AppError keeps code, message and details over the wire', async () => {
  const { engine } = setUp();
  const error = await engine.fail('app', never).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(AppError);
  expect(error).toMatchObject({
    code: 'CROP_001',
    message: 'no face there',
    details: { face: 7, reason: 'flat' },
  });
});

test('any other error arrives as an internal AppError that says what it was', async () => {
  const { engine } = setUp();
  await expect(engine.fail('plain', never)).rejects.toMatchObject({
    name: 'AppError',
    code: 'internal',
    message: 'TypeError: broken',
  });
});

test('arguments that cannot be sent are an internal AppError and block nothing', async () => {
  const { engine } = setUp();
  const unsendable = Symbol('x') as unknown as number;
  await expect(engine.double(unsendable, never)).rejects.toMatchObject({ code: 'internal' });
  expect(await engine.double(3, never)).toBe(6);
});

test('a call whose signal has aborted is an AbortError and starts no worker', async () => {
  const { engine, workers } = setUp();
  await expect(engine.double(1, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
  expect(workers).toHaveLength(0);
});

test('cancel is soft first: the method stops by itself and the worker lives', async () => {
  const { engine, log, workers, started } = setUp();
  const cancel = new AbortController();
  const call = engine.wait('soft', cancel.signal);
  await started('soft');
  cancel.abort();
  await expect(call).rejects.toMatchObject({ name: 'AbortError' });
  expect(log).toContain('end soft');
  expect(await engine.double(8, never)).toBe(16);
  expect(workers.map((w) => w.isEnded())).toEqual([false]);
});

test('an AbortError with a reason of its own is still an AbortError', async () => {
  const { engine, started } = setUp();
  const cancel = new AbortController();
  const call = engine.wait('reason', cancel.signal);
  await started('reason');
  cancel.abort(new Error('the person changed their mind'));
  await expect(call).rejects.toMatchObject({ name: 'AbortError' });
});

test('a queued call leaves at once on its own abort while the running one goes on', async () => {
  const { engine, log, releases, started } = setUp();
  const running = engine.wait('first', never);
  await started('first');
  const cancel = new AbortController();
  const queued = engine.wait('second', cancel.signal);
  const third = engine.double(11, never);
  cancel.abort();
  await expect(queued).rejects.toMatchObject({ name: 'AbortError' });
  expect(log).toEqual(['start first']);
  releases.get('first')!();
  expect(await running).toBe('first');
  expect(await third).toBe(22);
  expect(log).not.toContain('start second');
});

test('a call that outlives its grace ends the worker; the next starts a fresh one', async () => {
  const { engine, workers, started } = setUp({ graceMs: 15 });
  const cancel = new AbortController();
  const stuck = engine.hang(cancel.signal);
  await started('hang');
  const next = engine.double(13, never);
  cancel.abort();
  await expect(stuck).rejects.toMatchObject({ name: 'AbortError' });
  expect(await next).toBe(26);
  expect(workers.map((w) => w.isEnded())).toEqual([true, false]);
});

test('with infinite grace a cancel never ends the worker', async () => {
  const { engine, workers, started } = setUp({ graceMs: Number.POSITIVE_INFINITY });
  const cancel = new AbortController();
  void engine.hang(cancel.signal).catch(() => undefined);
  await started('hang');
  cancel.abort();
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(workers.map((w) => w.isEnded())).toEqual([false]);
});

test('a dead worker rejects its pending call with engine-lost; the next call starts anew', async () => {
  const { engine, workers, started } = setUp();
  const lost = engine.wait('doomed', never);
  await started('doomed');
  workers[0]!.die('out of memory');
  await expect(lost).rejects.toMatchObject({
    code: 'engine-lost',
    details: { engine: 'bench', reason: 'out of memory' },
  });
  expect(await engine.double(17, never)).toBe(34);
  expect(workers.map((w) => w.isEnded())).toEqual([true, false]);
});

test('a worker that says that it lost its engine is ended; the next call starts anew', async () => {
  const { engine, workers } = setUp();
  const [lost, next] = await Promise.allSettled([engine.fail('lost', never), engine.double(19, never)]);
  expect(lost).toMatchObject({
    reason: { code: 'engine-lost', details: { reason: 'unplugged', engine: 'bench' } },
  });
  expect(next).toEqual({ status: 'fulfilled', value: 38 });
  expect(workers.map((w) => w.isEnded())).toEqual([true, false]);
});

test('the death of an old worker does not touch the new one', async () => {
  const { engine, host, workers } = setUp();
  await engine.double(1, never);
  host.stop();
  expect(await engine.double(2, never)).toBe(4);
  workers[0]!.die('late news');
  expect(await engine.double(3, never)).toBe(6);
  expect(workers.map((w) => w.isEnded())).toEqual([true, false]);
});

test('a worker that cannot be started is engine-lost, and is tried again', async () => {
  let tries = 0;
  const { engine } = setUp({
    start: () => {
      tries += 1;
      if (tries === 1) throw new Error('refused');
      return channelWorker({ double: async (value: number) => value * 3 });
    },
  });
  await expect(engine.double(5, never)).rejects.toMatchObject({ code: 'engine-lost' });
  expect(await engine.double(5, never)).toBe(15);
});

test('progress arrives in order', async () => {
  const { engine, releases, started } = setUp();
  const seen: number[] = [];
  const call = engine.wait('progress', never, (done) => seen.push(done));
  await started('progress');
  await expect.poll(() => seen).toEqual([0.25, 0.75]);
  releases.get('progress')!();
  await call;
});

test('moved buffers are detached on the sender, copied ones are not', async () => {
  const { engine, given } = setUp();
  const got = await engine.give(5, never);
  expect(got).toEqual({ width: 5, data: new Uint8ClampedArray([9, 9, 9, 9, 9]) });
  expect(given[0]!.buffer.byteLength).toBe(0);
  const mine = new Uint8Array([1, 2, 4]);
  expect(await engine.sum(mine, never)).toBe(7);
  expect(mine).toEqual(new Uint8Array([1, 2, 4]));
});

test('an input that the host moves is detached, and arrives whole', async () => {
  const { engine } = setUp({ moves: (input) => [(input as Uint8Array<ArrayBuffer>).buffer] });
  const mine = new Uint8Array([3, 5, 9]);
  expect(await engine.sum(mine, never)).toBe(17);
  expect(mine.byteLength).toBe(0);
});

test('an idle worker is ended, a busy one is not', async () => {
  const { engine, workers, releases, started } = setUp({ idleMs: 20 });
  const busy = engine.wait('long', never);
  await started('long');
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(workers.map((w) => w.isEnded())).toEqual([false]);
  releases.get('long')!();
  await busy;
  await expect.poll(() => workers.map((w) => w.isEnded())).toEqual([true]);
  expect(await engine.double(23, never)).toBe(46);
});

test('a call that says nothing for too long is lost with its worker; each report is a word', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const { engine, workers, releases, started } = setUp({ silentMs: 6000 });
  const seen: number[] = [];
  const talking = engine.talk(never, (done) => seen.push(done));
  for (let said = 1; said <= 3; said += 1) {
    await expect.poll(() => seen).toHaveLength(said);
    vi.advanceTimersByTime(5000);
    releases.get(`word ${said}`)!();
  }
  await talking;
  vi.advanceTimersByTime(60_000);
  expect(workers.map((w) => w.isEnded())).toEqual([false]);

  const silent = engine.hang(never);
  const next = engine.double(29, never);
  await started('hang');
  vi.advanceTimersByTime(6000);
  await expect(silent).rejects.toMatchObject({
    code: 'engine-lost',
    details: { engine: 'bench', reason: 'silent' },
  });
  expect(await next).toBe(58);
  expect(workers.map((w) => w.isEnded())).toEqual([true, false]);
});

test('a long-lived signal does not gather listeners', async () => {
  const { engine } = setUp();
  const { signal } = new AbortController();
  for (let i = 0; i < 5; i += 1) await engine.double(i, signal);
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
});

test('an engine can be awaited without being taken for a promise', async () => {
  const { engine } = setUp();
  expect(await Promise.resolve(engine)).toBe(engine);
});
