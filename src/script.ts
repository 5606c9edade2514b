/**
 * The door for scripts: with `?script` in its address the page takes files through a hidden input and
 * answers calls on `window.openTheEyes`. The command line, the bench and the tests come in here, to the
 * same engines and the same road as the page.
 */
import { type Config, DEFAULT_CONFIG, parseConfig } from './core/config';
import { AppError } from './core/errors';
import { closedSides, type Face } from './core/face';
import type { PhotoInfo, SavedPhoto } from './core/photo';
import type { Choice } from './core/run';
import { connect } from './engines/connect';
import { json, verboseZip } from './pipeline/artifacts';
import { cropData } from './pipeline/cropData';
import { findFaces } from './pipeline/detect';
import { faceData } from './pipeline/faceData';
import { identified } from './pipeline/identity';
import { openTheEyes } from './pipeline/route';
import {
  type ErrorRecord,
  errorRecord,
  type FaceRecord,
  faceRecords,
  type LookedFace,
  lookedFace,
} from './pipeline/runRecord';
import { extensionOf, savingFor } from './pipeline/saving';
import type { KnownPhoto } from './pipeline/sources';

export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: ErrorRecord };

export interface Processed {
  readonly faces: readonly FaceRecord[];
  readonly faceData: string;
  readonly cropData: string;
  /** What `deliver` can hand out; null: nothing was opened. */
  readonly extension: string | null;
}

export interface ScriptDoor {
  /** @returns the names in the config that nothing here knows. */
  configure(config: string, overrides: string): Answer<readonly string[]>;
  /** Opens a chosen file and finds its faces. `vouched`: it shows people of the others. */
  look(file: number, vouched: boolean): Promise<Answer<readonly LookedFace[]>>;
  /** Opens every closed eye of a file that was looked at; other files that were looked at may lend theirs. */
  process(file: number): Promise<Answer<Processed>>;
  /** Does all of it as the page would, and tells how long each step took, ms. The file is closed again. */
  clock(file: number): Promise<Answer<Readonly<Record<string, number>>>>;
  /** Starts the download of the last processed photo or its verbose record. */
  deliver(what: 'photo' | 'verbose'): void;
}

declare global {
  interface Window {
    openTheEyes: ScriptDoor;
  }
}

/** Where a script has no wish the file is exact: pixels no face covers are those of the photo. */
const SCRIPT_DEFAULTS: Config = { ...DEFAULT_CONFIG, output: { ...DEFAULT_CONFIG.output, format: 'png' } };

/** Longest side of the picture on the screen. */
const VIEW_SIDE_PX = 2048;

const engines = connect();
/** A script that has enough ends the browser. */
const { signal } = new AbortController();
const input = document.createElement('input');
const known = new Map<number, KnownPhoto>();
const results = new Map<string, Blob>();
let config = SCRIPT_DEFAULTS;

Object.assign(input, { type: 'file', multiple: true, hidden: true, id: 'script-files' });
document.body.append(input);
window.openTheEyes = {
  configure(text, overrides) {
    try {
      const read = parseConfig(text, SCRIPT_DEFAULTS);
      config = parseConfig(overrides, read.config).config;
      return { ok: true, value: read.unknown };
    } catch (error) {
      return { ok: false, error: errorRecord(error) };
    }
  },
  look: (file, vouched) => answer(async () => (await look(file, vouched)).faces.map(lookedFace)),
  process: (file) => answer(() => process(file)),
  clock: (file) => answer(() => clock(file)),
  deliver(what) {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(results.get(what)!);
    link.download = what;
    link.click();
  },
};

async function look(file: number, vouched: boolean): Promise<KnownPhoto> {
  const photo = await open(file);
  const found = await findFaces(photo, engines, config.detection, signal);
  const alone = input.files?.length === 1;
  const faces = alone ? found : await identified(photo.id, found, engines, signal);
  const looked = { photo, faces, vouched };
  known.set(file, looked);
  return looked;
}

async function process(file: number): Promise<Processed> {
  const self = known.get(file) ?? (await look(file, false));
  const donors = [...known.values()].filter((other) => other !== self);
  const request = { self, choices: choicesOf(self.faces), donors, matches: [], config };
  const run = await openTheEyes(request, engines, signal, () => {});

  results.clear();
  const options = savingFor(self.photo, config, run);
  const changed = run.faces.some((face) => face.placement);
  let after: readonly Face[] | null = null;
  if (changed) {
    const saved = await engines.photo.save(self.photo.id, options, signal);
    results.set('photo', saved.blob);
    after = await facesIn(saved);
  }
  if (config.output.verbose) {
    results.set('verbose', await verboseZip(run, self, config, engines.photo, signal, after));
  }
  return {
    faces: faceRecords(self.faces, run, after),
    faceData: json(faceData(self, run.timestamp, config.detection)),
    cropData: json(cropData(run)),
    extension: changed ? extensionOf(options.format) : null,
  };
}

async function clock(file: number): Promise<Readonly<Record<string, number>>> {
  const times: Record<string, number> = {};
  const timed = async <T>(step: string, work: () => Promise<T>): Promise<T> => {
    const startMs = performance.now();
    const result = await work();
    times[step] = performance.now() - startMs;
    return result;
  };
  const photo = await timed('openMs', () => open(file));
  const view = async (withFaces: boolean) =>
    (await engines.photo.view(photo.id, VIEW_SIDE_PX, withFaces, signal)).bitmap.close();
  await timed('viewMs', () => view(false));
  const faces = await timed('facesMs', () => findFaces(photo, engines, config.detection, signal));
  const request = { self: { photo, faces }, choices: choicesOf(faces), donors: [], matches: [], config };
  await timed('runMs', () => openTheEyes(request, engines, signal, () => {}));
  await timed('openedViewMs', () => view(true));
  await engines.photo.close(photo.id, signal);
  return times;
}

function choicesOf(faces: readonly Face[]): readonly Choice[] {
  const isRestored = config.restoration.mode === 'all';
  return faces
    .map((face) => ({ face, sides: closedSides(face) }))
    .filter(({ sides }) => isRestored || sides.length > 0);
}

/** What the same detector sees in the file as it was saved. */
async function facesIn({ blob, name }: SavedPhoto): Promise<readonly Face[]> {
  const photo = await engines.photo.open(blob, name, signal);
  try {
    return await findFaces(photo, engines, config.detection, signal);
  } finally {
    await engines.photo.close(photo.id, signal);
  }
}

async function open(file: number): Promise<PhotoInfo> {
  const blob = input.files?.[file];
  if (!blob) throw new AppError('bad-request', `there is no file ${file}`, { file });
  return engines.photo.open(blob, blob.name, signal);
}

async function answer<T>(work: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return { ok: false, error: errorRecord(error) };
  }
}
