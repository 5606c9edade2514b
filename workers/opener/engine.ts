/** Opens the eyes of one face, a pair a seed. */
import { AppError, asAppError, isAbort } from '../../src/core/errors';
import type { Candidate } from '../../src/core/generation';
import type { OpenRequest } from '../../src/core/opening';
import type { OpenerEngine } from '../../src/engines/contracts';
import { buffersOf, move } from '../../src/rpc/move';
import type { Network } from '../ort/network';
import { areFinite, asFloats } from '../ort/tensor';
import { pause } from '../pause';
import { candidateMaker } from './candidate';
import { faceFeeds, seedFeeds } from './feeds';
import { eyeWish } from './wish';

/** @param open gives the network; asked again after a failure */
export function createOpener(open: () => Promise<Network>): OpenerEngine {
  let opening: Promise<Network> | null = null;
  const network = () => {
    opening ??= open().catch((error: unknown) => {
      opening = null;
      throw error;
    });
    return opening;
  };
  return {
    async open(request, signal) {
      signal.throwIfAborted();
      try {
        const candidates = await openEach(request, await network(), signal);
        // Those of one face share mask and core.
        const parts = new Set(
          candidates.flatMap(({ pixels, mask, core }) => buffersOf([pixels, mask, core!])),
        );
        return move(candidates, [...parts]);
      } catch (error) {
        if (isAbort(error)) throw error;
        throw asAppError(error, 'GEN_001');
      }
    },
  };
}

async function openEach(
  request: OpenRequest,
  network: Network,
  signal: AbortSignal,
): Promise<readonly Candidate[]> {
  const face = faceFeeds(request);
  const candidateOf = candidateMaker(request);
  const candidates: Candidate[] = [];
  for (const [place, seed] of request.seeds.entries()) {
    await pause(signal);
    const wish = eyeWish(request, seed);
    const { eyes } = asFloats(await network.run(seedFeeds(face, request, wish, seed)));
    if (!eyes || !areFinite(eyes.data)) {
      throw new AppError('GEN_001', 'the network answered with no numbers', { reason: 'no-numbers' });
    }
    candidates.push(candidateOf(eyes, wish, seed, place));
  }
  return candidates;
}
