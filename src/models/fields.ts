/** Reads fields of parsed JSON; what is wrong is named by its place in the file. */
import { AppError } from '../core/errors';

const SHA256 = /^[0-9a-f]{64}$/;

/** @throws AppError model-corrupt */
export function refuse(at: string, wanted: string): never {
  throw new AppError('model-corrupt', `the model catalog is wrong: ${at} must be ${wanted}`, {
    field: at,
    wanted,
  });
}

export function field(value: unknown, key: string, at: string): unknown {
  if (typeof value !== 'object' || value === null || !(key in value)) {
    return refuse(`${at}.${key}`, 'a value');
  }
  return (value as Record<string, unknown>)[key];
}

export function text(value: unknown, key: string, at: string): string {
  const found = field(value, key, at);
  return typeof found === 'string' && found !== '' ? found : refuse(`${at}.${key}`, 'a text');
}

export function flag(value: unknown, key: string, at: string): boolean {
  const found = field(value, key, at);
  return typeof found === 'boolean' ? found : refuse(`${at}.${key}`, 'true or false');
}

export function count(value: unknown, key: string, at: string): number {
  const found = field(value, key, at);
  return Number.isSafeInteger(found) && (found as number) > 0
    ? (found as number)
    : refuse(`${at}.${key}`, 'a positive whole number');
}

export function choice<T extends string>(value: unknown, key: string, at: string, options: readonly T[]): T {
  const found = field(value, key, at) as T;
  return options.includes(found) ? found : refuse(`${at}.${key}`, `one of ${options.join(', ')}`);
}

export function hash(value: unknown, at: string): string {
  return typeof value === 'string' && SHA256.test(value) ? value : refuse(at, 'a SHA-256 in lower-case hex');
}

export function list<T>(
  value: unknown,
  key: string,
  at: string,
  parse: (item: unknown, at: string) => T,
): readonly T[] {
  const found = field(value, key, at);
  if (!Array.isArray(found)) return refuse(`${at}.${key}`, 'a list');
  return found.map((item, i) => parse(item, `${at}.${key}[${i}]`));
}

export function orNull<T>(
  value: unknown,
  key: string,
  at: string,
  parse: (item: unknown, at: string) => T,
): T | null {
  const found = field(value, key, at);
  return found === null ? null : parse(found, `${at}.${key}`);
}
