/** What the build adds: a manifest that makes the app installable, headers for hosts, licences. */
import { expect, test } from '@playwright/test';
import { headersOf, PAGE_POLICY, policyOf } from '../../workers/service/headers';
import { StaticHost } from './staticHost';

test.use({ serviceWorkers: 'allow' });

let host: StaticHost;
test.beforeEach(async () => {
  host = await StaticHost.start(true);
});
test.afterEach(() => host.stop());

interface Picture {
  readonly src: string;
  readonly sizes: string;
  readonly type: string;
}

test('the browser takes the manifest without a complaint, and every picture has the size it claims', async ({
  page,
  context,
}) => {
  await page.goto(host.url);
  await page.waitForFunction(() => navigator.serviceWorker.controller);
  const debug = await context.newCDPSession(page);
  const { errors, data } = await debug.send('Page.getAppManifest');
  expect(errors).toEqual([]);
  const { installabilityErrors } = await debug.send('Page.getInstallabilityErrors');
  // A test's browser keeps nothing.
  expect(installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito')).toEqual([]);

  const manifest = JSON.parse(data!) as { icons: Picture[]; screenshots: Picture[] };
  const pictures = [...manifest.icons, ...manifest.screenshots].filter(({ sizes }) => sizes !== 'any');
  expect(pictures.length).toBeGreaterThanOrEqual(5);
  const found = await page.evaluate(
    (all) =>
      Promise.all(
        all.map(async ({ src, type }) => {
          const blob = await (await fetch(src)).blob();
          const { width, height } = await createImageBitmap(blob);
          return { src, sizes: `${width}x${height}`, type: blob.type === type ? type : blob.type };
        }),
      ),
    pictures,
  );
  expect(found).toEqual(pictures.map(({ src, sizes, type }) => ({ src, sizes, type })));
});

test('the headers file gives every script its policy once, and the page its own', () => {
  const rules = host
    .read('_headers')
    .split(/^(?=\/)/m)
    .map((rule) => {
      const [path, ...lines] = rule.trimEnd().split('\n');
      return [path!, Object.fromEntries(lines.map((line) => line.trim().split(/: (.*)/s, 2)))] as const;
    });
  const of = new Map(rules);
  expect(of.size).toBe(rules.length);
  expect({ ...of.get('/*'), ...of.get('/') }).toEqual(headersOf(''));
  expect(of.get('/index.html')).toEqual({ 'Content-Security-Policy': PAGE_POLICY });
  const scripts = host.list('assets').filter((name) => /\.m?js$/.test(name));
  expect(scripts.length).toBeGreaterThan(20);
  for (const name of scripts) {
    expect(of.get(`/assets/${name}`)).toEqual({ 'Content-Security-Policy': policyOf(name) });
  }
  expect(of.get('/service-worker.js')).toHaveProperty('Cache-Control', 'max-age=3600');
});

test('the licences of code and models are there, and the app leads to them', async ({ page }) => {
  await page.goto(host.url);
  await page.getByRole('button', { name: /^Your photo stays on this computer/ }).click();
  const opening = page.waitForEvent('popup');
  await page.getByRole('link', { name: 'Licences of everything in this app' }).click();
  const text = await (await opening).locator('body').textContent();
  for (const part of ['svelte', 'onnxruntime-web', 'comlink', '@mlc-ai/web-llm', '@wllama/wllama', 'vite']) {
    expect(text).toMatch(new RegExp(`^${part} \\d+\\.\\d+\\.\\d+$`, 'm'));
  }
  expect(text).toMatch(/^Model: Face detector/m);
  expect(text).toContain('Redistribution and use in source and binary forms');
  expect(text).not.toMatch(/^(typescript|vitest|playwright|axe-core) \d/m);
});
