/** The built-in network's worker, on the small twin of its network. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AppError } from '../../src/core/errors';
import { errorSentence } from '../../src/ui/words';
import { createOpener } from '../../workers/opener/engine';
import { faceFeeds } from '../../workers/opener/feeds';
import type { Network } from '../../workers/ort/network';
import { drawnRequest } from '../fakes/openRequest';
import { openTwin } from './openerGolden';

const never = new AbortController().signal;

let twin: Network;
beforeAll(async () => {
  twin = await openTwin();
});
afterAll(() => twin.release());

const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => null,
    (error: unknown) => error,
  );

test('every seed has eyes of its own, the same wherever it stands among others', async () => {
  const opener = createOpener(async () => twin);
  const found = await opener.open(drawnRequest(), never);
  expect(found.map(({ origin }) => origin.builtIn?.seed)).toEqual([42, 43, 44]);
  const pictures = found.map(({ pixels }) => Buffer.from(pixels.data).toString('base64'));
  expect(new Set(pictures).size).toBe(3);
  const again = await opener.open(drawnRequest({ seeds: [43] }), never);
  expect(Buffer.from(again[0]!.pixels.data).toString('base64')).toBe(pictures[1]);
});

test('a network that did not open is asked again; one that did is opened once', async () => {
  let opened = 0;
  const opener = createOpener(async () => {
    opened += 1;
    if (opened === 1) throw new AppError('model-missing', 'the server does not have it', { pack: 'eyes' });
    return twin;
  });
  const request = drawnRequest({ seeds: [7] });
  expect(await failureOf(opener.open(request, never))).toMatchObject({ code: 'model-missing' });
  expect(await opener.open(request, never)).toHaveLength(1);
  expect(await opener.open(request, never)).toHaveLength(1);
  expect(opened).toBe(2);
});

test('an answer with one NaN is no eye', async () => {
  const opener = createOpener(async () => ({
    ...twin,
    run: async (feeds) => {
      const { eyes } = await twin.run(feeds);
      const data = eyes!.data.slice() as Float32Array<ArrayBuffer>;
      data[30_001] = Number.NaN;
      return { eyes: { ...eyes!, data } };
    },
  }));
  const error = await failureOf(opener.open(drawnRequest(), never));
  expect(error).toMatchObject({ code: 'GEN_001', details: { reason: 'no-numbers' } });
  expect(errorSentence(error as AppError)).not.toContain('graphics card');
});

test('a runtime that fails is a generator that fails', async () => {
  const opener = createOpener(async () => ({
    ...twin,
    run: () => Promise.reject(new Error('out of memory')),
  }));
  expect(await failureOf(opener.open(drawnRequest(), never))).toMatchObject({ code: 'GEN_001' });
});

test('a cancel is heard before the first seed and between two', async () => {
  let runs = 0;
  const controller = new AbortController();
  const opener = createOpener(async () => ({
    ...twin,
    run: (feeds) => {
      runs += 1;
      controller.abort();
      return twin.run(feeds);
    },
  }));
  const aborted = await failureOf(opener.open(drawnRequest(), AbortSignal.abort()));
  expect(aborted).toMatchObject({ name: 'AbortError' });
  expect(runs).toBe(0);
  expect(await failureOf(opener.open(drawnRequest(), controller.signal))).toMatchObject({
    name: 'AbortError',
  });
  expect(runs).toBe(1);
});

test('irises of whom nobody knows are told to be dark brown, in the light of the face', async () => {
  const { iris } = faceFeeds(drawnRequest());
  expect(iris!.red).toBeGreaterThan(iris!.blue + 3);
  expect(iris!.red).toBeLessThan(110);
  expect(iris!.green).toBeGreaterThan(iris!.blue);
});
