/** What a painter refuses before it loads anything. */
import { AppError } from '../../src/core/errors';
import type { PaintFace, PaintRequest, PaintSettings } from '../../src/core/painting';
import { kindOf, type Packs, stepsOf } from './begin';
import { mostSteps } from './schedule/schedule';

const MOST_SEED = 2 ** 32 - 1;

/** @throws AppError bad-request (`details.field`, `found`, `allowed`) */
export function expectPaintable({ faces, plan }: PaintRequest, packs: Packs): void {
  const { base, refiner } = packs;
  const multiple = Math.max(base.sideMultiple, refiner?.sideMultiple ?? 1);
  expect(
    'side',
    plan.sidePx,
    plan.sidePx > 0 && plan.sidePx % multiple === 0,
    `a multiple of ${multiple} px`,
  );
  for (const face of faces) {
    expect('picture', face.picture.width, isSquare(face, plan.sidePx), `a square of ${plan.sidePx} px`);
    expect('variations', face.variations.length, face.variations.length > 0, 'at least one');
    for (const { seed } of face.variations) {
      const isSeed = Number.isInteger(seed) && seed >= 0 && seed <= MOST_SEED;
      expect('seed', seed, isSeed, `a whole number from 0 to ${MOST_SEED}`);
    }
    expectSettings(face.settings, packs);
  }
}

function isSquare({ picture, area }: PaintFace, sidePx: number): boolean {
  return (
    picture.width === sidePx && picture.height === sidePx && area.width === area.height && area.width > 0
  );
}

function expectSettings(settings: PaintSettings, packs: Packs): void {
  const { refiner } = settings;
  expectSteps('numInferenceSteps', settings.steps, mostSteps[kindOf(settings, packs.base)]);
  expectShare('strength', settings.strength);
  expectShare('guidanceRescale', settings.guidanceRescale);
  expect('guidanceScale', settings.guidanceScale, Number.isFinite(settings.guidanceScale), 'a number');
  if (refiner && packs.refiner) {
    const { guidanceScale } = refiner;
    expect('refiner.guidanceScale', guidanceScale, Number.isFinite(guidanceScale), 'a number');
    if (refiner.by === 'picture') {
      expectSteps('refiner.numInferenceSteps', refiner.steps, mostSteps[kindOf(settings, packs.refiner)]);
      expectShare('refiner.strength', refiner.strength);
    } else {
      expect(
        'refiner.switchAt',
        refiner.switchAt,
        refiner.switchAt > 0 && refiner.switchAt < 1,
        'a number between 0 and 1',
      );
    }
  }
  const values: Readonly<Record<string, number | undefined>> = {
    strength: settings.strength,
    'refiner.strength': refiner?.strength,
    'refiner.switchAt': refiner?.switchAt,
  };
  for (const [field, steps] of Object.entries(stepsOf(settings, packs)))
    expectTaken(field, values[field]!, steps);
}

function expectTaken(field: string, found: number, steps: () => number): void {
  try {
    steps();
  } catch (cause) {
    const allowed = 'so much that each model takes a step';
    throw new AppError('bad-request', String(cause), { field, found, allowed }, { cause });
  }
}

function expectSteps(field: string, steps: number, most: number): void {
  const fits = Number.isInteger(steps) && steps >= 1 && steps <= most;
  expect(field, steps, fits, `a whole number from 1 to ${most}`);
}

function expectShare(field: string, share: number): void {
  expect(field, share, share >= 0 && share <= 1, 'a number from 0 to 1');
}

function expect(field: string, found: number, isRight: boolean, allowed: string): void {
  if (isRight) return;
  throw new AppError('bad-request', `${field} is ${found}; allowed is ${allowed}`, { field, found, allowed });
}
