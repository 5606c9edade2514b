/** How a painter's run fits the computer: a pure function from what is known of the GPU, and its next smaller answer. */
import { type GpuFacts, RAM_CAP_GIB } from '../core/gpu';
import type { Pack } from '../core/pack';
import { PAINTER_NETWORKS, type PainterNetwork, type PaintPlan } from '../core/painting';
import { MIB_BYTES } from '../core/units';

/** What a run wants of the networks. */
export interface PaintOrder {
  /** Bytes of each network's weights. */
  readonly weights: Readonly<Record<PainterNetwork, number>>;
  /** They compute in float16. */
  readonly half: boolean;
  /** The negative prompt counts, so that the network runs twice a step, or once with both. */
  readonly guided: boolean;
  readonly refiner: 'none' | 'latents' | 'picture';
  /** Variations of all faces. */
  readonly pictures: number;
  /** 0: as large as it goes. Else exactly this, px. */
  readonly sidePx: number;
}

const SIDES_PX = [1024, 768, 512] as const;
/** Sides of at most this go through the picture networks whole; larger ones in tiles of it. */
const TILE_PX = 512;
const GIB_BYTES = 1024 * MIB_BYTES;
/** Not told, an ordinary computer. */
const USUAL_RAM_GIB = 8;
/** What browsers tell stops there: a computer with a GPU that is fit for painting mostly has more. */
const BEYOND_CAP = 2;
/** Of the RAM, which is the only hint at the GPU's own memory; shared GPUs may take about half of it. */
const GPU_SHARE = 0.6;
/**
 * float16 activations for each pixel of the square: one prompt of the UNet, and a tile of the picture networks (0.17 GB
 * at 1024 px and 0.40 GB at 512 px by a count of the real graphs' live tensors), and what the runtime keeps beyond them.
 */
const UNET_BYTES_PER_PX = 162;
const PICTURE_BYTES_PER_PX = 1530;
const RUNTIME_OVERHEAD = 1.3;
/** A processor that imitates a GPU takes minutes for a step of more. */
const SOFTWARE_SIDE_PX = 512;

/** Rows of a batch, pictures times prompts: of more the gain is small, and a graphics card may be stopped for its length. */
const MOST_ROWS = 4;

/** What of a plan the memory of a run depends on. */
type Load = Pick<PaintPlan, 'sidePx' | 'together' | 'pictures'>;

/** The best that the computer is thought to bear; where even the smallest seems too much, that. */
export function planPainting(facts: Pick<GpuFacts, 'ramHintGib' | 'software'>, order: PaintOrder): PaintPlan {
  const budgetBytes = budgetOf(facts);
  const loads = loadsOf(order, facts.software ? SOFTWARE_SIDE_PX : Number.POSITIVE_INFINITY);
  const bearable = loads.find((load) => planOf(order, load, []).needsBytes <= budgetBytes);
  if (!bearable) return planOf(order, loads.at(-1)!, []);
  return planOf(order, bearable, kept(order, bearable, budgetBytes));
}

/**
 * What takes less memory than a plan that failed: first nothing is kept, then one picture and one prompt go at a time,
 * then the size goes down. What memory there is nobody tells, so the steps are few and large. Null: nothing takes less.
 */
export function smallerPlan(plan: PaintPlan, order: PaintOrder): PaintPlan | null {
  const { sidePx, together, pictures } = plan;
  if (plan.keeps.length > leastKept(order).length) return planOf(order, plan, []);
  const alone = { together: false, pictures: 1 };
  if (together || pictures > 1) return planOf(order, { sidePx, ...alone }, []);
  const smallerPx = order.sidePx ? undefined : SIDES_PX.find((side) => side < sidePx);
  return smallerPx ? planOf(order, { sidePx: smallerPx, ...alone }, []) : null;
}

/** The best first: size before speed. */
function loadsOf(
  { sidePx: wantedPx, guided, pictures: most }: PaintOrder,
  largestPx: number,
): readonly Load[] {
  const sides = wantedPx ? [wantedPx] : SIDES_PX.filter((side) => side <= largestPx);
  return sides.flatMap((sidePx) =>
    (guided ? [true, false] : [false]).flatMap((together) =>
      [4, 2, 1]
        .filter(
          (pictures) => pictures * (together ? 2 : 1) <= MOST_ROWS && (pictures === 1 || pictures <= most),
        )
        .map((pictures) => ({ sidePx, together, pictures })),
    ),
  );
}

/** Bytes of a painter's networks. */
export function weightsOf(base: Pack, refiner: Pack | null): PaintOrder['weights'] {
  const bytes = (pack: Pack | null, network: string) =>
    (pack?.files ?? [])
      .filter(({ path }) => path.startsWith(`${network}.`))
      .reduce((sum, file) => sum + file.bytes, 0);
  const entries = PAINTER_NETWORKS.map((network) => [
    network,
    network === 'refiner' ? bytes(refiner, 'unet') : bytes(base, network),
  ]);
  return Object.fromEntries(entries);
}

function planOf(order: PaintOrder, load: Load, more: readonly PainterNetwork[]): PaintPlan {
  const { sidePx, together, pictures } = load;
  const keeps = PAINTER_NETWORKS.filter((n) => leastKept(order).includes(n) || more.includes(n));
  const needs = used(order).map((network) => {
    const others = keeps.filter((other) => other !== network);
    return sum(others.map((other) => order.weights[other])) + runningBytes(order, network, load);
  });
  return { sidePx, keeps, together, pictures, needsBytes: Math.max(...needs) };
}

/** A refiner that goes over the picture needs both picture networks twice. */
function leastKept({ refiner }: PaintOrder): readonly PainterNetwork[] {
  return refiner === 'picture' ? ['vae_encoder', 'vae_decoder'] : [];
}

/** The largest first: they take longest to load again. */
function kept(order: PaintOrder, load: Load, budgetBytes: number): readonly PainterNetwork[] {
  let keeps: readonly PainterNetwork[] = [];
  for (const network of used(order).toSorted((a, b) => order.weights[b] - order.weights[a])) {
    const more = [...keeps, network];
    if (planOf(order, load, more).needsBytes <= budgetBytes) keeps = more;
  }
  return keeps;
}

function used({ refiner }: PaintOrder): readonly PainterNetwork[] {
  return PAINTER_NETWORKS.filter((network) => network !== 'refiner' || refiner !== 'none');
}

function runningBytes(
  order: PaintOrder,
  network: PainterNetwork,
  { sidePx, together, pictures }: Load,
): number {
  // A VAE mostly stays float32: it overflows float16.
  const widen = order.half && !isPictureNetwork(network) ? 1 : 2;
  const activations = isPictureNetwork(network)
    ? PICTURE_BYTES_PER_PX * Math.min(sidePx, TILE_PX) ** 2
    : UNET_BYTES_PER_PX * sidePx ** 2 * pictures * (together ? 2 : 1);
  return order.weights[network] + RUNTIME_OVERHEAD * widen * activations;
}

function isPictureNetwork(network: PainterNetwork): boolean {
  return network === 'vae_encoder' || network === 'vae_decoder';
}

function budgetOf({ ramHintGib }: Pick<GpuFacts, 'ramHintGib'>): number {
  const told = ramHintGib ?? USUAL_RAM_GIB;
  const ramGib = told >= RAM_CAP_GIB ? told * BEYOND_CAP : told;
  return GPU_SHARE * ramGib * GIB_BYTES;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
