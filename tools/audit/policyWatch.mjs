/** Breaches of the content security policy, in pages, workers and service workers, as the browser reports them. */

/** What browsers write to the console when a policy stops something. */
const BREACH = /Content Security Policy|TrustedHTML|TrustedScript|Trusted Type|Permissions.Policy/i;

export class PolicyWatch {
  /** @type {string[]} */
  breaches = [];

  /** Before the first page goes anywhere. */
  constructor(context) {
    context.on('console', (message) => this.#hear(message.text()));
    context.on('weberror', (error) => this.#hear(error.error().message));
    for (const page of context.pages()) this.#follow(page);
    context.on('page', (page) => this.#follow(page));
  }

  /** What a worker's policy stops, browsers do not write to a console that is heard here. */
  #follow(page) {
    page.on('worker', (worker) => {
      worker
        .evaluate(() =>
          addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
            console.warn(`Content Security Policy of a worker, ${violatedDirective}: ${blockedURI}`),
          ),
        )
        // It ended first.
        .catch(() => undefined);
    });
  }

  #hear(text) {
    if (BREACH.test(text)) this.breaches.push(text);
  }
}
