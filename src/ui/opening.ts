/** One picture's way down the road: donors on the shelf, old faces taken off, run shown as it folds. */
import type { Config } from '../core/config';
import type { AppError } from '../core/errors';
import { closedSides, type Face } from '../core/face';
import type { PhotoId } from '../core/photo';
import type { Run } from '../core/run';
import type { KnownPhoto } from '../pipeline/sources';
import type { Picture } from './picture.svelte';
import { recognise } from './recognise';
import { engineLoss, merged, takenOff } from './runs';
import type { Tools } from './tools';
import type { Workshop } from './workshop';

/** More donor photos than this cost memory and rarely win. */
const MOST_DONORS = 8;

/** @throws AppError when the photo could not be used; engine-lost when an engine died on the way. AbortError. */
export async function openPicture(
  picture: Picture,
  faces: readonly Face[],
  pictures: readonly Picture[],
  config: Config,
  { workshop, shelf }: Tools,
  signal: AbortSignal,
  report: (done: number) => void,
): Promise<void> {
  const others = pictures.filter((p) => p !== picture && p.status === 'ready' && p.faces.length);
  for (const each of others.length ? [picture, ...others] : [])
    await recognise(each, { workshop, shelf }, signal);
  const wanted = new Set(faces.map(({ index }) => index));
  const choices = picture.faces
    .filter(({ index }) => wanted.has(index))
    .map((face) => ({ face, sides: closedSides(face) }))
    .filter(({ sides }) => sides.length > 0);
  const self = known(picture);
  const donors = bestDonors(picture, choices, others, workshop);
  for (const donor of donors) await shelf.use(donor, signal);
  const photo = await shelf.use(picture, signal);
  const earlier = picture.run;
  const request = {
    self: { ...self, photo },
    choices,
    donors: donors.map(known),
    matches: matchesOf(picture),
    config,
  };
  picture.saved = false;
  let loss: AppError | null;
  try {
    await takeOff(
      picture,
      choices.map(({ face }) => face.index),
      photo.id,
      workshop,
      signal,
    );
    const rest = picture.run;
    const run = await workshop.openTheEyes(request, workshop.engines, signal, (latest) => {
      picture.run = merged(rest, latest);
      report(latest.progress);
    });
    loss = engineLoss(run);
  } finally {
    if (signal.aborted && earlier) await putBack(picture, earlier, photo.id, workshop);
  }
  if (loss) throw loss;
}

/** A cancel leaves faces that were open before as they were. */
async function putBack(picture: Picture, earlier: Run, id: PhotoId, workshop: Workshop): Promise<void> {
  for (const faceRun of earlier.faces) {
    const { face, frame, candidates, pickedId, placement } = faceRun;
    const picked = candidates.find(({ candidate }) => candidate.id === pickedId);
    if (!placement || !frame || !picked || picture.faceRun(face.index)?.placement) continue;
    await workshop.engines.photo.place(id, face.index, frame, picked.blended, new AbortController().signal);
    picture.run = merged(picture.run, { ...(picture.run ?? earlier), faces: [faceRun] });
  }
}

function known(picture: Picture): KnownPhoto {
  return { photo: picture.info!, faces: picture.faces };
}

function matchesOf(picture: Picture) {
  return picture.links.map(({ face, donor, donorFace }) => ({ face, donorPhoto: donor.info!.id, donorFace }));
}

/** The pictures that serve most of the faces; those a person named first. */
function bestDonors(
  picture: Picture,
  choices: readonly { readonly face: Face; readonly sides: ReturnType<typeof closedSides> }[],
  others: readonly Picture[],
  workshop: Workshop,
): readonly Picture[] {
  const uses = new Map<Picture, number>();
  const use = (donor: Picture | undefined, weight: number) =>
    donor && uses.set(donor, (uses.get(donor) ?? 0) + weight);
  for (const { donor } of picture.links) use(donor, 100);
  for (const { face, sides } of choices) {
    const found = workshop.donorsFor(face, sides, known(picture), others.map(known), matchesOf(picture));
    for (const { photo, score } of found)
      use(
        others.find(({ info }) => info?.id === photo.id),
        score,
      );
  }
  const ranked = [...uses].sort((a, b) => b[1] - a[1]);
  return ranked.slice(0, MOST_DONORS).map(([donor]) => donor);
}

async function takeOff(
  picture: Picture,
  faces: readonly number[],
  id: string,
  workshop: Workshop,
  signal: AbortSignal,
): Promise<void> {
  for (const face of faces) {
    if (!picture.run || !picture.faceRun(face)?.placement) continue;
    await workshop.engines.photo.undo(id, face, signal);
    picture.run = takenOff(picture.run, face);
  }
}
