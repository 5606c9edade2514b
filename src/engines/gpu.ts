/** What a person is told of the GPU and of packs on it: facts in, sentences out. */
import {
  type CheckedOperator,
  type GpuCheck,
  type GpuFacts,
  type GpuReport,
  isEssential,
  type PackFit,
  RAM_CAP_GIB,
} from '../core/gpu';
import type { GpuNeeds, Pack } from '../core/pack';
import { MIB_BYTES } from '../core/units';

const OPERATORS: Readonly<Record<CheckedOperator, string>> = {
  'conv-12': 'convolutions',
  'conv-9': 'convolutions of 9 channels',
  attention: 'attention',
  'matmul-4bit': 'products with 4-bit numbers',
  'instance-norm': 'normalisations',
};

const FEATURES: Readonly<Record<string, string>> = { 'shader-f16': 'half-precision numbers' };

const NO_GPU = 'This browser gives web pages no graphics card. What needs none works all the same.';

const MB_BYTES = 1e6;
const GB_BYTES = 1e9;
/** The browser counts the RAM in these, and everybody calls them GB. */
const GIB_BYTES = 1024 * MIB_BYTES;
/** Browsers round the RAM to a power of two: there may be half as much again. */
const RAM_ROUNDING = 1.5;

/** @param facts null: the browser gives no GPU. */
export function gpuReport(facts: GpuFacts | null, packs: readonly Pack[]): GpuReport {
  return {
    facts,
    summary: facts ? summaryOf(facts) : [NO_GPU],
    fits: Object.fromEntries(packs.map((pack) => [pack.id, fitOf(pack, facts)])),
  };
}

function summaryOf(facts: GpuFacts): readonly string[] {
  const { name, software, check } = facts;
  const sentences: string[] = [];
  const wrong = check?.wrong.filter(isEssential) ?? [];
  if (wrong.length > 0) sentences.push(`This graphics card gets ${named(wrong)} wrong, so it is not used.`);
  if (software) {
    sentences.push('This is no real graphics card: the processor imitates one, which is very slow.');
  }
  sentences.push(`The browser calls the graphics card “${name}”.`);
  if (!check) sentences.push('Whether it computes correctly has not been checked yet.');
  else if (wrong.length === 0) sentences.push(verdictOf(check));
  return [...sentences, featuresOf(facts), limitsOf(facts), ramOf(facts)];
}

function featuresOf({ features }: GpuFacts): string {
  const able = features.includes('shader-f16') ? 'computes' : 'does not compute';
  return `It ${able} with half-precision numbers, which most large models need.`;
}

function limitsOf({ bufferBytes }: GpuFacts): string {
  return `It gives at most ${size(bufferBytes)} of memory in one piece.`;
}

function ramOf({ ramHintGib }: GpuFacts): string {
  if (ramHintGib === null) return 'The browser does not tell how much memory this computer has.';
  const ram = ramWords(ramHintGib);
  const amount = ramHintGib >= RAM_CAP_GIB ? `${ram} or more` : `about ${ram}`;
  return `The browser puts this computer's memory at ${amount}.`;
}

function verdictOf({ subgroups, wrong }: GpuCheck): string {
  const exception = wrong.length > 0 ? ` all but ${named(wrong)}` : '';
  const slower = subgroups ? '' : ', without a shortcut that gave wrong results';
  return `It was checked and computes${exception} correctly${slower}.`;
}

function fitOf({ gpu, workingSetBytes }: Pack, facts: GpuFacts | null): PackFit {
  const obstacle = gpu ? obstacleOf(gpu, facts) : '';
  if (gpu?.required && obstacle !== '') return { fits: false, onGpu: false, reason: obstacle };
  const memory = memoryOf(workingSetBytes, facts?.ramHintGib ?? null);
  const reasons = [
    obstacle && `${obstacle} It runs on the processor instead, which is slower.`,
    gpu?.required && facts?.software ? 'It will be very slow: the processor imitates the graphics card.' : '',
    memory.reason,
  ];
  return {
    fits: memory.fits,
    onGpu: gpu !== null && obstacle === '',
    reason: reasons.filter((reason) => reason !== '').join(' '),
  };
}

/** Why it cannot run on the GPU; empty when it can. */
function obstacleOf({ features, bufferBytes, operators }: GpuNeeds, facts: GpuFacts | null): string {
  if (!facts) return 'It is made for a graphics card, and this browser gives web pages none.';
  const wrong = facts.check?.wrong ?? [];
  const bars = wrong.filter((operator) => isEssential(operator) || operators.includes(operator));
  if (bars.length > 0) return `The graphics card gets ${named(bars)} wrong.`;
  const missing = features.filter((feature) => !facts.features.includes(feature));
  if (missing.length > 0) {
    const words = missing.map((feature) => FEATURES[feature] ?? `“${feature}”`);
    return `It uses ${listed(words)}, which the graphics card does not offer.`;
  }
  if (bufferBytes > facts.bufferBytes) {
    return `It takes ${size(bufferBytes)} of memory in one piece; the graphics card gives ${size(facts.bufferBytes)} at most.`;
  }
  return '';
}

/** Browsers tell nothing of the graphics card's own memory: the computer's is the only hint. */
function memoryOf(bytes: number, ramHintGib: number | null): Pick<PackFit, 'fits' | 'reason'> {
  if (ramHintGib === null || bytes <= ramHintGib * GIB_BYTES) return { fits: true, reason: '' };
  const needs = `It takes about ${size(bytes)} of memory while it works`;
  const ram = ramWords(ramHintGib);
  if (ramHintGib >= RAM_CAP_GIB) {
    return { fits: true, reason: `${needs}; the browser tells only that there are at least ${ram}.` };
  }
  const fits = bytes <= ramHintGib * RAM_ROUNDING * GIB_BYTES;
  const but = fits ? ', which may not be enough' : '';
  return { fits, reason: `${needs}; this computer has about ${ram}${but}.` };
}

function named(operators: readonly CheckedOperator[]): string {
  return listed(operators.map((operator) => OPERATORS[operator]));
}

function listed(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** As the browser gives it. */
function ramWords(gib: number): string {
  return `${gib}\u00A0GB`;
}

/** Decimal, in three digits, as the shelf tells all sizes. */
function size(bytes: number): string {
  const isSmall = bytes < 999.5 * MB_BYTES;
  const amount = Number((bytes / (isSmall ? MB_BYTES : GB_BYTES)).toPrecision(3));
  // A no-break space: the unit stays with its number.
  return `${amount}\u00A0${isSmall ? 'MB' : 'GB'}`;
}
