import { openOnce } from './openOnce';

/** A worker's device, checked. Its code is fetched with it: most computers ask for none here, or have none. */
export const checkedGpu = openOnce(async (signal) => {
  const [{ createGpu }, { diskMemory }] = await Promise.all([import('./gpu'), import('./diskMemory')]);
  return createGpu(diskMemory).open(signal);
});
