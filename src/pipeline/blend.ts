/** Stage `blend`: every candidate gets the photo's colour, light and grain. */
import type { Candidate } from '../core/generation';
import type { CropFrame } from '../core/photo';
import type { ReadyCandidate } from '../core/run';
import type { Engines } from '../engines/contracts';
import type { RunRequest } from './request';

/** @throws AppError BLEND_001; AbortError. */
export async function blendAll(
  candidates: readonly Candidate[],
  frame: CropFrame,
  request: RunRequest,
  engines: Engines,
  signal: AbortSignal,
): Promise<readonly ReadyCandidate[]> {
  const ready: ReadyCandidate[] = [];
  for (const candidate of candidates) {
    const blended = await engines.photo.blend(
      request.self.photo.id,
      frame,
      candidate,
      request.config.blend,
      signal,
    );
    ready.push({ candidate, blended });
  }
  return ready;
}
