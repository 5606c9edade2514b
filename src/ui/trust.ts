/**
 * Trusted Types, where the browser has them: scripts and workers come from this origin, and no text becomes markup.
 * Svelte's compiled templates have a policy of their own; workers/service/headers.ts names both.
 */

interface TrustedTypes {
  createPolicy(name: 'default', rules: { createScriptURL(address: string): string }): unknown;
}

/** Before the first worker is started. */
export function trustOwnScripts(): void {
  const { trustedTypes } = globalThis as { readonly trustedTypes?: TrustedTypes };
  trustedTypes?.createPolicy('default', {
    createScriptURL(address) {
      const { origin } = new URL(address, document.baseURI);
      if (origin !== location.origin)
        throw new TypeError(`${origin} is not where this app's code comes from`);
      return address;
    },
  });
}
