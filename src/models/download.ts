/** Everything of a pack that is not on disk, from the first source that has it. */
import { AppError } from '../core/errors';
import type { Pack } from '../core/pack';
import { SourceError, type SourceFault } from './byteStream';
import { fetchChunks, type Patience } from './fetchChunks';
import type { FileKeeper } from './fileKeeper';
import { openKeepers } from './keepers';
import type { Tell } from './news';
import type { Source } from './sources';

interface Refusal {
  readonly source: Source;
  readonly error: SourceError;
}

/** With another source to turn to, a broken one is not waited for; only when all have failed. */
const HASTY_TRIES = 2;

/** @throws AppError download-failed, model-missing, model-corrupt; AbortError. Good chunks stay. */
export async function downloadPack(
  pack: Pack,
  sources: readonly Source[],
  patience: Patience,
  tell: Tell,
  signal: AbortSignal,
): Promise<void> {
  let left = sources;
  for (const keeper of await openKeepers(pack, tell)) {
    if (keeper.isWhole) continue;
    const refusals = await fetchFile(keeper, left, patience, tell, signal);
    // Who hosts the app either hosts the pack or does not.
    const absent = refusals.filter(({ error }) => error.fault === 'absent').map(({ source }) => source);
    left = left.filter((source) => !source.isOwn || !absent.includes(source));
    if (!keeper.isWhole) throw failure(pack, keeper, refusals);
  }
}

/** @returns why sources did not give it; when it is not whole then, that is all of them */
async function fetchFile(
  keeper: FileKeeper,
  sources: readonly Source[],
  patience: Patience,
  tell: Tell,
  signal: AbortSignal,
): Promise<readonly Refusal[]> {
  const refusals: Refusal[] = [];
  const hasty = { ...patience, tries: Math.min(HASTY_TRIES, patience.tries) };
  for (const round of sources.length > 1 ? [hasty, patience] : [patience]) {
    for (const source of inOrder(sources, keeper, refusals)) {
      const isTied = keeper.tiedTo === source.base;
      keeper.from = source.base;
      try {
        await fetchChunks(source.urlOf(keeper.file.path), keeper, isTied ? patience : round, signal);
        await keeper.finish(signal, (bytes) => tell(bytes, keeper.bytes ?? bytes, 'verify'));
        return refusals;
      } catch (error) {
        if (!(error instanceof SourceError)) throw error;
        refusals.push({ source, error });
        // Another source would have to begin anew.
        if (isTied && isWorthAnotherTry(error.fault)) return refusals;
      }
    }
    if (!refusals.some(({ error }) => isWorthAnotherTry(error.fault))) break;
  }
  return refusals;
}

/** Those that may have the file; the one that what is here came from, where that counts, first. */
function inOrder(
  sources: readonly Source[],
  { tiedTo }: FileKeeper,
  refusals: readonly Refusal[],
): readonly Source[] {
  const absent = refusals.filter(({ error }) => error.fault === 'absent').map(({ source }) => source);
  return sources
    .filter((source) => !absent.includes(source))
    .toSorted((a, b) => Number(b.base === tiedTo) - Number(a.base === tiedTo));
}

function isWorthAnotherTry(fault: SourceFault): boolean {
  return fault === 'broken' || fault === 'unreachable';
}

/** What tells a person most comes first. */
const RANK: readonly SourceFault[] = [
  'wrong-content',
  'wrong-size',
  'broken',
  'unreachable',
  'no-parts',
  'absent',
];

function failure(pack: Pack, keeper: FileKeeper, refusals: readonly Refusal[]): AppError {
  const { path } = keeper.file;
  const [worst] = refusals.toSorted((a, b) => RANK.indexOf(a.error.fault) - RANK.indexOf(b.error.fault));
  if (!worst) return new AppError('model-missing', `nobody has ${path}`, { pack: pack.id, path });
  const { source, error } = worst;
  const details = { pack: pack.id, path, host: source.host, reason: error.message };
  const words = `${path} from ${source.host}: ${error.message}`;
  switch (error.fault) {
    case 'wrong-content':
    case 'wrong-size':
      return new AppError('model-corrupt', words, { ...details, changed: keeper.isKnownFromFirstSight });
    case 'absent': {
      const hosts = [...new Set(refusals.map((refusal) => refusal.source.host))].join(', ');
      return new AppError('model-missing', `${path} is not to be had from ${hosts}`, { ...details, hosts });
    }
    default:
      return new AppError('download-failed', words, details);
  }
}
