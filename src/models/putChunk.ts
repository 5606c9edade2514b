import { type FileRow, putChunk } from './ledger';

/**
 * The browser holds Blobs in memory until they are collected, and with several hundred MB of them refuses to take the
 * next (`DataError: Failed to write blobs`, `NotReadableError`; measured on Chromium 156 from 640 MB on): waiting helps.
 */
const TRIES = 6;
const FIRST_DELAY_MS = 200;
/** How Chromium tells that the disk took no more (`Failed to write blobs (IOError)`). */
const IO_ERROR = /IOError/;
const TRANSIENT = new Set(['DataError', 'NotReadableError', 'UnknownError']);

/** @throws DOMException QuotaExceededError: also where a full disk made the browser say something else */
export async function putChunkPatiently(
  sha256: string,
  bytes: Uint8Array<ArrayBuffer>,
  row: FileRow,
): Promise<void> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await putChunk(sha256, new Blob([bytes]), row);
    } catch (error) {
      if (!(error instanceof DOMException) || !TRANSIENT.has(error.name)) throw error;
      if (tried === TRIES || IO_ERROR.test(error.message)) {
        throw new DOMException(`the chunk could not be written: ${error.message}`, 'QuotaExceededError');
      }
      await new Promise((resolve) => setTimeout(resolve, FIRST_DELAY_MS * 2 ** (tried - 1)));
    }
  }
}
