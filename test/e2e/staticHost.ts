/** The built app on a host of its own, in a folder, with a log of what was asked: what was not, never left the browser. */
import { createReadStream, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, resolve } from 'node:path';
import { headersOf, SERVICE_WORKER_CACHING } from '../../workers/service/headers';

const dist = resolve(import.meta.dirname, '../../dist');
/** The app lies in a folder of its host. */
const FOLDER = '/eyes/';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.mjs': 'text/javascript',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
};

export class StaticHost {
  /** Paths below the app's folder that were asked for, oldest first. */
  readonly asked: string[] = [];
  /** Served in place of the file of that path. */
  readonly changed = new Map<string, string>();
  /** Begins with a few bytes, and never ends. */
  static readonly ENDLESS = 'models/endless';
  readonly url: string;
  readonly #server: Server;

  private constructor(server: Server, hasHeaders: boolean) {
    this.#server = server;
    this.url = `http://localhost:${(server.address() as AddressInfo).port}${FOLDER}`;
    server.on('request', (request, response) => {
      const { pathname } = new URL(request.url!, 'http://localhost');
      const path = pathname.startsWith(FOLDER) ? pathname.slice(FOLDER.length) || 'index.html' : '';
      this.asked.push(path);
      if (path === StaticHost.ENDLESS) {
        response.writeHead(200, { 'Content-Length': '1000000' }).write('beginning');
        return;
      }
      const file = join(dist, path);
      const isThere = path && file.startsWith(dist) && existsSync(file) && statSync(file).isFile();
      if (request.method !== 'GET' || !(isThere || this.changed.has(path))) {
        response.writeHead(404).end();
        return;
      }
      response.writeHead(200, {
        'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream',
        ...(hasHeaders && headersOf(path)),
        ...(hasHeaders && path === 'service-worker.js' && SERVICE_WORKER_CACHING),
      });
      const text = this.changed.get(path);
      if (text === undefined) createReadStream(file).pipe(response);
      else response.end(text);
    });
  }

  /** @param hasHeaders whether it sends what `dist/_headers` says; many hosts cannot */
  static async start(hasHeaders: boolean): Promise<StaticHost> {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, done));
    return new StaticHost(server, hasHeaders);
  }

  /** A file as it was built. */
  read(path: string): string {
    return readFileSync(join(dist, path), 'utf8');
  }

  /** Names of what lies in a folder. */
  list(folder: string): readonly string[] {
    return readdirSync(join(dist, folder));
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }
}
