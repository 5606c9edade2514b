import type { Face } from '../../core/face';
import { closedSides } from '../../core/face';
import type { IrisFound } from '../../pipeline/irisOf';
import { knownGroup } from '../opening';
import type { Picture } from '../picture.svelte';
import type { Session } from '../session.svelte';

/** The colour that the photos show now of the face's eyes; null: none shows it. @throws as `irisOf` */
export async function seenIris(
  session: Session,
  picture: Picture,
  face: Face,
  signal: AbortSignal,
): Promise<IrisFound | null> {
  const tools = await session.tools();
  const group = await knownGroup(picture, session.pictures, tools, signal);
  // Identities may have come with the group.
  const known = group.self.faces.find(({ index }) => index === face.index) ?? face;
  const { irisOf, engines } = tools.workshop;
  return await irisOf(known, closedSides(known), group, engines, signal);
}
