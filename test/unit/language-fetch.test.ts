/** A whole file of a language model, over a server that is made of answers. */
import { afterEach, expect, test, vi } from 'vitest';
import { fetchWhole } from '../../workers/language/fetchWhole';

afterEach(() => vi.unstubAllGlobals());

const { signal } = new AbortController();
const patience = { tries: 3, firstDelayMs: 1, longestDelayMs: 2, stallMs: 500 };
const url = 'https://models.example/little/params_shard_0.bin';

/** Answers of so many bytes; the size that is told may be another. */
function serve(bytes: number, told = bytes): { asked: number } {
  const server = { asked: 0 };
  vi.stubGlobal('fetch', async () => {
    server.asked += 1;
    const headers = { 'content-length': String(told), 'content-type': 'application/octet-stream' };
    const body = new ReadableStream({
      start(controller) {
        for (let at = 0; at < bytes; at += 100) controller.enqueue(new Uint8Array(Math.min(100, bytes - at)));
        controller.close();
      },
    });
    return new Response(body, { headers });
  });
  return server;
}

test.each([
  ['smaller', 150],
  ['a little larger', 250],
  // It is not read to its end, which is no broken line.
  ['much larger', 900],
])('a file that is %s than it should be is another file: asked for once', async (_what, bytes) => {
  const server = serve(bytes);
  await expect(fetchWhole({ url, bytes: 200 }, signal, () => {}, patience)).rejects.toMatchObject({
    code: 'model-corrupt',
    details: { path: 'params_shard_0.bin', host: 'models.example' },
  });
  expect(server.asked).toBe(1);
});

test('a line that breaks is tried again, and told in the end', async () => {
  const server = serve(150, 200);
  await expect(fetchWhole({ url, bytes: 200 }, signal, () => {}, patience)).rejects.toMatchObject({
    code: 'download-failed',
  });
  expect(server.asked).toBe(3);
});
