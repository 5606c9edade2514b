import type { Headers as HeaderList } from './headers';

/**
 * The answer with the app's own headers, for hosts that send none.
 * @returns null where the host answered with something else: an error, or a page in place of a file.
 */
export function dressed(response: Response, path: string, headers: HeaderList): Response | null {
  const type = response.headers.get('Content-Type') ?? '';
  const isPage = type.startsWith('text/html');
  if (!response.ok || isPage !== path.endsWith('.html')) return null;
  const length = response.headers.get('Content-Length');
  const isPlain = !response.headers.has('Content-Encoding');
  return new Response(response.body, {
    // Not the rest: what a host compresses or varies by is over once it is here.
    headers: { 'Content-Type': type, ...(length && isPlain && { 'Content-Length': length }), ...headers },
  });
}
