/** A static server for one folder: Range, CORS, and a line that can be cut. */
import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

const HEADERS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': 'Content-Range',
  'Cross-Origin-Resource-Policy': 'cross-origin',
  'Content-Type': 'application/octet-stream',
};
const PIECE_BYTES = 1024 * 1024;

/**
 * `line.sentBytes` counts what went out; when it comes to `line.cutAtBytes`, that answer ends there, once.
 * @returns {Promise<{ url: string, line: object, close: () => Promise<void> }>}
 */
export async function serveFolder(folder) {
  const line = { sentBytes: 0, cutAtBytes: Number.POSITIVE_INFINITY };
  const server = createServer((request, response) => {
    answer(folder, line, request, response).catch(() => response.destroy());
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    line,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(folder, line, request, response) {
  const path = join(folder, decodeURIComponent(new URL(request.url, 'http://localhost').pathname));
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined) {
    response.writeHead(404, HEADERS);
    return void response.end();
  }
  const [, from = 0, to = size - 1] =
    /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '')?.map(Number) ?? [];
  const isPart = request.headers.range !== undefined;
  response.writeHead(isPart ? 206 : 200, {
    ...HEADERS,
    'Content-Length': to - from + 1,
    ...(isPart ? { 'Content-Range': `bytes ${from}-${to}/${size}` } : {}),
  });
  for await (const piece of createReadStream(path, { start: from, end: to, highWaterMark: PIECE_BYTES })) {
    if (response.destroyed) return;
    await new Promise((resolve) => response.write(piece, resolve));
    if (!path.endsWith('.json')) line.sentBytes += piece.length;
    if (line.sentBytes >= line.cutAtBytes) {
      line.cutAtBytes = Number.POSITIVE_INFINITY;
      // What was sent is to arrive before the line goes dead.
      await new Promise((resolve) => setTimeout(resolve, 500));
      return void response.destroy();
    }
  }
  response.end();
}
