/**
 * A static server that misbehaves on request. `POST /scenario` with a `Scenario` answers a base address for its files;
 * `POST <base>` with another changes how it behaves from then on. `GET <base>log` tells every request and how many bytes of the file it got. Two ports: two origins.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Scenario, ServedRequest } from './scenario';
import { served } from './servedBytes';

interface Running {
  scenario: Scenario;
  readonly log: ServedRequest[];
}

const CORS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': 'Content-Range, ETag',
  'Cross-Origin-Resource-Policy': 'cross-origin',
};
const PIECE_BYTES = 8 * 1024;

export interface PackServer {
  readonly url: string;
  close(): Promise<void>;
}

export async function startPackServer(): Promise<PackServer> {
  const scenarios: Running[] = [];
  const answer = (request: IncomingMessage, response: ServerResponse) =>
    void handle(request, response).catch((error: unknown) => response.destroy(error as Error));
  const servers = [createServer(answer), createServer(answer)];
  const [url, elsewhere] = await Promise.all(servers.map(listen));

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, kind, id, ...rest] = new URL(request.url!, url).pathname.split('/');
    if (request.method === 'POST' && kind === 'files') {
      scenarios[Number(id)]!.scenario = JSON.parse(await textOf(request)) as Scenario;
      return end(response, 200, '');
    }
    if (request.method === 'POST') {
      scenarios.push({ scenario: JSON.parse(await textOf(request)) as Scenario, log: [] });
      return end(response, 200, `${url}/files/${scenarios.length - 1}/`);
    }
    const running = scenarios[Number(id)];
    if (!running) return end(response, 404, 'no such scenario');
    const path = rest.map(decodeURIComponent).join('/');
    if (path === 'log') return end(response, 200, JSON.stringify(running.log));
    if (request.method === 'OPTIONS') {
      const allowed = running.scenario.ranges !== 'preflight-refused';
      response.writeHead(allowed ? 204 : 403, {
        ...(allowed ? { ...CORS, 'Access-Control-Allow-Headers': 'Range' } : {}),
      });
      return void response.end();
    }
    if (running.scenario.redirect && kind === 'files') {
      response.writeHead(302, { ...CORS, Location: `${elsewhere}/moved/${id}/${rest.join('/')}` });
      return void response.end();
    }
    await serve(running, path, request, response);
  }

  return {
    url: url!,
    async close() {
      for (const server of servers) server.closeAllConnections();
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}

async function serve(
  { scenario, log }: Running,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const nth = log.filter((entry) => entry.path === path).length;
  const { range = null, referer = null } = request.headers;
  const entry: ServedRequest = { path, range, status: 200, bytes: 0, referer };
  log.push(entry);
  const text = scenario.texts?.[path];
  if (text !== undefined && scenario.stalledTexts?.includes(path)) {
    response.writeHead(200, { ...CORS, 'Content-Type': 'application/json' });
    return void response.write(text.slice(0, text.length / 2));
  }
  if (text !== undefined) return end(response, 200, text, 'application/json');
  const binary = scenario.binaries?.[path];
  if (binary !== undefined) {
    response.writeHead(200, { ...CORS, 'Content-Type': 'application/octet-stream' });
    return void response.end(Buffer.from(binary, 'base64'));
  }
  const file = scenario.files[path];
  const status = scenario.statuses?.[nth] ?? (file ? 200 : 404);
  if (!file || status !== 200) {
    entry.status = status;
    return end(response, status, 'no', 'text/plain');
  }
  if (scenario.page) {
    const type = scenario.page === 'told' ? 'text/html; charset=utf-8' : 'application/octet-stream';
    return end(response, 200, '<!DOCTYPE html><title>Sign in</title>'.padEnd(file.bytes, ' '), type);
  }
  const { body, etag } = served(file, nth);
  const asked = /^bytes=(\d+)-(\d*)$/.exec(range ?? '');
  if (asked && scenario.ranges === 'refused') {
    entry.status = 416;
    return end(response, 416, '');
  }
  if (asked && scenario.ranges === 'preflight-refused') return void response.destroy();
  const isPart = asked !== null && scenario.ranges !== 'ignored';
  const from = isPart ? Number(asked[1]) : 0;
  const to = isPart && asked[2] ? Math.min(Number(asked[2]) + 1, body.length) : body.length;
  entry.status = isPart ? 206 : 200;
  response.writeHead(entry.status, {
    ...CORS,
    'Content-Type': 'application/octet-stream',
    ...(scenario.hideLength ? {} : { 'Content-Length': to - from }),
    ...(isPart ? { 'Content-Range': `bytes ${from}-${to - 1}/${body.length}` } : {}),
    ...(etag ? { ETag: etag } : {}),
  });
  const isCut = nth < (scenario.cuts ?? Number.POSITIVE_INFINITY);
  await send(
    body.subarray(from, to),
    isCut ? scenario : { ...scenario, cutAfterBytes: Number.POSITIVE_INFINITY },
    entry,
    response,
  );
}

async function send(
  body: Uint8Array,
  { cutAfterBytes = Number.POSITIVE_INFINITY, stallAfterBytes, bytesPerSecond }: Scenario,
  entry: ServedRequest,
  response: ServerResponse,
): Promise<void> {
  const limit = Math.min(body.length, cutAfterBytes, stallAfterBytes ?? Number.POSITIVE_INFINITY);
  while (entry.bytes < limit && !response.destroyed) {
    const piece = body.subarray(entry.bytes, Math.min(entry.bytes + PIECE_BYTES, limit));
    entry.bytes += piece.length;
    await new Promise<void>((resolve) => response.write(piece, () => resolve()));
    if (bytesPerSecond) await pause((1000 * piece.length) / bytesPerSecond);
  }
  if (entry.bytes < body.length && stallAfterBytes !== undefined) return;
  if (entry.bytes === body.length) response.end();
  else {
    // What was sent is to arrive before the line goes dead.
    await pause(100);
    response.destroy();
  }
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

function end(response: ServerResponse, status: number, body: string, type = 'text/plain'): void {
  response.writeHead(status, { ...CORS, 'Content-Type': type });
  response.end(body);
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const piece of request) text += String(piece);
  return text;
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () =>
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    ),
  );
}
