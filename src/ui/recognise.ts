import type { Picture } from './picture.svelte';
import type { Tools } from './tools';

/** Gives the picture's faces their identity where it was not asked for yet; what a person changed meanwhile stays. */
export async function recognise(
  picture: Picture,
  { workshop, openPhotos }: Tools,
  signal: AbortSignal,
): Promise<void> {
  if (picture.faces.every(({ identity }) => identity !== undefined)) return;
  const { id } = await openPhotos.use(picture, signal);
  const faces = await workshop.identified(id, picture.faces, workshop.engines, signal);
  const identities = new Map(faces.map(({ index, identity }) => [index, identity]));
  picture.faces = picture.faces.map((face) => ({ ...face, identity: identities.get(face.index) ?? null }));
}
