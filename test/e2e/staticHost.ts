/** The built app on a host like many: plain files in a folder, no headers of its own, and a log of what was asked. */
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, resolve } from 'node:path';

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
  readonly url: string;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://localhost:${(server.address() as AddressInfo).port}${FOLDER}`;
    server.on('request', (request, response) => {
      const { pathname } = new URL(request.url!, 'http://localhost');
      const path = pathname.startsWith(FOLDER) ? pathname.slice(FOLDER.length) || 'index.html' : '';
      this.asked.push(path);
      const file = join(dist, path);
      const isThere = path && file.startsWith(dist) && existsSync(file) && statSync(file).isFile();
      if (request.method !== 'GET' || !(isThere || this.changed.has(path))) {
        response.writeHead(404).end();
        return;
      }
      response.writeHead(200, { 'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream' });
      const text = this.changed.get(path);
      if (text === undefined) createReadStream(file).pipe(response);
      else response.end(text);
    });
  }

  /** @param port 0: any */
  static async start(port = 0): Promise<StaticHost> {
    const server = createServer();
    await new Promise<void>((done) => server.listen(port, done));
    return new StaticHost(server);
  }

  /** A file as it was built. */
  read(path: string): string {
    return readFileSync(join(dist, path), 'utf8');
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }
}
