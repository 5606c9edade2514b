/** The painter's contract on its networks. */
import { AppError, isAbort } from '../../src/core/errors';
import { PAINTER_PACKS, type PainterNetwork, type PaintPlan } from '../../src/core/painting';
import type { PainterEngine } from '../../src/engines/contracts';
import { irisColour, scleraColour } from '../../src/pixels/irisColour';
import type { Network } from '../ort/network';
import { pause } from '../pause';
import { asPaintError } from './attempts';
import { stepsOf } from './begin';
import type { CheckpointMemory } from './checkpoints';
import { PainterNetworks } from './networks';
import { Pace } from './pace';
import { packSettings } from './packSettings';
import { type PaintModel, paint } from './paint';
import { expectPaintable } from './paintable';
import { LATENT_PX } from './picture';
import { clipTokenizer } from './tokenizer';

/** A pack on this computer's disk. */
export interface PainterPack {
  readonly revision: string;
  /** @throws AppError model-corrupt when it has no such file; model-missing (`details.lost`) when the disk does not give it */
  text(path: string): Promise<string>;
  /**
   * `NAME.onnx` with its weights. @param sizes of its named dimensions, where they never change.
   * @throws AppError as `openNetwork` and `text`; gpu-missing, gpu-wrong
   */
  open(name: string, sizes: Readonly<Record<string, number>> | null, signal: AbortSignal): Promise<Network>;
}

export interface PainterSource {
  /** Null: not whole on this computer. @throws AppError model-missing (`details.lost`) */
  pack(id: string): Promise<PainterPack | null>;
  readonly checkpoints: CheckpointMemory;
}

interface Opened {
  readonly base: PainterPack;
  readonly refiner: PainterPack | null;
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
    if (held?.key === key) return held.networks;
    await held?.networks.keep([]);
    const networks = new PainterNetworks((name) => openOf(opened, plan, name, signal));
    held = { key, networks };
    return networks;
  };
  return {
    eyeColours: async (square, eye, signal) => {
      signal.throwIfAborted();
      const iris = irisColour(square, eye);
      return iris && { iris, sclera: scleraColour(square, eye) };
    },
    paint: async (request, signal, report = () => {}) => {
      const startMs = performance.now();
      try {
        const wantsRefiner = request.faces.some(({ settings }) => settings.refiner);
        const opened = await openPacks(source, wantsRefiner);
        expectPaintable(request, opened.model);
        await pause(signal);
        const networks = await networksFor(opened, request.plan, signal);
        networks.startCounting();
        const total = request.faces.reduce(
          (sum, { settings, variations }) => sum + variations.length * stepsOf(settings, opened.model),
          0,
        );
        const faces = await paint(request, opened.model, {
          networks,
          checkpoints: source.checkpoints,
          pace: new Pace(total, report),
          pause: () => pause(signal),
          signal,
        });
        await networks.keep(request.plan.keeps);
        const { loads, loadingMs, runningMs } = networks;
        const timesMs = { total: performance.now() - startMs, networks: runningMs, loading: loadingMs };
        return { faces, loads, timesMs };
      } catch (error) {
        // What is half done lies on the disk; what is loaded is not trusted with the next call.
        await held?.networks.keep([]).catch(() => undefined);
        held = null;
        throw isAbort(error) ? error : asPaintError(error, 'GEN_001');
      }
    },
  };
}

async function openPacks(source: PainterSource, wantsRefiner: boolean): Promise<Opened> {
  const base = await packOf(source, PAINTER_PACKS.base);
  const refiner = wantsRefiner ? await packOf(source, PAINTER_PACKS.refiner) : null;
  const settings = await settingsOf(base, 'base');
  const files = {
    vocabulary: vocabularyOf(await base.text('vocab.json')),
    merges: await base.text('merges.txt'),
  };
  const model = {
    revisions: [base.revision, ...(refiner ? [refiner.revision] : [])],
    base: settings,
    refiner: refiner && (await settingsOf(refiner, 'refiner')),
    tokenizers: { first: clipTokenizer(files, 'end'), second: clipTokenizer(files, 0) },
  };
  return { base, refiner, model };
}

async function packOf(source: PainterSource, id: string): Promise<PainterPack> {
  const pack = await source.pack(id);
  if (!pack) throw new AppError('model-missing', `${id} is not on this computer`, { pack: id });
  return pack;
}

async function settingsOf(pack: PainterPack, kind: 'base' | 'refiner') {
  const settings = packSettings(await pack.text('settings.json'));
  if (settings.kind !== kind) {
    const details = { path: 'settings.json', field: 'kind', found: settings.kind, allowed: kind };
    throw new AppError('model-corrupt', `a ${settings.kind} lies where the ${kind} belongs`, details);
  }
  return settings;
}

function vocabularyOf(json: string): Readonly<Record<string, number>> {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new AppError('model-corrupt', 'vocab.json is no JSON', { path: 'vocab.json' }, { cause });
  }
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
