/** Settings in the page's address, as the command line has them: `?config=…&num-variations=4&verbose`. */
import { type Config, parseConfig } from '../core/config';
import { AppError, asAppError } from '../core/errors';
import type { Session } from './session.svelte';
import { errorSentence } from './words';

export interface AddressSettings {
  readonly config: Config;
  /** Names in the config that nothing here knows. */
  readonly unknown: readonly string[];
}

/** Takes them before the first photo; what is wrong with them is said, and the settings stay as they were. */
export async function readAddress(page: string, session: Pick<Session, 'config' | 'notices'>): Promise<void> {
  try {
    const read = await settingsOfAddress(page, session.config);
    if (!read) return;
    session.config = read.config;
    const unknown = read.unknown.join(', ');
    if (unknown) session.notices.say('info', `Settings of the address were taken, without ${unknown}.`);
  } catch (error) {
    const sentence = errorSentence(asAppError(error, 'bad-request'));
    session.notices.say('error', `The settings in the address were not taken. ${sentence}`);
  }
}

/**
 * `config` is JSON, or the address of a file of the app's own server: the page asks no other one.
 * @param page address of the page
 * @param read the text at an address of the same origin
 * @returns null: the address says nothing of settings
 * @throws AppError bad-request (`details.field`), and as `parseConfig` and `read`
 */
export async function settingsOfAddress(
  page: string,
  base: Config,
  read: (url: URL) => Promise<string> = textAt,
): Promise<AddressSettings | null> {
  const asked = new URL(page).searchParams;
  const [file, count, verbose] = ['config', 'num-variations', 'verbose'].map((name) => asked.get(name));
  if (file == null && count == null && verbose == null) return null;
  const overrides = {
    ...(count != null && { generation: { num_variations: countOf(count) } }),
    ...(verbose != null && { output: { verbose: flagOf(verbose) } }),
  };
  const { config, unknown } =
    file == null ? { config: base, unknown: [] } : parseConfig(await jsonOf(file, page, read), base);
  return { config: parseConfig(JSON.stringify(overrides), config).config, unknown };
}

async function jsonOf(file: string, page: string, read: (url: URL) => Promise<string>): Promise<string> {
  if (file.trim().startsWith('{')) return file;
  const url = new URL(file, page);
  if (url.origin !== new URL(page).origin) {
    throw wrong('config', file, 'JSON, or the address of a file beside the app');
  }
  return await read(url);
}

/** What is no number is refused by the range that it is not in. */
function countOf(text: string): number | string {
  return /^\d+$/.test(text.trim()) ? Number(text) : text;
}

/** `?verbose` alone says yes. */
function flagOf(text: string): boolean {
  if (['', '1', 'true'].includes(text)) return true;
  if (['0', 'false'].includes(text)) return false;
  throw wrong('verbose', text, 'nothing, true or false');
}

function wrong(field: string, found: string, allowed: string): AppError {
  return new AppError('bad-request', `${field} is ${found}; allowed is ${allowed}`, {
    field: `address.${field}`,
    found,
    allowed,
  });
}

async function textAt(url: URL): Promise<string> {
  const response = await fetch(url, { credentials: 'omit' });
  const isPage = response.headers.get('content-type')?.startsWith('text/html') ?? false;
  if (!response.ok || isPage) {
    throw new AppError('download-failed', `there is no config at ${url}`, {
      host: url.host,
      reason: `status ${response.status}`,
    });
  }
  return await response.text();
}
