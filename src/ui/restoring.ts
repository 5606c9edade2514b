/** One face restored because a person asked for it. */
import type { Config } from '../core/config';
import type { Face } from '../core/face';
import { fold, laidNow, pickedOf, startRun } from '../core/run';
import { timestampOf } from '../core/units';
import { known } from './opening';
import type { Picture } from './picture.svelte';
import { merged } from './runs';
import type { Tools } from './tools';

/** @throws AppError when the photo could not be used. AbortError */
export async function restorePicture(
  picture: Picture,
  face: Face,
  config: Config,
  { workshop, openPhotos }: Tools,
  signal: AbortSignal,
): Promise<void> {
  const photo = await openPhotos.use(picture, signal);
  const faceRun = picture.faceRun(face.index);
  const picked = faceRun?.placement ? pickedOf(faceRun) : null;
  const under = faceRun && laidNow(faceRun);
  // Eyes alone, where eyes were opened and the settings do not want more.
  const whole = !picked || config.restoration.mode === 'face' || config.restoration.mode === 'all';
  const request = {
    self: { ...known(picture), photo },
    choices: [{ face, sides: [] }],
    donors: [],
    matches: [],
    config: { ...config, restoration: { ...config.restoration, mode: 'face' as const } },
  };
  picture.saved = false;
  if (!faceRun) {
    const run = startRun(crypto.randomUUID(), timestampOf(new Date()), photo.id, request.choices, config);
    picture.run = merged(picture.run, run);
  }
  const { engines, restoreAll } = workshop;
  await restoreAll([{ face, extent: whole ? 'face' : 'eyes', under }], request, engines, signal, (event) => {
    if (picture.run) picture.run = fold(picture.run, event);
  }).finally(() => {
    if (picture.run) picture.run = fold(picture.run, { type: 'ended', status: 'done' });
  });
}
