import { AppError } from '../core/errors';

export const SAMPLE_NAME = 'eileen-collins.jpg';
export const SAMPLE_CREDIT =
  'Sample: Eileen Collins, NASA, public domain. One eye was closed by a script for this demonstration.';

/** @throws AppError download-failed. */
export async function fetchSample(): Promise<File> {
  const answer = await fetch(new URL(`sample/${SAMPLE_NAME}`, document.baseURI)).catch(() => null);
  if (!answer?.ok || !answer.headers.get('content-type')?.startsWith('image/')) {
    throw new AppError('download-failed', `the sample answered ${answer?.status ?? 'nothing'}`);
  }
  return new File([await answer.blob()], SAMPLE_NAME, { type: 'image/jpeg' });
}
