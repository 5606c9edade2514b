/** The painter's contract on its networks. */
import { AppError, isAbort } from '../../src/core/errors';
import { PAINTER_PACKS, type PainterNetwork, type PaintPlan } from '../../src/core/painting';
import type { PainterEngine } from '../../src/engines/contracts';
import { type ModelPack, namingPack } from '../ort/diskPack';
import type { Network } from '../ort/network';
import { pause } from '../pause';
import { asPaintError } from './attempts';
import { allStepsOf } from './begin';
import type { CheckpointMemory } from './checkpoints';
import { clipFiles } from './clipFiles';
import { PainterNetworks } from './networks';
import { Pace } from './pace';
import { type PackSettings, packSettings } from './packSettings';
import { type PaintModel, paint } from './paint';
import { expectPaintable } from './paintable';
import { LATENT_PX } from './picture';
import { clipTokenizer } from './tokenizer';

export interface PainterSource {
  /** Null: not whole on this computer. @throws AppError model-missing (`details.lost`) */
  pack(id: string): Promise<ModelPack | null>;
  readonly checkpoints: CheckpointMemory;
}

interface Opened {
  readonly base: ModelPack;
  readonly refiner: ModelPack | null;
  readonly model: PaintModel;
}

/** What stays loaded from one call to the next: the same networks for the same sizes. */
interface Held {
  readonly key: string;
  readonly networks: PainterNetworks;
}

export function createPainter(source: PainterSource): PainterEngine {
  let held: Held | null = null;
  const networksFor = async (
    opened: Opened,
    plan: PaintPlan,
    signal: AbortSignal,
  ): Promise<PainterNetworks> => {
    const { sidePx, together, pictures } = plan;
    const key = JSON.stringify([opened.model.revisions, sidePx, together, pictures]);
    const open = (name: PainterNetwork) => openOf(opened, plan, name, signal);
    if (held?.key === key) {
      held.networks.begin(open);
      await held.networks.keep(plan.keeps);
      return held.networks;
    }
    await held?.networks.keep([]);
    const networks = new PainterNetworks(open);
    held = { key, networks };
    return networks;
  };
  /** What is half done lies on the disk; what is loaded is not trusted with the next call. */
  const letGo = async () => {
    await held?.networks.keep([]).catch(() => undefined);
    held = null;
  };
  return {
    paint: async (request, signal, report = () => {}) => {
      const startMs = performance.now();
      const wantsRefiner = request.faces.some(({ settings }) => settings.refiner);
      const opened = await openPacks(source, wantsRefiner);
      expectPaintable(request, opened.model);
      await pause(signal);
      try {
        const networks = await networksFor(opened, request.plan, signal);
        const steps = request.faces.map(
          ({ settings, variations }) => variations.length * allStepsOf(settings, opened.model),
        );
        const faces = await paint(request, opened.model, {
          networks,
          checkpoints: source.checkpoints,
          pace: new Pace(sum(steps), report),
          pause: () => pause(signal),
          signal,
        });
        await networks.keep(request.plan.keeps);
        const { loads, loadingMs, runningMs } = networks;
        const timesMs = { total: performance.now() - startMs, networks: runningMs, loading: loadingMs };
        return { faces, loads, timesMs };
      } catch (error) {
        await letGo();
        throw isAbort(error) ? error : asPaintError(error, 'GEN_001');
      }
    },
  };
}

async function openPacks(source: PainterSource, wantsRefiner: boolean): Promise<Opened> {
  const base = await packOf(source, PAINTER_PACKS.base);
  const refiner = wantsRefiner ? await packOf(source, PAINTER_PACKS.refiner) : null;
  const { settings, tokenizers } = await namingPack(PAINTER_PACKS.base, async () => ({
    settings: await settingsOf(base, 'base'),
    tokenizers: await tokenizersOf(base),
  }));
  const model = {
    revisions: [base.revision, ...(refiner ? [refiner.revision] : [])],
    base: settings,
    refiner: refiner && (await namingPack(PAINTER_PACKS.refiner, () => settingsOf(refiner, 'refiner'))),
    tokenizers,
  };
  return { base, refiner, model };
}

async function packOf(source: PainterSource, id: string): Promise<ModelPack> {
  const pack = await namingPack(id, () => source.pack(id));
  if (!pack) throw new AppError('model-missing', `${id} is not on this computer`, { pack: id });
  return {
    ...pack,
    text: (path) => namingPack(id, () => pack.text(path)),
    open: (...asked) => namingPack(id, () => pack.open(...asked)),
  };
}

async function settingsOf(pack: ModelPack, kind: 'base' | 'refiner'): Promise<PackSettings> {
  const settings = packSettings(await pack.text('settings.json'));
  if (settings.kind !== kind) {
    const details = { path: 'settings.json', field: 'kind', found: settings.kind, allowed: kind };
    throw new AppError('model-corrupt', `a ${settings.kind} lies where the ${kind} belongs`, details);
  }
  return settings;
}

async function tokenizersOf(pack: ModelPack): Promise<PaintModel['tokenizers']> {
  const files = await clipFiles(pack.text);
  return { first: clipTokenizer(files, 'end'), second: clipTokenizer(files, 0) };
}

/** The UNets see one size; the picture networks work in tiles, the last of which are smaller. */
function openOf(
  { base, refiner }: Opened,
  { sidePx, together, pictures }: PaintPlan,
  name: PainterNetwork,
  signal: AbortSignal,
): Promise<Network> {
  if (name !== 'unet' && name !== 'refiner') return base.open(name, null, signal);
  const side = sidePx / LATENT_PX;
  const sizes = { height: side, width: side, ...(!together && pictures === 1 && { batch: 1 }) };
  return (name === 'unet' ? base : refiner!).open('unet', sizes, signal);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
