/**
 * The one typed configuration, JSON in and out. JSON keys are the snake_case of the names here
 * (`cropOutputSize` ↔ `crop_output_size`); groups are objects (`refiner.negative_prompt`).
 */
import { AppError } from './errors';

interface NumberField {
  readonly kind: 'number';
  readonly value: number;
  readonly min: number;
  readonly max: number;
  /** Values are multiples of it, 1 for whole numbers; null: any number. */
  readonly multipleOf: number | null;
}
interface ChoiceField<T extends string> {
  readonly kind: 'choice';
  readonly value: T;
  readonly options: readonly T[];
}
interface FlagField {
  readonly kind: 'flag';
  readonly value: boolean;
}
interface TextField {
  readonly kind: 'text';
  readonly value: string;
}
type Field = NumberField | ChoiceField<string> | FlagField | TextField;
type Group = Readonly<Record<string, Field>>;

const real = (value: number, min: number, max: number): NumberField => ({
  kind: 'number',
  value,
  min,
  max,
  multipleOf: null,
});
const whole = (value: number, min: number, max: number, multipleOf = 1): NumberField => ({
  kind: 'number',
  value,
  min,
  max,
  multipleOf,
});
const flag = (value: boolean): FlagField => ({ kind: 'flag', value });
const text = (value: string): TextField => ({ kind: 'text', value });
const choice = <const T extends string>(value: NoInfer<T>, options: readonly T[]): ChoiceField<T> => ({
  kind: 'choice',
  value,
  options,
});

/** Every field with its default and range. The type below is derived from this table. */
export const CONFIG_FIELDS = {
  detection: {
    /** `auto`: Buffalo_L where its pack is on this computer, the embedded one otherwise. */
    detector: choice('auto', ['auto', 'embedded', 'buffalo_l', 'retinaface']),
    /** Where Buffalo_L's and RetinaFace's networks run; `gpu` after its self-check. The embedded ones take no GPU. */
    device: choice('cpu', ['cpu', 'gpu']),
    /** Side of the square in which Buffalo_L first looks at the whole photo, px. */
    detSize: whole(640, 32, 2048, 32),
    /** Whose thresholds and pre-processing RetinaFace has: CodeFormer's facelib or facexlib. */
    retinafaceVariant: choice('facelib', ['facelib', 'facexlib']),
    /** px² of the lid ring on the 512-px FFHQ square; below: closed. */
    closedArea: real(260, 0, 20_000),
    /** px² as above; below: unsure. */
    unsureArea: real(330, 0, 20_000),
    closedAspectRatio: real(0.16, 0, 1),
    unsureAspectRatio: real(0.22, 0, 1),
    /** True: the original system's rule. An eye is closed below `closedArea` px² of the picture as it is, else open. */
    legacyArea: flag(false),
  },
  crop: {
    /** Side of the square in px; 0 = the face's natural size, up to 2048. */
    cropOutputSize: whole(0, 0, 2048),
    /** The larger eye gives the mask size for both. */
    useLargerEye: flag(false),
  },
  generation: {
    generator: choice('auto', ['auto', 'donor', 'built-in', 'sdxl']),
    numVariations: whole(4, 0, 16),
    /**
     * Each line is a wording of its own, and goes with the same line of the other texts. A phrase with `{iris}` is left
     * out where the colour of the person's eyes is not known.
     */
    prompt: text(
      'photo of a person with open eyes, looking at the camera, natural eyelids, {iris} iris, sharp focus',
    ),
    negativePrompt: text('closed eyes, half-closed eyes, blurry, deformed iris, cross-eyed, makeup, drawing'),
    guidanceScale: real(7, 0, 50),
    guidanceRescale: real(0, 0, 1),
    numInferenceSteps: whole(28, 1, 1000),
    /** `auto`: the one that the model was made with. */
    scheduler: choice('auto', ['auto', 'euler', 'dpm++2m-karras', 'lcm']),
    strength: real(0.9, 0, 1),
    /** Side of the square that is painted, px; 0 = as large as the graphics card allows, up to 1024. */
    paintedSize: whole(0, 0, 1024, 64),
    /** A plain open eye is drawn in place of the closed one before painting begins. */
    prefill: flag(true),
    seed: whole(42, 0, 0xffff_ffff),
    /** How far the built-in eyes open; 1: as eyes usually do. */
    openness: real(1, 0.7, 1.3),
  },
  /** Who words variations of what the painter is told, when a person asks for them. */
  wording: {
    speaker: choice('rules', ['rules', 'webllm', 'cpu', 'browser']),
    /** Of WebLLM: a name of its list, or the web address of a model. Empty: the best that fits. */
    model: text(''),
    /** Web address of the compiled library of a model that is named by its address. */
    library: text(''),
    temperature: real(0.9, 0, 2),
  },
  refiner: {
    enabled: flag(false),
    /** `picture`: the painted picture is gone over once more. `latents`: the refiner does the last steps itself. */
    by: choice('picture', ['picture', 'latents']),
    /** Empty: the painter's own. */
    prompt: text(''),
    negativePrompt: text(''),
    guidanceScale: real(5, 0, 50),
    /** Of them `strength` are done. For `picture`. */
    numInferenceSteps: whole(20, 1, 1000),
    strength: real(0.3, 0, 1),
    /** Share of the steps that the painter does, for `latents`. */
    switchAt: real(0.8, 0.1, 0.99),
  },
  blend: {
    /** Width of the soft edge in px at a square of 512 px. */
    feather: real(25, 0, 100),
    colourMatch: flag(true),
    grainMatch: flag(true),
    gradientDomain: flag(false),
  },
  restoration: {
    /** `eyes`: of what was opened, where a restorer is on this computer. `all`: also faces in which no eye is opened. */
    mode: choice('eyes', ['off', 'eyes', 'face', 'all']),
    /** `auto`: the best that is here. */
    restorer: choice('auto', ['auto', 'codeformer', 'gfpgan']),
    /** 0: the restorer's best guess at a good face; 1: as near as it can to this one. */
    fidelity: real(0.7, 0, 1),
  },
  output: {
    format: choice('same', ['same', 'png', 'jpeg', 'webp']),
    /** 0 = near the source's own quality. */
    quality: whole(0, 0, 100),
    keepGps: flag(true),
    /** By how much the saved photo is larger, restored faces with it. */
    enlarge: whole(1, 1, 4),
    verbose: flag(false),
  },
} as const satisfies Readonly<Record<string, Group>>;

