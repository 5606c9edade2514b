import type { BrowserCommand } from 'vitest/node';

export declare const readShared: BrowserCommand<[name: string]>;
