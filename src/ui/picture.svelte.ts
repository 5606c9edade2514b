import type { AppError } from '../core/errors';
import { closedSides, type Face } from '../core/face';
import type { PhotoInfo, PhotoView } from '../core/photo';
import type { Raster } from '../core/raster';
import type { FaceRun, Run } from '../core/run';
import type { MakeDraft } from './making/makeDraft';
import type { PaintDraft } from './painting/paintDraft';

export type PictureStatus = 'waiting' | 'reading' | 'looking' | 'ready' | 'failed';

/** A person's word: this face is the person at `donorFace` of `donor` (null: in no other photo). */
export interface Link {
  readonly face: number;
  readonly donor: Picture;
  readonly donorFace: number | null;
}

/** One dropped file and all that is known of it. Big values are raw and replaced whole. */
export class Picture {
  readonly key: string = crypto.randomUUID();
  readonly file: File;
  status = $state<PictureStatus>('waiting');
  info = $state.raw<PhotoInfo | null>(null);
  faces = $state.raw<readonly Face[]>([]);
  run = $state.raw<Run | null>(null);
  error = $state.raw<AppError | null>(null);
  /** For the screen; held only while the picture is selected. */
  before = $state.raw<PhotoView | null>(null);
  after = $state.raw<PhotoView | null>(null);
  thumbnail = $state.raw<ImageBitmap | null>(null);
  /** Small upright square of each face, by face index. */
  portraits = $state.raw<ReadonlyMap<number, Raster<'crop'>>>(new Map());
  links = $state.raw<readonly Link[]>([]);
  /** Faces whose result a person has accepted. */
  kept = $state.raw<ReadonlySet<number>>(new Set());
  /** What a person wants painted, by face index. */
  drafts = $state.raw<ReadonlyMap<number, PaintDraft>>(new Map());
  /** What a person wants of the built-in network, by face index. */
  makeDrafts = $state.raw<ReadonlyMap<number, MakeDraft>>(new Map());
  saved = $state(false);

  constructor(file: File) {
    this.file = file;
  }

  /** As if it had not been looked at. */
  forgetFaces(): void {
    this.status = 'waiting';
    this.error = null;
    this.faces = [];
    this.portraits = new Map();
    this.links = [];
    this.run = null;
    this.kept = new Set();
    this.drafts = new Map();
    this.makeDrafts = new Map();
  }

  get name(): string {
    return this.file.name;
  }

  get closedFaces(): readonly Face[] {
    return this.faces.filter((face) => closedSides(face).length > 0);
  }

  /** Closed faces that no finished run has answered for the eyes that are closed now. */
  get todo(): readonly Face[] {
    return this.closedFaces.filter((face) => {
      const done = this.faceRun(face.index);
      return !done || done.status === 'cancelled' || done.sides.join() !== closedSides(face).join();
    });
  }

  get placedCount(): number {
    return this.run?.faces.filter((face) => face.placement).length ?? 0;
  }

  faceRun(index: number): FaceRun | null {
    return this.run?.faces.find((face) => face.face.index === index) ?? null;
  }
}
