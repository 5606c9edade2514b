import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from '@playwright/test';

const root = resolve(import.meta.dirname, '../..');
const shared = resolve(root, '../shared/photos');

export const SAMPLE = join(root, 'public/sample/eileen-collins.jpg');

/** Skips the tests that follow where the real photos are not at hand. */
export function needsPhotos(): void {
  test.skip(!existsSync(shared), 'the real photos (../shared/photos) are not here');
}

export function photo(name: string): string {
  return join(shared, name);
}

/** A place for what people look at after a run; not in git. */
export function artifact(name: string): string {
  return join(root, 'artifacts', name);
}
