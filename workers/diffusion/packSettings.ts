/** `settings.json` of a converted checkpoint (tools/models/sdxl/convert.py): what the pipeline must know of it, checked. */
import { AppError } from '../../src/core/errors';
import { SCALING_FACTOR } from './latents';
import { LATENT_PX } from './picture';
import { TIMESTEP_SCALING } from './schedule/lcm';
import type { Prediction, ScheduleKind } from './schedule/schedule';
import { LCM_STEPS, STEPS_OFFSET } from './schedule/spacing';
import { BETA_END, BETA_START, TRAIN_TIMESTEPS } from './schedule/training';

export interface PackSettings {
  readonly kind: 'base' | 'refiner';
  /** That the UNet takes: 9 sees mask and masked picture. */
  readonly channels: 4 | 9;
  /** Where no negative prompt is given: zeros, not the texts of ''. */
  readonly forceZerosForEmptyPrompt: boolean;
  /** Both sides of a picture are multiples of it, px; itself a multiple of 8. */
  readonly sideMultiple: number;
  /** The checkpoint's own. */
  readonly schedule: { readonly kind: ScheduleKind; readonly prediction: Prediction };
}

type Scalar = string | number | boolean;
type Fields = Readonly<Record<string, unknown>>;

const PATH = 'settings.json';
/** Characters of a refused value that are shown: `trained_betas` are a thousand numbers. */
const LONGEST_FOUND = 60;

const SCHEDULERS = ['EulerDiscreteScheduler', 'DPMSolverMultistepScheduler', 'LCMScheduler'] as const;

/** diffusers' own, for what a scheduler's config leaves out. */
const DEFAULTS = {
  num_train_timesteps: 1000,
  beta_start: 0.0001,
  beta_end: 0.02,
  beta_schedule: 'linear',
  rescale_betas_zero_snr: false,
  prediction_type: 'epsilon',
  timestep_spacing: 'linspace',
  steps_offset: 0,
  use_karras_sigmas: false,
  use_exponential_sigmas: false,
  use_beta_sigmas: false,
  use_lu_lambdas: false,
  use_flow_sigmas: false,
  final_sigmas_type: 'zero',
  interpolation_type: 'linear',
  timestep_type: 'discrete',
  algorithm_type: 'dpmsolver++',
  solver_order: 2,
  solver_type: 'midpoint',
  thresholding: false,
  clip_sample: false,
  original_inference_steps: 50,
  timestep_scaling: 10,
};
const LCM_DEFAULTS = { ...DEFAULTS, beta_start: 0.00085, beta_end: 0.012, beta_schedule: 'scaled_linear' };

/**
 * @throws AppError model-corrupt when the text is no such file or the checkpoint is one that the pipeline does not know:
 * `details` name `path`, `field`, what was `found` and what is `allowed`.
 */
export function packSettings(json: string): PackSettings {
  const all = fieldsOf(parsed(json), 'the whole');
  expectOneOf(all, 'scalingFactor', [SCALING_FACTOR]);
  const kind = expectOneOf(all, 'kind', ['base', 'refiner']);
  // A refiner's time ids end with a score, a base's do not (timeIds.ts).
  expectOneOf(all, 'requiresAestheticsScore', [kind === 'refiner']);
  const { sideMultiple } = all;
  if (!isWholeLatents(sideMultiple))
    return refuse('sideMultiple', sideMultiple, `a multiple of ${LATENT_PX}`);
  return {
    kind,
    // Nobody trained a refiner that sees a mask.
    channels: expectOneOf(all, 'channels', kind === 'base' ? [4, 9] : [4]),
    forceZerosForEmptyPrompt: expectOneOf(all, 'forceZerosForEmptyPrompt', [true, false]),
    sideMultiple,
    schedule: scheduleOf(fieldsOf(all['scheduler'], 'scheduler')),
  };
}

/**
 * Of diffusers' `scheduler_config.json`. What changes nothing is not looked at: what a scheduler does not read, and
 * DPMSolverMultistepScheduler's `lower_order_final` and `euler_at_final`, since the last step, to a σ of zero, is of the
 * first order anyway.
 */
