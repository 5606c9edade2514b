/** Breaches of the content security policy, in the page, its workers and its service worker, as the browser reports them. */
import type { BrowserContext } from '@playwright/test';

/** What browsers write to the console when a policy stops something. */
const BREACH = /Content Security Policy|TrustedHTML|TrustedScript|Trusted Type|Permissions.Policy/i;

export class PolicyWatch {
  readonly breaches: string[] = [];

  /** Before the first page is opened. Consoles of dedicated workers come with those of their page. */
  constructor(context: BrowserContext) {
    context.on('console', (message) => this.#hear(message.text()));
    context.on('weberror', (error) => this.#hear(error.error().message));
  }

  #hear(text: string): void {
    if (BREACH.test(text)) this.breaches.push(text);
  }
}
