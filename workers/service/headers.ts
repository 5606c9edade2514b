/**
 * The headers of every file of the built app: one list for the preview server, for `dist/_headers`, and for what the
 * service worker keeps where the host sends none.
 */

export type Headers = Readonly<Record<string, string>>;

/** Gives onnxruntime-web its threads (SharedArrayBuffer). */
export const ISOLATION: Headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/** What the page may not even ask for, its frames included. */
const REFUSED_FEATURES = [
  'accelerometer',
  'browsing-topics',
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'hid',
  'identity-credentials-get',
  'idle-detection',
  'local-fonts',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'publickey-credentials-get',
  'serial',
  'usb',
  'xr-spatial-tracking',
];

/** Of every file. */
export const COMMON: Headers = {
  ...ISOLATION,
  'Permissions-Policy': REFUSED_FEATURES.map((name) => `${name}=()`).join(', '),
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

const SCRIPTS = "script-src 'self' 'wasm-unsafe-eval'";

/** For a `<meta>`: a browser reads `frame-ancestors` in a header only. */
export const PAGE_META_POLICY = [
  "default-src 'none'",
  SCRIPTS,
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  // Markup comes from compiled components only; scripts and workers from this origin only (src/ui/trust.ts).
  "require-trusted-types-for 'script'",
  'trusted-types svelte-trusted-html default',
].join('; ');

export const PAGE_POLICY = `${PAGE_META_POLICY}; frame-ancestors 'none'`;

/** A worker goes by the policy that came with its own script. */
const workerPolicy = (connect: string, workers = "'self'") =>
  ["default-src 'none'", SCRIPTS, `connect-src ${connect}`, `worker-src ${workers}`].join('; ');

export const WORKER_POLICY = workerPolicy("'self'");

/** A mirror is any address that a person types; `http:` is for one in the house. */
const ANY_HOST = "'self' https: http:";

/** Of the worker that fetches packs, and of the service worker, which passes on what it asks for. */
export const FETCHING_POLICY = workerPolicy(ANY_HOST);

/** Of the worker of language models: its libraries fetch by themselves, and one starts its own worker from a Blob. */
export const LANGUAGE_POLICY = workerPolicy(ANY_HOST, "'self' blob:");

/**
 * Of the service worker's own script, where the host can say it. A browser asks for it whenever a worker starts, in the
 * middle of a run too: so it is asked at most once an hour, and a new version comes as late.
 */
export const SERVICE_WORKER_CACHING: Headers = { 'Cache-Control': 'max-age=3600' };

const POLICIES: readonly (readonly [RegExp, string])[] = [
  [/^$|\.html$/, PAGE_POLICY],
  [/(^|\/)(models\.worker-[^/]*|service-worker)\.js$/, FETCHING_POLICY],
  [/(^|\/)language\.worker-[^/]*\.js$/, LANGUAGE_POLICY],
  [/\.m?js$/, WORKER_POLICY],
];

/** @param path of a file below the app's root, without a slash before it; empty: the page itself */
export function headersOf(path: string): Headers {
  const policy = policyOf(path);
  return policy ? { ...COMMON, 'Content-Security-Policy': policy } : COMMON;
}

/** The first that fits: workers are told apart by their names. */
export function policyOf(path: string): string | null {
  return POLICIES.find(([files]) => files.test(path))?.[1] ?? null;
}
