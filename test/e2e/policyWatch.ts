/** Breaches of the content security policy, in the page, its workers and its service worker, as the browser reports them. */
import type { BrowserContext, Page } from '@playwright/test';

/** What browsers write to the console when a policy stops something. */
const BREACH = /Content Security Policy|TrustedHTML|TrustedScript|Trusted Type|Permissions.Policy/i;

export class PolicyWatch {
  readonly breaches: string[] = [];

  /** Before the first page is opened. */
  constructor(context: BrowserContext) {
    context.on('console', (message) => this.#hear(message.text()));
    context.on('weberror', (error) => this.#hear(error.error().message));
    for (const page of context.pages()) this.#follow(page);
    context.on('page', (page) => this.#follow(page));
  }

  /** What a worker's policy stops, browsers do not write to a console that is heard here. */
  #follow(page: Page): void {
    page.on('worker', (worker) => {
      worker
        .evaluate(() =>
          addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
            // biome-ignore lint/suspicious/noConsole: the only way out of a worker
            console.warn(`Content Security Policy of a worker, ${violatedDirective}: ${blockedURI}`),
          ),
        )
        // It ended first.
        .catch(() => undefined);
    });
  }

  #hear(text: string): void {
    if (BREACH.test(text)) this.breaches.push(text);
  }
}
