import type { Plugin } from 'vite';

export function offline(): {
  /** Of the page's build. */
  readonly plugin: Plugin;
  /** Of the workers' builds: makes one. */
  readonly collector: () => Plugin;
};
