import { expect, test } from 'vitest';
import { pathOf } from '../../workers/service/files';
import {
  FETCHING_POLICY,
  headersOf,
  LANGUAGE_POLICY,
  PAGE_META_POLICY,
  PAGE_POLICY,
  policyOf,
  WORKER_POLICY,
} from '../../workers/service/headers';

test('every file is isolated, and its type is not guessed', () => {
  for (const path of ['', 'index.html', 'assets/a.wasm', 'models/faces/yunet_s.onnx', 'icon.svg']) {
    expect(headersOf(path)).toMatchObject({
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
      'Cross-Origin-Resource-Policy': 'same-origin',
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
    });
  }
});

test.each([
  ['', PAGE_POLICY],
  ['index.html', PAGE_POLICY],
  ['assets/photo.worker-Cu_QrM9x.js', WORKER_POLICY],
  ['assets/ort.wasm.bundle.min-C1k-1ZD7.mjs', WORKER_POLICY],
  ['assets/models.worker-5m7rhaHd.js', FETCHING_POLICY],
  ['assets/language.worker-Ab3-_9.js', LANGUAGE_POLICY],
  ['service-worker.js', FETCHING_POLICY],
  // Names that only look like those.
  ['assets/notmodels.worker-5m7rhaHd.js', WORKER_POLICY],
  ['assets/models.worker-5m7rhaHd.js/other.js', WORKER_POLICY],
  ['assets/index-BnrvWgiH.css', null],
])('the policy of “%s”', (path, policy) => {
  expect(policyOf(path)).toBe(policy);
});

test('no policy lets inline code, evaluated text or other hosts’ scripts in', () => {
  for (const policy of [PAGE_POLICY, WORKER_POLICY, FETCHING_POLICY, LANGUAGE_POLICY]) {
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval';");
    expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'|\*|script-src[^;]*(https?|blob):/);
  }
  expect(WORKER_POLICY).toContain("connect-src 'self';");
  expect(PAGE_POLICY).toContain("connect-src 'self';");
  expect(PAGE_POLICY).toContain("frame-ancestors 'none'");
  // Browsers complain of it in a meta element.
  expect(PAGE_META_POLICY).not.toContain('frame-ancestors');
});

test.each([
  ['https://a.example/eyes/', 'index.html'],
  ['https://a.example/eyes/?script', 'index.html'],
  ['https://a.example/eyes/assets/x.js?v=3#here', 'assets/x.js'],
  ['https://a.example/other/', null],
  ['https://a.example/', null],
  ['http://a.example/eyes/', null],
  ['https://b.example/eyes/assets/x.js', null],
  ['https://a.example/eyes/../secret', null],
])('the file of %s', (address, path) => {
  expect(pathOf(address, 'https://a.example/eyes/')).toBe(path);
});
