/** Where the files of a pack may be fetched, in the order they are asked. The disk was looked at before. */
import { AppError } from '../core/errors';
import type { Pack } from '../core/pack';
import type { PackRequest } from '../core/packDisk';

export interface Source {
  /** Address of the folder that its paths are of. */
  readonly base: string;
  /** Of the app itself. */
  readonly isOwn: boolean;
  readonly host: string;
  urlOf(path: string): string;
}

/**
 * @param modelsUrl the app's own `models` folder, with a slash at its end
 * @throws AppError bad-request when the mirror is not a web address
 */
export function sourcesOf(
  modelsUrl: string,
  pack: Pick<Pack, 'id' | 'baseUrl'>,
  { mirror }: PackRequest,
): readonly Source[] {
  const bases = [pack.baseUrl, mirror ? `${mirrorUrl(mirror)}${pack.id}/` : null];
  const others = bases.filter((base) => base !== null).map((base) => source(base, false));
  return [source(`${modelsUrl}${pack.id}/`, true), ...others];
}

function source(base: string, isOwn: boolean): Source {
  return {
    base,
    isOwn,
    host: new URL(base).host,
    urlOf: (path) => base + path.split('/').map(encodeURIComponent).join('/'),
  };
}

function mirrorUrl(mirror: string): string {
  const url = URL.canParse(mirror.trim()) ? new URL(mirror.trim()) : null;
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') {
    const details = { field: 'mirror', found: mirror, allowed: 'a web address that begins with https://' };
    throw new AppError('bad-request', `the mirror ${mirror} is not a web address`, details);
  }
  return url.href.endsWith('/') ? url.href : `${url.href}/`;
}
