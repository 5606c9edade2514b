import { expect, test } from 'vitest';
import {
  begunRequest,
  MOST_REQUESTS,
  mergedRequests,
  type NetworkRequest,
  receiptOf,
} from '../../src/core/networkRequest';
import { totalSentence } from '../../src/ui/offline/requestWords';
import type { Kept } from '../../workers/service/kept';
import { Network, RefusedError } from '../../workers/service/network';
import { RequestLog } from '../../workers/service/requestLog';

const OWN = 'https://a.example/eyes/';

function keptInMemory<T>(value: T): Kept<T> & { value: T } {
  return {
    value,
    async read() {
      return this.value;
    },
    async write(next) {
      this.value = next;
    },
  };
}

function lineWith(answer: (request: Request, init?: RequestInit) => Promise<Response>, isOffline = false) {
  const kept = keptInMemory<readonly NetworkRequest[]>([]);
  const log = new RequestLog(kept);
  const offline = keptInMemory(isOffline);
  let asked = 0;
  let nowMs = 1000;
  const network = new Network({
    log,
    offline,
    own: OWN,
    now: () => {
      nowMs += 7;
      return nowMs;
    },
    fetch: (request, init) => {
      asked += 1;
      return answer(request, init);
    },
  });
  return { network, log, kept, offline, asked: () => asked };
}

const request = (id: string, atMs: number, more: Partial<NetworkRequest> = {}): NetworkRequest => ({
  ...begunRequest(id, atMs, `${OWN}assets/${id}.js`, false, OWN),
  outcome: 'answered',
  ...more,
});

test.each([
  [`${OWN}index.html`, true, 'page'],
  [`${OWN}assets/x.js`, false, 'app'],
  [`${OWN}models/sdxl/unet.weights`, false, 'models'],
  ['https://hub.example/file.onnx', false, 'models'],
] as const)('%s is asked for as %s', (address, isPage, purpose) => {
  expect(begunRequest('a', 1, address, isPage, OWN).purpose).toBe(purpose);
});

test('what stands behind a question mark is not written down, and long paths are cut', () => {
  const begun = begunRequest('a', 1, `https://h.example/${'p'.repeat(999)}?token=secret`, false, OWN);
  expect(begun.path).toHaveLength(161);
  expect(JSON.stringify(begun)).not.toContain('secret');
});

test('a request is written down with host, time and the size that the answer tells', async () => {
  const { network, log } = lineWith(async () => new Response('x', { headers: { 'Content-Length': '4321' } }));
  await network.fetch(new Request('https://hub.example/a/b.onnx'));
  expect(await log.all()).toMatchObject([
    {
      atMs: 1007,
      host: 'hub.example',
      path: '/a/b.onnx',
      purpose: 'models',
      outcome: 'answered',
      bytes: 4321,
    },
  ]);
});

test('a request that fails is written down too, and one whose size nobody tells', async () => {
  const answers = [() => Promise.reject(new TypeError('no network')), async () => new Response('x')];
  const { network, log } = lineWith(() => answers.shift()!());
  await expect(network.fetch(new Request(`${OWN}a.js`))).rejects.toThrow('no network');
  await network.fetch(new Request(`${OWN}b.js`));
  expect((await log.all()).map(({ outcome, bytes }) => [outcome, bytes])).toEqual([
    ['failed', null],
    ['answered', null],
  ]);
});

test('working offline nothing is asked, also after a restart; online again it is', async () => {
  const { network, log, offline, asked } = lineWith(async () => new Response('x'), true);
  await expect(network.fetch(new Request(`${OWN}a.js`))).rejects.toBeInstanceOf(RefusedError);
  expect(asked()).toBe(0);
  expect(await log.all()).toMatchObject([{ outcome: 'refused' }]);
  await network.workOffline(false);
  expect(offline.value).toBe(false);
  await network.fetch(new Request(`${OWN}a.js`));
  expect(asked()).toBe(1);
});

test('going offline ends what is under way', async () => {
  const { network } = lineWith(
    (_request, init) =>
      new Promise((_resolve, reject) =>
        init!.signal!.addEventListener('abort', () => reject(new DOMException('cut', 'AbortError'))),
      ),
  );
  const download = network.fetch(new Request('https://hub.example/huge'));
  // It has to be under way.
  await new Promise((resolve) => setTimeout(resolve, 5));
  await network.workOffline(true);
  await expect(download).rejects.toThrow('cut');
});

test('other hosts are not told where a request comes from', async () => {
  let policy: string | undefined;
  const { network } = lineWith(async (_request, init) => {
    policy = init?.referrerPolicy;
    return new Response('x');
  });
  await network.fetch(new Request('https://hub.example/a'));
  expect(policy).toBe('no-referrer');
});

test('the log outlives its service worker, and two versions write beside each other', async () => {
  const kept = keptInMemory<readonly NetworkRequest[]>([request('old', 5)]);
  const [one, two] = [new RequestLog(kept), new RequestLog(kept)];
  await Promise.all([one.note(request('b', 20)), one.note(request('a', 10))]);
  await two.note(request('c', 30));
  await one.note(request('b', 20, { bytes: 99 }));
  expect((await new RequestLog(kept).all()).map(({ id, bytes }) => [id, bytes])).toEqual([
    ['old', null],
    ['a', null],
    ['b', 99],
    ['c', null],
  ]);
});

test('the list is bounded: the oldest go', () => {
  const many = Array.from({ length: MOST_REQUESTS + 3 }, (_, i) => request(`r${i}`, i));
  const merged = mergedRequests(many.slice(2), many.slice(0, 2));
  expect(merged).toHaveLength(MOST_REQUESTS);
  expect(merged[0]!.id).toBe('r3');
});

test('a receipt counts what went out between start and end, and no refusals', () => {
  const all = [
    request('before', 99),
    request('first', 100),
    request('lost', 150, { outcome: 'failed' }),
    request('refused', 160, { outcome: 'refused' }),
    request('last', 200, { outcome: 'open' }),
    request('after', 201),
  ];
  expect(receiptOf(all, 100, 200).requests.map(({ id }) => id)).toEqual(['first', 'lost', 'last']);
});

test('the list in a sentence', () => {
  const other = request('b', 2, { host: 'hub.example' });
  expect(totalSentence([])).toMatch(/^None yet/);
  expect(totalSentence([request('a', 1)])).toBe('1 request to 1 host.');
  expect(totalSentence([request('a', 1), other, request('c', 3, { outcome: 'refused' })])).toBe(
    '2 requests to 2 hosts, and 1 refused while working offline.',
  );
});
