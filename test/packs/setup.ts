import type { TestProject } from 'vitest/node';
import { startPackServer } from './packServer';

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of the server for model packs. */
    readonly packServer: string;
  }
}

/** Once for all tests in the browser. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPackServer();
  project.provide('packServer', server.url);
  return () => server.close();
}
