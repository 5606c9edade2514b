import type { Pack } from '../core/pack';
import { FileKeeper } from './fileKeeper';
import type { Tell } from './news';

/** The files of a pack, in order; `tell` hears of all of them together, now and whenever something comes. */
export async function openKeepers(pack: Pack, tell: Tell): Promise<readonly FileKeeper[]> {
  const keepers: FileKeeper[] = [];
  const onProgress = () => {
    const done = keepers.reduce((sum, { doneBytes }) => sum + doneBytes, 0);
    const total = keepers.reduce((sum, { bytes, file }) => sum + (bytes ?? file.bytes), 0);
    tell(done, total);
  };
  for (const file of pack.files) keepers.push(await FileKeeper.open(pack, file, onProgress));
  onProgress();
  return keepers;
}
