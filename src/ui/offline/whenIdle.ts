/** Longest wait on a page that is never at rest. */
const PATIENCE_MS = 4000;

/** Calls back when the page is loaded and has nothing to do. */
export function whenIdle(go: () => void): void {
  const wait = () => {
    // Safari has no idle callbacks.
    if ('requestIdleCallback' in globalThis) requestIdleCallback(go, { timeout: PATIENCE_MS });
    else setTimeout(go, 1000);
  };
  if (document.readyState === 'complete') wait();
  else addEventListener('load', wait, { once: true });
}
