import { AppError } from '../core/errors';

/**
 * SHA-256 in lower-case hex. The browser computes it off this thread.
 * @throws AppError bad-request outside a secure context (plain http from another machine), where there is no digest.
 */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  if (!globalThis.isSecureContext) {
    throw new AppError('bad-request', 'downloads can only be checked over https or on localhost', {
      insecure: true,
    });
  }
  const digest = await crypto.subtle.digest('SHA-256', bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
