/** Ways to paint that have a name. Words, size and number of pictures belong to none. */
import { type Config, DEFAULT_CONFIG } from './config';

export type PaintPreset = 'fast' | 'recommended' | 'hq' | 'documented';

interface PresetValues {
  readonly generation: Pick<
    Config['generation'],
    'guidanceScale' | 'guidanceRescale' | 'numInferenceSteps' | 'scheduler' | 'strength' | 'prefill' | 'seed'
  >;
  readonly refiner: Omit<Config['refiner'], 'prompt' | 'negativePrompt'>;
}

const RECOMMENDED = presetValues(DEFAULT_CONFIG);

export const PAINT_PRESETS: Readonly<Record<PaintPreset, PresetValues>> = {
  /** Half the steps, by the solver that needs the fewest. */
  fast: {
    ...RECOMMENDED,
    generation: { ...RECOMMENDED.generation, scheduler: 'dpm++2m-karras', numInferenceSteps: 14 },
  },
  recommended: RECOMMENDED,
  /** More steps, and the refiner over what came out. */
  hq: {
    generation: { ...RECOMMENDED.generation, scheduler: 'dpm++2m-karras', numInferenceSteps: 40 },
    refiner: { ...RECOMMENDED.refiner, enabled: true, strength: 0.25, numInferenceSteps: 24 },
  },
  /** What the documentation of the original system gives; the rest as recommended. */
  documented: {
    generation: { ...RECOMMENDED.generation, guidanceScale: 15, numInferenceSteps: 30, seed: 42 },
    refiner: {
      ...RECOMMENDED.refiner,
      enabled: true,
      strength: 0.4,
      numInferenceSteps: 5,
      guidanceScale: 20,
    },
  },
};

/** `own`: no preset's. */
export function presetOf(config: Config): PaintPreset | 'own' {
  const values = JSON.stringify(presetValues(config));
  const presets = Object.keys(PAINT_PRESETS) as PaintPreset[];
  return (
    presets.find((preset) => JSON.stringify(presetValues(withPreset(config, preset))) === values) ?? 'own'
  );
}

/** Those that cannot be painted without a refiner. */
export function needsRefiner(preset: PaintPreset): boolean {
  return PAINT_PRESETS[preset].refiner.enabled;
}

export function withPreset(config: Config, preset: PaintPreset): Config {
  const { generation, refiner } = PAINT_PRESETS[preset];
  return {
    ...config,
    generation: { ...config.generation, ...generation },
    refiner: { ...config.refiner, ...refiner },
  };
}

function presetValues({ generation, refiner }: Config): PresetValues {
  const { guidanceScale, guidanceRescale, numInferenceSteps, scheduler, strength, prefill, seed } =
    generation;
  const { prompt: _, negativePrompt: __, ...rest } = refiner;
  return {
    generation: { guidanceScale, guidanceRescale, numInferenceSteps, scheduler, strength, prefill, seed },
    refiner: rest,
  };
}
