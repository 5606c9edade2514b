import type { BrowserCommand } from 'vitest/node';

export declare const readShared: BrowserCommand<[folder: 'photos' | 'models' | 'models/clip', name: string]>;
