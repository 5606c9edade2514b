/** Whether this computer has a restorer, and where it runs. */
import { AppError } from '../core/errors';
import type { Device } from '../core/look';
import { isUsable } from '../core/packDisk';
import { RESTORERS, type RestorerId } from '../core/restoration';
import type { Engines } from '../engines/contracts';
import type { RunRequest } from './request';

export interface Restorer {
  readonly restorer: RestorerId;
  readonly device: Device;
}

/**
 * Starts nothing that is large. A processor that imitates a GPU is asked directly: it takes half a minute for what the imitation
 * does not end.
 * @throws AppError model-missing (`details.pack`), gpu-too-small (`details.pack`, `details.reason`: a sentence)
 */
export async function findRestorer(
  { restorer: wanted }: Pick<RunRequest['config']['restoration'], 'restorer'>,
  { packs, gpu }: Pick<Engines, 'packs' | 'gpu'>,
  signal: AbortSignal,
): Promise<Restorer> {
  const asked = wanted === 'auto' ? RESTORERS : [wanted];
  const usable = (await packs.status(signal)).filter(isUsable).map(({ pack }) => pack);
  const here = asked.filter((id) => usable.some((pack) => pack.id === id));
  if (!here.length)
    throw new AppError('model-missing', 'no restorer is on this computer', { pack: asked[0]! });
  const { facts, fits } = await gpu.report(usable, signal);
  const restorer = here.find((id) => fits[id]!.fits) ?? here[0]!;
  const { fits: fit, onGpu, reason } = fits[restorer]!;
  if (!fit) throw new AppError('gpu-too-small', reason, { pack: restorer, reason });
  return { restorer, device: onGpu && !facts?.software ? 'gpu' : 'cpu' };
}
