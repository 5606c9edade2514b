/** Workers and pages of benches as the development server hands them out: the app's own modules, not bundled. */
import { root } from '../setup.mjs';

/** @returns {Promise<{ url: string, close: () => Promise<void> }>} the repository, cross-origin isolated as vite.config.ts says */
export async function serveSources() {
  const { createServer } = await import('vite');
  const server = await createServer({
    root,
    logLevel: 'error',
    // A page that thinks its server is gone would reload itself in the middle of a bench: on a full machine it does.
    server: { port: 5473, watch: null, hmr: false, ws: false },
    // Found only when a worker is started, they would reload the page in the middle of a bench.
    optimizeDeps: { include: ['@huggingface/tokenizers', 'comlink', 'hash-wasm', 'idb-keyval'] },
  });
  await server.listen();
  return { url: server.resolvedUrls.local[0], close: () => server.close() };
}