type ValueOf<F> =
  F extends ChoiceField<infer T>
    ? T
    : F extends NumberField
      ? number
      : F extends FlagField
        ? boolean
        : string;
type Fields = typeof CONFIG_FIELDS;
export type Config = {
  readonly [G in keyof Fields]: { readonly [K in keyof Fields[G]]: ValueOf<Fields[G][K]> };
};

export const DEFAULT_CONFIG: Config = Object.fromEntries(
  Object.entries(CONFIG_FIELDS).map(([group, fields]) => [
    group,
    Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.value])),
  ]),
) as unknown as Config;

const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The config as JSON text that `parseConfig` reads back to an equal config. */
export function formatConfig(config: Config): string {
  const groups = Object.entries(config).map(([group, values]) => [
    group,
    Object.fromEntries(Object.entries(values).map(([name, value]) => [snake(name), value])),
  ]);
  return JSON.stringify(Object.fromEntries(groups), null, 2);
}

/**
 * Reads a config, partial ones are merged over `base`. The original system's files have fields of groups at their top:
 * such a name belongs to the first group below that has it, unless that group names it too.
 * @returns the config and the JSON paths that nothing here knows.
 * @throws AppError bad-request, naming the field, what was found and what is allowed.
 */
export function parseConfig(
  json: string,
  base: Config = DEFAULT_CONFIG,
): { config: Config; unknown: readonly string[] } {
  const input = grouped(asObject(parseJson(json), 'config'));
  const known = new Set(Object.keys(CONFIG_FIELDS));
  const unknown = Object.keys(input).filter((key) => !known.has(key));
  const groups = Object.entries(CONFIG_FIELDS).map(([group, fields]: [string, Group]) => {
    const values = asObject(input[group] ?? {}, group);
    const names = new Map(Object.keys(fields).map((name) => [snake(name), name]));
    unknown.push(
      ...Object.keys(values)
        .filter((key) => !names.has(key))
        .map((key) => `${group}.${key}`),
    );
    const merged: Record<string, unknown> = { ...base[group as keyof Config] };
    for (const [key, name] of names) {
      if (values[key] !== undefined) merged[name] = checked(fields[name]!, values[key], `${group}.${key}`);
    }
    return [group, merged];
  });
  return { config: Object.fromEntries(groups) as unknown as Config, unknown };
}

/** A painter's fields come first: `strength` and `prompt` are the painter's, a refiner's are in their group. */
const TOP_ORDER: readonly (keyof Config)[] = [
  'generation',
  'detection',
  'crop',
  'blend',
  'restoration',
  'output',
];

function grouped(input: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const groupOf = (key: string) =>
    TOP_ORDER.find((group) => Object.keys(CONFIG_FIELDS[group]).some((name) => snake(name) === key));
  const entries = Object.entries(input);
  const groups = Object.fromEntries(entries.filter(([key]) => !groupOf(key)));
  for (const [key, value] of entries) {
    const group = groupOf(key);
    if (group) groups[group] = { [key]: value, ...asObject(groups[group] ?? {}, group) };
  }
  return groups;
}

function checked(field: Field, value: unknown, path: string): unknown {
  const refuse = (allowed: string): never => {
    const found = JSON.stringify(value);
    throw new AppError('bad-request', `${path} is ${found}; allowed is ${allowed}`, {
      field: path,
      found,
      allowed,
    });
  };
  switch (field.kind) {
    case 'number': {
      const fits = typeof value === 'number' && value >= field.min && value <= field.max;
      const { multipleOf } = field;
      const whole = multipleOf === null ? '' : 'whole ';
      const steps = multipleOf === null || multipleOf === 1 ? '' : `, a multiple of ${multipleOf}`;
      const range = `a ${whole}number from ${field.min} to ${field.max}${steps}`;
      return fits && (multipleOf === null || value % multipleOf === 0) ? value : refuse(range);
    }
    case 'choice':
      return field.options.includes(value as string) ? value : refuse(`one of ${field.options.join(', ')}`);
    case 'flag':
      return typeof value === 'boolean' ? value : refuse('true or false');
    case 'text':
      return typeof value === 'string' ? value : refuse('a text');
  }
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new AppError(
      'bad-request',
      'the config is not valid JSON',
      { reason: String(error) },
      { cause: error },
    );
  }
}

function asObject(value: unknown, path: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new AppError('bad-request', `${path} must be an object`, { field: path });
  }
  return value as Record<string, unknown>;
}
