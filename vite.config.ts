import { svelte } from '@sveltejs/vite-plugin-svelte';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { readShared } from './test/browser/readShared.mjs';
import { chromiumLaunch } from './tools/chromium.mjs';
import { offline } from './tools/offline/plugin.mjs';

const { plugin, collector } = offline();

export default defineConfig({
  base: './',
  plugins: [svelte(), plugin],
  worker: { format: 'es', plugins: () => [collector()] },
  build: { target: 'es2023', assetsInlineLimit: 0, chunkSizeWarningLimit: 1024 },
  // A test that meets a new dependency late would be reloaded in its middle.
  optimizeDeps: { exclude: ['onnxruntime-web'], include: ['axe-core', '@mlc-ai/web-llm', '@wllama/wllama'] },
  test: {
    // Property tests on a small, busy machine.
    testTimeout: 30_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          environment: 'node',
          include: ['test/{layers,unit,contract,conformance}/**/*.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          globalSetup: ['test/packs/setup.ts'],
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            commands: { readShared },
            provider: playwright({ launchOptions: chromiumLaunch() }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
});
