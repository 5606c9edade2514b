/** Runs inside the page before anything else: times what a person sees, and the tasks that would make it stutter. */
export function installStopwatch() {
  const watch = { from: 0, marks: {}, longestTaskMs: 0 };
  window.stopwatch = watch;
  const isShown = {
    states: () => /with closed eyes$/.test(document.querySelector('#panel-title')?.textContent ?? ''),
    preview: () => document.querySelector('[role=slider][aria-label="Before and after"]') !== null,
  };
  const look = () => {
    for (const [name, shown] of Object.entries(isShown)) {
      if (watch.marks[name] || !shown()) continue;
      watch.marks[name] = Number.NaN;
      // The frame in which it is painted.
      requestAnimationFrame(() => {
        watch.marks[name] = performance.now() - watch.from;
      });
    }
  };
  const start = () => {
    watch.from = performance.now();
    watch.marks = {};
  };
  addEventListener('change', (event) => event.target.type === 'file' && start(), { capture: true });
  addEventListener('click', (event) => /^Open the eyes/.test(event.target.textContent.trim()) && start(), {
    capture: true,
  });
  new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      watch.longestTaskMs = Math.max(watch.longestTaskMs, duration);
    }
  }).observe({ type: 'longtask', buffered: true });
}
