import type { BrowserContext } from '@playwright/test';

export class PolicyWatch {
  readonly breaches: readonly string[];
  constructor(context: BrowserContext);
}
