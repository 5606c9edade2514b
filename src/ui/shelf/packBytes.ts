import type { Pack } from '../../core/pack';

/** Of all its files; 0 where nobody knows before it is converted. */
export function packBytes(pack: Pack): number {
  return pack.files.reduce((sum, { bytes }) => sum + bytes, 0);
}
