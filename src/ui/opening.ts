/** One picture's way down the road: donors opened, old faces taken off, run shown as it folds. */
import type { Config } from '../core/config';
import { AppError } from '../core/errors';
import { closedSides, type Face } from '../core/face';
import type { NoCandidateReason } from '../core/generation';
import type { PhotoId } from '../core/photo';
import { laidNow, type Run } from '../core/run';
import type { RunRequest } from '../pipeline/request';
import type { KnownPhoto, Match } from '../pipeline/sources';
import type { Link, Picture } from './picture.svelte';
import { recognise } from './recognise';
import { merged, photoLoss, reasonOf, takenOff } from './runs';
import type { Tools } from './tools';
import type { Workshop } from './workshop';

/** A face whose new eyes were not kept: the ones it had stay. */
export interface Stayed {
  readonly face: number;
  readonly why: NoCandidateReason | AppError;
}

/** What a person wants of one opening: for single faces, and in place of the settings. */
export type Asked = Partial<Pick<RunRequest, 'config' | 'paintWishes' | 'openWishes'>>;

/** What is to be opened, and how. */
interface Opening extends Asked {
  readonly picture: Picture;
  readonly faces: readonly Face[];
  /** Those that may lend eyes, and the picture itself. */
  readonly pictures: readonly Picture[];
  readonly config: Config;
}

/** @throws AppError when the photo could not be used, or was lost on the way. AbortError. */
export async function openPicture(
  { picture, faces, pictures, config, ...wishes }: Opening,
  { workshop, openPhotos }: Tools,
  signal: AbortSignal,
  report: (done: number) => void,
): Promise<readonly Stayed[]> {
  const group = await knownGroup(picture, pictures, { workshop, openPhotos }, signal);
  const wanted = new Set(faces.map(({ index }) => index));
  const choices = picture.faces
    .map((face) => ({ face, sides: wanted.has(face.index) ? closedSides(face) : [] }))
    .filter(({ face, sides }) => sides.length > 0 || isOnlyRestored(face, picture, config));
  const photo = group.self.photo.id;
  const earlier = picture.run;
  const request = { ...group, choices, config, ...wishes };
  picture.saved = false;
  let loss: AppError | null = null;
  let stayed: readonly Stayed[] = [];
  try {
    await takeOff(
      picture,
      choices.map(({ face }) => face.index),
      photo,
      workshop,
      signal,
    );
    const rest = picture.run;
    const run = await workshop.openTheEyes(request, workshop.engines, signal, (latest) => {
      picture.run = merged(rest, latest);
      report(latest.progress);
    });
    loss = photoLoss(run);
  } finally {
    if (!loss && earlier) stayed = await putBack(picture, earlier, photo, workshop);
  }
  if (loss) throw loss;
  return stayed;
}

/** The picture and those that may lend to it, open and with everybody's identity. @throws as `openPicture` */
export async function knownGroup(
  picture: Picture,
  pictures: readonly Picture[],
  { workshop, openPhotos }: Tools,
  signal: AbortSignal,
): Promise<Pick<RunRequest, 'self' | 'donors' | 'matches'>> {
  const others = pictures.filter((p) => p !== picture && p.status === 'ready' && p.faces.length);
  const tools = { workshop, openPhotos };
  if (others.length) await recognise(picture, tools, signal);
  const donors: Picture[] = [];
  for (const other of others) {
    try {
      await recognise(other, tools, signal);
      await openPhotos.use(other, signal);
      donors.push(other);
    } catch (error) {
      // Its file is gone: it says so itself, and the others may lend.
      if (!(error instanceof AppError && error.code === 'photo-unreadable')) throw error;
      other.status = 'failed';
      other.error = error;
    }
  }
  await openPhotos.use(picture, signal);
  const links = picture.links.filter(({ donor }) => donors.includes(donor));
  return { self: known(picture), donors: donors.map(known), matches: links.map(matchOf) };
}

/** Faces that were open before and are not now, by a cancel or a refusal, are as they were. */
async function putBack(
  picture: Picture,
  earlier: Run,
  id: PhotoId,
  workshop: Workshop,
): Promise<readonly Stayed[]> {
  const stayed: Stayed[] = [];
  for (const faceRun of earlier.faces) {
    const { face } = faceRun;
    const laid = laidNow(faceRun);
    const now = picture.faceRun(face.index);
    if (!laid || now?.placement) continue;
    const why = now?.error ?? (now && reasonOf(now));
    if (why) stayed.push({ face: face.index, why });
    const anyway = new AbortController().signal;
    await workshop.engines.photo.place(id, face.index, laid.frame, laid.square, anyway);
    picture.run = merged(picture.run, { ...(picture.run ?? earlier), faces: [faceRun] });
  }
  return stayed;
}

/** Faces without an eye to open, where all are to be restored; once. */
function isOnlyRestored(face: Face, picture: Picture, { restoration }: Config): boolean {
  return restoration.mode === 'all' && !closedSides(face).length && !picture.faceRun(face.index)?.placement;
}

export function known(picture: Picture): KnownPhoto {
  return { photo: picture.info!, faces: picture.faces };
}

function matchOf({ face, donor, donorFace }: Link): Match {
  return { face, donorPhoto: donor.info!.id, donorFace };
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
