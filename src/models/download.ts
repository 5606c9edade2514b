/** Everything of a pack that is not on disk, from the first source that has it. */
import { AppError } from '../core/errors';
import type { Pack } from '../core/pack';
import { SourceError, type SourceFault } from './byteStream';
import { fetchChunks, type Patience } from './fetchChunks';
import type { FileKeeper } from './fileKeeper';
import { openKeepers, withRoomNeeded } from './keepers';
import type { Source } from './sources';

interface Refusal {
  readonly host: string;
  readonly error: SourceError;
}

/** With another source to turn to, a broken one is not waited for; only when all have failed. */
const HASTY_TRIES = 2;

/**
 * @param tell bytes done and in total
 * @throws AppError download-failed, model-missing, model-corrupt, storage-full; AbortError. Good chunks stay.
 */
export async function downloadPack(
  pack: Pack,
  sources: readonly Source[],
  patience: Patience,
  tell: (doneBytes: number, totalBytes: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const keepers = await openKeepers(pack, tell);
  try {
    let left = sources;
    for (const keeper of keepers) {
      if (!keeper.isWhole) left = await fetchFile(pack, keeper, left, patience, signal);
    }
  } catch (error) {
    throw await withRoomNeeded(error, pack, keepers);
  }
}

/** @returns the sources worth asking for the next file: one that has not this one has not the others either */
async function fetchFile(
  pack: Pack,
  keeper: FileKeeper,
  sources: readonly Source[],
  patience: Patience,
  signal: AbortSignal,
): Promise<readonly Source[]> {
  const refusals: Refusal[] = [];
  let left = sources;
  const hasty = { ...patience, tries: Math.min(HASTY_TRIES, patience.tries) };
  for (const round of sources.length > 1 ? [hasty, patience] : [patience]) {
    for (const source of left) {
      keeper.from = source.host;
      try {
        await fetchChunks(source.urlOf(keeper.file.path), keeper, round, signal);
        await keeper.finish(signal);
        return left;
      } catch (error) {
        if (!(error instanceof SourceError)) throw error;
        refusals.push({ host: source.host, error });
        if (error.fault === 'absent') left = left.filter((other) => other !== source);
      }
    }
    if (!refusals.some(({ error }) => error.fault === 'broken')) break;
  }
  throw failure(pack, keeper, refusals);
}

/** What tells a person most comes first. */
const RANK: readonly SourceFault[] = ['wrong-content', 'wrong-size', 'broken', 'no-parts', 'absent'];

function failure(pack: Pack, keeper: FileKeeper, refusals: readonly Refusal[]): AppError {
  const { path } = keeper.file;
  const [worst] = refusals.toSorted((a, b) => RANK.indexOf(a.error.fault) - RANK.indexOf(b.error.fault));
  if (!worst) return new AppError('model-missing', `nobody has ${path}`, { pack: pack.id, path });
  const { host, error } = worst;
  const details = { pack: pack.id, path, host, reason: error.message };
  const words = `${path} from ${host}: ${error.message}`;
  switch (error.fault) {
    case 'wrong-content':
    case 'wrong-size':
      return new AppError('model-corrupt', words, { ...details, changed: keeper.isKnownFromFirstSight });
    case 'broken':
    case 'no-parts':
      return new AppError('download-failed', words, details);
    case 'absent': {
      const hosts = [...new Set(refusals.map((refusal) => refusal.host))].join(', ');
      return new AppError('model-missing', `${path} is not to be had from ${hosts}`, { ...details, hosts });
    }
  }
}
