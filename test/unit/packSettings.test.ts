import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { AppError } from '../../src/core/errors';
import { packSettings } from '../../workers/diffusion/packSettings';
import { SCHEDULER as twinScheduler } from '../fakes/sdxlPack';

/** SDXL's own scheduler_config.json, as far as convert.py keeps it. */
const SCHEDULER = { ...twinScheduler, use_karras_sigmas: false, interpolation_type: 'linear' };
const SETTINGS = {
  kind: 'base',
  channels: 9,
  scalingFactor: 0.13025,
  forceUpcast: true,
  forceZerosForEmptyPrompt: true,
  requiresAestheticsScore: false,
  sideMultiple: 32,
  scheduler: SCHEDULER,
};
/** `undefined` takes a field out. */
const jsonOf = (change: object, scheduler: object = {}): string =>
  JSON.stringify({ ...SETTINGS, scheduler: { ...SCHEDULER, ...scheduler }, ...change });
const scheduleOf = (scheduler: object) => packSettings(jsonOf({}, scheduler)).schedule;

const refusalOf = (json: string): AppError => {
  try {
    packSettings(json);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
};

test('an inpainting model and a refiner', () => {
  expect(packSettings(JSON.stringify(SETTINGS))).toEqual({
    kind: 'base',
    channels: 9,
    forceZerosForEmptyPrompt: true,
    sideMultiple: 32,
    schedule: { kind: 'euler', prediction: 'epsilon' },
  });
  const refiner = {
    kind: 'refiner',
    channels: 4,
    forceZerosForEmptyPrompt: false,
    sideMultiple: 64,
  };
  expect(packSettings(jsonOf({ ...refiner, requiresAestheticsScore: true }))).toEqual({
    ...refiner,
    schedule: { kind: 'euler', prediction: 'epsilon' },
  });
});

describe('the checkpoint’s scheduler', () => {
  const lcm = { _class_name: 'LCMScheduler' };
  const dpm = { _class_name: 'DPMSolverMultistepScheduler', interpolation_type: undefined };
  test.each([
    ['euler', {}],
    ['euler', { use_karras_sigmas: null, interpolation_type: undefined }],
    ['euler-trailing', { timestep_spacing: 'trailing', steps_offset: 0 }],
    ['dpm++2m', dpm],
    ['dpm++2m-karras', { ...dpm, use_karras_sigmas: true }],
    ['dpm++2m-karras', { ...dpm, use_karras_sigmas: true, timestep_spacing: 'linspace', steps_offset: 0 }],
    ['lcm', lcm],
    [
      'lcm',
      { ...lcm, original_inference_steps: 50, timestep_scaling: 10, clip_sample: false, trained_betas: null },
    ],
    // Of what these do not read nothing is refused.
    ['euler', { solver_order: 3, thresholding: true, clip_sample: true, sigma_min: 0.03, sigma_max: 14.5 }],
    [
      'dpm++2m',
      {
        ...dpm,
        lower_order_final: false,
        euler_at_final: true,
        timestep_type: 'continuous',
        sigma_min: 0.04,
      },
    ],
    ['dpm++2m-karras', { ...dpm, use_karras_sigmas: true, use_lu_lambdas: true, sigma_max: null }],
    ['lcm', { ...lcm, use_karras_sigmas: true, use_beta_sigmas: true, algorithm_type: 'sde-dpmsolver++' }],
  ])('is %s for %j', (kind, scheduler) => {
    expect(scheduleOf(scheduler)).toEqual({ kind, prediction: 'epsilon' });
    expect(scheduleOf({ ...scheduler, prediction_type: 'v_prediction' })).toEqual({
      kind,
      prediction: 'v_prediction',
    });
  });

  test('that leaves settings out has those of diffusers', () => {
    const { schedule } = packSettings(jsonOf({ scheduler: lcm }));
    expect(schedule).toEqual({ kind: 'lcm', prediction: 'epsilon' });
    const euler = refusalOf(jsonOf({ scheduler: { _class_name: 'EulerDiscreteScheduler' } }));
    expect(euler.details).toMatchObject({ field: 'scheduler.beta_start', found: '0.0001' });
  });

  const refused: [object, string, string][] = [
    [{ _class_name: 'DDIMScheduler' }, '_class_name', 'DDIMScheduler'],
    [{ _class_name: undefined }, '_class_name', 'nothing'],
    [{ num_train_timesteps: 500 }, 'num_train_timesteps', '500'],
    [{ beta_start: 0.001 }, 'beta_start', '0.001'],
    [{ beta_start: '0.00085' }, 'beta_start', '0.00085'],
    [{ beta_end: 0.02 }, 'beta_end', '0.02'],
    [{ beta_schedule: undefined }, 'beta_schedule', 'linear'],
    [{ rescale_betas_zero_snr: true }, 'rescale_betas_zero_snr', 'true'],
    [{ prediction_type: 'sample' }, 'prediction_type', 'sample'],
    [{ final_sigmas_type: 'sigma_min' }, 'final_sigmas_type', 'sigma_min'],
    [{ timestep_spacing: undefined }, 'timestep_spacing', 'linspace'],
    [{ steps_offset: undefined }, 'steps_offset', '0'],
    [{ use_karras_sigmas: true }, 'use_karras_sigmas', 'true'],
    [{ use_karras_sigmas: 'no' }, 'use_karras_sigmas', 'no'],
    [{ interpolation_type: 'log_linear' }, 'interpolation_type', 'log_linear'],
    [{ ...dpm, timestep_spacing: 'trailing' }, 'timestep_spacing', 'trailing'],
    [{ ...dpm, steps_offset: 0 }, 'steps_offset', '0'],
    [{ ...dpm, use_karras_sigmas: 1 }, 'use_karras_sigmas', '1'],
    [{ trained_betas: [0.0008, 0.0013] }, 'trained_betas', '[0.0008,0.0013]'],
    [{ use_exponential_sigmas: true }, 'use_exponential_sigmas', 'true'],
    [{ use_beta_sigmas: true }, 'use_beta_sigmas', 'true'],
    [{ prediction_type: 'v_prediction', timestep_type: 'continuous' }, 'timestep_type', 'continuous'],
    [{ ...dpm, trained_betas: [] }, 'trained_betas', '[]'],
    [{ ...dpm, use_exponential_sigmas: true }, 'use_exponential_sigmas', 'true'],
    [{ ...dpm, use_beta_sigmas: true }, 'use_beta_sigmas', 'true'],
    [{ ...dpm, use_lu_lambdas: true }, 'use_lu_lambdas', 'true'],
    [{ ...dpm, use_flow_sigmas: true }, 'use_flow_sigmas', 'true'],
    [{ ...dpm, algorithm_type: 'sde-dpmsolver++' }, 'algorithm_type', 'sde-dpmsolver++'],
    [{ ...dpm, solver_order: 3 }, 'solver_order', '3'],
    [{ ...dpm, solver_type: 'heun' }, 'solver_type', 'heun'],
    [{ ...dpm, thresholding: true }, 'thresholding', 'true'],
    [{ ...dpm, use_karras_sigmas: true, sigma_min: 0.03 }, 'sigma_min', '0.03'],
    [{ ...dpm, use_karras_sigmas: true, sigma_max: 14.5 }, 'sigma_max', '14.5'],
    [{ ...dpm, use_karras_sigmas: true, solver_order: 1 }, 'solver_order', '1'],
    [{ ...lcm, trained_betas: 0.0008 }, 'trained_betas', '0.0008'],
    [{ ...lcm, thresholding: true }, 'thresholding', 'true'],
    [{ ...lcm, clip_sample: true }, 'clip_sample', 'true'],
    [{ ...lcm, original_inference_steps: 100 }, 'original_inference_steps', '100'],
    [{ ...lcm, timestep_scaling: 1 }, 'timestep_scaling', '1'],
  ];

  test.each(refused)('is refused with %j', (scheduler, key, found) => {
    const { code, message, details } = refusalOf(jsonOf({}, scheduler));
    expect(code).toBe('model-corrupt');
    expect(details).toMatchObject({ path: 'settings.json', field: `scheduler.${key}`, found });
    expect(message).toBe(`settings.json: scheduler.${key} is ${found}, and must be ${details['allowed']}`);
  });

  test('reaches us with every setting that may be refused', () => {
    const converter = readFileSync(
      resolve(import.meta.dirname, '../../tools/models/sdxl/checkpoint.py'),
      'utf8',
    );
    const kept = converter.match(/SCHEDULER_KEYS = \(([^)]*)\)/)![1]!.match(/\w+/g);
    expect(kept).toEqual(expect.arrayContaining(refused.map(([, key]) => key)));
  });

  test('is not shown whole where it is long', () => {
    const { message } = refusalOf(jsonOf({}, { trained_betas: Array.from({ length: 1000 }, () => 0.0008) }));
    expect(message).toMatch(
      /^settings\.json: scheduler\.trained_betas is \[0\.0008.{1,60}…, and must be absent$/,
    );
  });

  test('of SDXL-Turbo is refused with the reason', () => {
    const turbo = { _class_name: 'EulerAncestralDiscreteScheduler', timestep_spacing: 'trailing' };
    const { message, details } = refusalOf(jsonOf({}, turbo));
    expect(message).toMatch(/it draws noise at every step/);
    expect(details).toEqual({
      path: 'settings.json',
      field: 'scheduler._class_name',
      found: 'EulerAncestralDiscreteScheduler',
      allowed: 'EulerDiscreteScheduler or DPMSolverMultistepScheduler or LCMScheduler',
    });
  });
});

test.each([
  [{ kind: 'inpaint' }, 'kind', 'inpaint', 'base or refiner'],
  [{ channels: 5 }, 'channels', '5', '4 or 9'],
  [{ channels: '9' }, 'channels', '9', '4 or 9'],
  [{ kind: 'refiner', requiresAestheticsScore: true }, 'channels', '9', '4'],
  [{ scalingFactor: 0.18215 }, 'scalingFactor', '0.18215', '0.13025'],
  [{ scalingFactor: undefined }, 'scalingFactor', 'nothing', '0.13025'],
  [{ forceZerosForEmptyPrompt: 0 }, 'forceZerosForEmptyPrompt', '0', 'true or false'],
  [{ requiresAestheticsScore: undefined }, 'requiresAestheticsScore', 'nothing', 'false'],
  [{ requiresAestheticsScore: true }, 'requiresAestheticsScore', 'true', 'false'],
  [{ kind: 'refiner', channels: 4 }, 'requiresAestheticsScore', 'false', 'true'],
  [{ sideMultiple: 12 }, 'sideMultiple', '12', 'a multiple of 8'],
  [{ sideMultiple: 0 }, 'sideMultiple', '0', 'a multiple of 8'],
  [{ sideMultiple: -32 }, 'sideMultiple', '-32', 'a multiple of 8'],
  [{ sideMultiple: '32' }, 'sideMultiple', '32', 'a multiple of 8'],
  [{ scheduler: undefined }, 'scheduler', 'nothing', 'an object'],
  [{ scheduler: ['euler'] }, 'scheduler', '["euler"]', 'an object'],
])('%j is refused: it says where, what and what is allowed', (change, field, found, allowed) => {
  const { code, message, details } = refusalOf(jsonOf(change));
  expect(code).toBe('model-corrupt');
  expect(details).toEqual({ path: 'settings.json', field, found, allowed });
  expect(message).toBe(`settings.json: ${field} is ${found}, and must be ${allowed}`);
});

test.each(['', '{', '{"kind": "base",}'])('%j is no JSON', (json) => {
  const { code, message, details } = refusalOf(json);
  expect(code).toBe('model-corrupt');
  expect(message).toMatch(/^settings\.json is not valid JSON: SyntaxError/);
  expect(details).toMatchObject({ path: 'settings.json', allowed: 'JSON' });
});

test.each(['null', '[]', '7', '"base"'])('%s is JSON, and no settings', (json) => {
  expect(refusalOf(json).details).toEqual({
    path: 'settings.json',
    field: 'the whole',
    found: json.replaceAll('"', ''),
    allowed: 'an object',
  });
});
