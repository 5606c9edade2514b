/** Seeds as a person types them, or has one drawn. */
import { CONFIG_FIELDS } from '../core/config';

export const { min: LEAST_SEED, max: MOST_SEED } = CONFIG_FIELDS.generation.seed;

/** 0..4294967295, by chance */
export function anotherSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0]!;
}

/** Null: it is none. */
export function seedOf(text: string): number | null {
  const digits = text.trim();
  const seed = Number(digits);
  return /^\d+$/.test(digits) && seed <= MOST_SEED ? seed : null;
}
