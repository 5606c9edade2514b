/** Whether this computer has a painter: its pack is whole, and the GPU is fit for it. */
import { AppError } from '../core/errors';
import type { GpuFacts } from '../core/gpu';
import type { Pack } from '../core/pack';
import { isUsable } from '../core/packDisk';
import { PAINTER_PACKS } from '../core/painting';
import type { Engines } from '../engines/contracts';

export interface Painter {
  readonly base: Pack;
  /** Null: not here, or not fit. */
  readonly refiner: Pack | null;
  readonly facts: GpuFacts;
}

/**
 * Starts nothing that is large.
 * @throws AppError model-missing (`details.pack`), gpu-missing, or gpu-too-small (`details.reason`: a sentence)
 */
export async function findPainter(
  { packs, gpu }: Pick<Engines, 'packs' | 'gpu'>,
  signal: AbortSignal,
): Promise<Painter> {
  const here = (await packs.status(signal)).filter(isUsable);
  const packOf = (id: string) => here.find(({ pack }) => pack.id === id)?.pack;
  const base = packOf(PAINTER_PACKS.base);
  if (!base) {
    const details = { pack: PAINTER_PACKS.base };
    throw new AppError('model-missing', 'the painter is not on this computer', details);
  }
  const refiner = packOf(PAINTER_PACKS.refiner);
  const { facts, fits } = await gpu.report(refiner ? [base, refiner] : [base], signal);
  if (!facts) throw new AppError('gpu-missing', 'the browser gives no GPU', { pack: base.id });
  const fit = fits[base.id]!;
  if (!fit.fits) throw new AppError('gpu-too-small', fit.reason, { pack: base.id, reason: fit.reason });
  return { base, refiner: refiner && fits[refiner.id]!.fits ? refiner : null, facts };
}