function scheduleOf(given: Fields): PackSettings['schedule'] {
  const scheduler = expectOneOf(given, '_class_name', SCHEDULERS, 'scheduler.', {
    EulerAncestralDiscreteScheduler:
      'it draws noise at every step, which only a run of one step, EulerDiscreteScheduler’s trailing, can do without',
  });
  const config = withDefaults(given, scheduler === 'LCMScheduler' ? LCM_DEFAULTS : DEFAULTS);
  const expectSetting = <T extends Scalar>(key: keyof typeof DEFAULTS, allowed: readonly T[]): T =>
    expectOneOf(config, key, allowed, 'scheduler.');
  const expectDefaults = (...keys: (keyof typeof DEFAULTS)[]): void => {
    for (const key of keys) expectSetting(key, [DEFAULTS[key]]);
  };
  expectAbsent(given, 'trained_betas');
  expectSetting('num_train_timesteps', [TRAIN_TIMESTEPS]);
  expectSetting('beta_start', [BETA_START]);
  expectSetting('beta_end', [BETA_END]);
  expectSetting('beta_schedule', ['scaled_linear']);
  expectDefaults('rescale_betas_zero_snr');
  const prediction = expectSetting('prediction_type', ['epsilon', 'v_prediction']);
  if (scheduler === 'LCMScheduler') {
    expectDefaults('thresholding', 'clip_sample');
    expectSetting('original_inference_steps', [LCM_STEPS]);
    expectSetting('timestep_scaling', [TIMESTEP_SCALING]);
    return { kind: 'lcm', prediction };
  }

  expectDefaults('final_sigmas_type', 'use_exponential_sigmas', 'use_beta_sigmas');
  if (scheduler === 'DPMSolverMultistepScheduler') {
    expectDefaults('algorithm_type', 'solver_order', 'solver_type', 'thresholding', 'use_flow_sigmas');
    if (expectSetting('use_karras_sigmas', [true, false])) {
      // Karras' levels lie between the ends of the table, whatever the spacing.
      expectAbsent(given, 'sigma_min');
      expectAbsent(given, 'sigma_max');
      return { kind: 'dpm++2m-karras', prediction };
    }
    expectDefaults('use_lu_lambdas');
    expectSetting('timestep_spacing', ['leading']);
    expectSetting('steps_offset', [STEPS_OFFSET]);
    return { kind: 'dpm++2m', prediction };
  }
  expectDefaults('use_karras_sigmas', 'interpolation_type');
  if (prediction === 'v_prediction') expectDefaults('timestep_type');
  if (expectSetting('timestep_spacing', ['leading', 'trailing']) === 'trailing') {
    return { kind: 'euler-trailing', prediction };
  }
  expectSetting('steps_offset', [STEPS_OFFSET]);
  return { kind: 'euler', prediction };
}

/** Null is left out, too: diffusers' optional settings. */
function withDefaults(given: Fields, defaults: Fields): Fields {
  return Object.fromEntries(Object.entries(defaults).map(([key, value]) => [key, given[key] ?? value]));
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    const details = { path: PATH, field: 'the whole', found: String(cause), allowed: 'JSON' };
    throw new AppError('model-corrupt', `${PATH} is not valid JSON: ${cause}`, details, { cause });
  }
}

function fieldsOf(value: unknown, field: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refuse(field, value, 'an object');
  }
  return value as Fields;
}

function isWholeLatents(value: unknown): value is number {
  return typeof value === 'number' && value > 0 && value % LATENT_PX === 0;
}

/** @param reasons why some values are not among them. */
function expectOneOf<const T extends Scalar>(
  fields: Fields,
  key: string,
  allowed: readonly T[],
  at = '',
  reasons: Readonly<Record<string, string>> = {},
): T {
  const found = fields[key];
  const known = allowed.find((value) => value === found);
  return known ?? refuse(`${at}${key}`, found, allowed.join(' or '), reasons[String(found)]);
}

/** Null is absent, too. */
function expectAbsent(given: Fields, key: string): void {
  const found = given[key] ?? null;
  if (found !== null) refuse(`scheduler.${key}`, found, 'absent');
}

function refuse(field: string, value: unknown, allowed: string, reason?: string): never {
  const whole = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
  const found = whole.length > LONGEST_FOUND ? `${whole.slice(0, LONGEST_FOUND)}…` : whole;
  const message = `${PATH}: ${field} is ${found}, and must be ${allowed}${reason ? `: ${reason}` : ''}`;
  throw new AppError('model-corrupt', message, { path: PATH, field, found, allowed });
}
