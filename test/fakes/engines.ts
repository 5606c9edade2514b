/**
 * Engines for tests of flow only: they move tiny squares, record what was asked and fail where told.
 * Next to every test that uses them stands one with the real workers.
 */
import { untilAborted } from '../../src/core/abort';
import { AppError } from '../../src/core/errors';
import type { Detection, FaceMesh } from '../../src/core/face';
import type { Blended, Candidate, GenerationRequest, GenerationResult } from '../../src/core/generation';
import { type Point, point, scaling } from '../../src/core/geometry';
import type { OpenRequest } from '../../src/core/opening';
import type { PaintNews, PaintRequest, PaintResult } from '../../src/core/painting';
import type { PhotoInfo, Placement, SavedPhoto } from '../../src/core/photo';
import { plane, raster } from '../../src/core/raster';
import type { Laid, RestoredSquare, RestoreExtent, RestoreRequest } from '../../src/core/restoration';
import type {
  Engines,
  GeneratorEngine,
  OpenerEngine,
  PainterEngine,
  PhotoEngine,
  RestorerEngine,
  VisionEngine,
} from '../../src/engines/contracts';
import { EYES_106 } from '../../src/pipeline/points106';
import { makePhoto, meshPoints } from './faces';
import { type FakeGpuOptions, fakeGpu } from './gpu';
import { type FakeLanguage, type FakeLanguageOptions, fakeLanguage } from './language';
import { type FakePacks, type FakePacksOptions, fakePacks } from './packs';
import { wholeArea, wholeSquare } from './squares';

export interface FakeOptions {
  /** Ranks of the candidates each face gets, in the engine's order; none: it refuses. */
  readonly ranks?: readonly number[];
  /** Throws instead of answering. The call's own name and the face's place in the run choose when. */
  readonly failAt?: (method: string, nth: number) => Error | null;
  /** Called on entry of every method: a test may abort here. */
  readonly onCall?: (method: string, nth: number) => void;
  readonly detections?: readonly Detection<'view'>[];
  /** Meshes of the squares, in turn. None: what was placed last is seen, open or closed by `stayClosed`. */
  readonly meshes?: readonly FaceMesh<'crop'>[];
  /** Ranks of the candidates that leave the eyes closed; of a restored face 1 and its fidelity. */
  readonly stayClosed?: readonly number[];
  readonly photo?: PhotoInfo;
  /** Ranks of what the built-in network makes; absent: 0.6 and 0.5. */
  readonly openedRanks?: readonly number[];
  /** Ranks of what is painted for each variation; shorter: the rest fails. Absent: one for each, from 0.95 down. */
  readonly paintedRanks?: readonly number[];
  /** Opening goes on until it resolves. */
  readonly generateGate?: Promise<void>;
  /** Painting goes on until it resolves, with this news. */
  readonly paintGate?: Promise<void>;
  readonly paintNews?: PaintNews;
  /** What of the prompt was too long for the painter. */
  readonly cut?: string;
  /** What the restorer answers beyond its own. */
  readonly restored?: (request: RestoreRequest) => Partial<RestoredSquare>;
  readonly packs?: FakePacksOptions;
  readonly gpu?: FakeGpuOptions;
  readonly language?: FakeLanguageOptions;
}

export interface FakeEngines extends Engines {
  readonly packs: FakePacks;
  readonly language: FakeLanguage;
  readonly calls: string[];
  /** What the built-in network was asked, in turn. */
  readonly opened: OpenRequest[];
  /** What the painter was asked, in turn. */
  readonly painted: PaintRequest[];
  /** What the restorer was asked, in turn. */
  readonly restored: RestoreRequest[];
  /** How much of each face was to be fitted, in turn. */
  readonly fitted: RestoreExtent[];
  /** What lies over the photo at the moment: face index → candidate's first pixel value. */
  readonly placed: Map<number, number>;
}

const identityFrame = {
  sidePx: 4000,
  toCrop: scaling<'photo', 'crop'>(1, 1),
  toPhoto: scaling<'crop', 'photo'>(1, 1),
};

export function fakeEngines(options: FakeOptions = {}): FakeEngines {
  const calls: string[] = [];
  const opened: OpenRequest[] = [];
  const painted: PaintRequest[] = [];
  const restored: RestoreRequest[] = [];
  const fitted: RestoreExtent[] = [];
  const placed = new Map<number, number>();
  let latest = 0;
  const enter = (method: string, signal: AbortSignal) => {
    calls.push(method);
    const nth = calls.filter((call) => call === method).length - 1;
    options.onCall?.(method, nth);
    signal.throwIfAborted();
    const error = options.failAt?.(method, nth);
    if (error) throw error;
  };

  const photo: PhotoEngine = {
    async open(_file, name, signal): Promise<PhotoInfo> {
      enter('open', signal);
      return { ...(options.photo ?? makePhoto(name)), name };
    },
    async view(_photo, _maxSidePx, _withFaces, signal) {
      enter('view', signal);
      const bitmap = await createImageBitmap(new ImageData(4, 3));
      return { bitmap, toPhoto: { a: 200, b: 0, c: 0, d: 200, tx: 0, ty: 0 } };
    },
    async regions(_photo, requests, signal) {
      enter('regions', signal);
      return requests.map((r) => raster<'view'>(r.widthPx, r.heightPx));
    },
    async cut(_photo, frames, signal) {
      enter('cut', signal);
      return frames.map(() => raster<'crop'>(2, 2));
    },
    async cutPlaced(_photo, frames, signal) {
      enter('cutPlaced', signal);
      return frames.map(() => raster<'crop'>(2, 2, new Uint8ClampedArray(16).fill(latest)));
    },
    async blend(_photo, _frame, candidate, _settings, signal): Promise<Blended> {
      enter('blend', signal);
      return wholeSquare(candidate.pixels, plane(2, 2));
    },
    async place(_photo, face, _frame, square, signal): Promise<Placement> {
      enter('place', signal);
      latest = square.pixels.data[0]!;
      placed.set(face, latest);
      return { face, area: { x: 10 + face, y: 20 + face, width: 30, height: 40 } };
    },
    async fitRestored(_photo, _face, _frame, restored, extent, _settings, signal): Promise<Laid | null> {
      fitted.push(extent);
      enter('fitRestored', signal);
      return { frame: identityFrame, square: wholeSquare(restored.face, plane(2, 2)) };
    },
    async undo(_photo, face, signal) {
      enter('undo', signal);
      placed.delete(face);
      latest = 0;
    },
    async save(_photo, saving, signal): Promise<SavedPhoto> {
      enter('save', signal);
      return {
        blob: new Blob(['saved'], { type: `image/${saving.format}` }),
        name: `saved.${saving.format}`,
      };
    },
    async encode(squares, signal) {
      enter('encode', signal);
      return squares.map((_, i) => new Blob([`square ${i}`], { type: 'image/png' }));
    },
    async masks(sidePx, shapes, signal) {
      enter('masks', signal);
      return shapes.map(() => raster<'crop'>(sidePx, sidePx));
    },
    async close(_photo, signal) {
      enter('close', signal);
    },
  };

  const vision: VisionEngine = {
    async ready({ detector }, signal) {
      enter('ready', signal);
      return detector === 'auto' ? 'embedded' : detector;
    },
    async detect(_look, signal) {
      enter('detect', signal);
      return options.detections ?? [];
    },
    async landmarks(squares, signal) {
      enter('landmarks', signal);
      const { meshes, stayClosed = [] } = options;
      if (meshes) return squares.map((_, i) => meshes[i % meshes.length]!);
      return squares.map((square) => {
        const state = stayClosed.some((rank) => Math.round(rank * 100) === square.data[0])
          ? 'closed'
          : 'open';
        const points = meshPoints(scaling<'crop', 'crop'>(256, 256), { left: state, right: state });
        return { layout: 'mediapipe-478', points, presence: 0.98 };
      });
    },
    /** Closed eyes: both lids on a line. */
    async points106(squares, _device, signal) {
      enter('points106', signal);
      return squares.map(closedPoints106);
    },
    /** Everybody is one person. */
    async identify(chips, signal) {
      enter('identify', signal);
      return chips.map(() => new Float32Array(128));
    },
    /** Everybody has brown eyes. */
    async eyeColours(_square, _eye, signal) {
      enter('eyeColours', signal);
      return { iris: { red: 94, green: 61, blue: 42 }, sclera: null };
    },
  };

  const donor: GeneratorEngine = {
    async generate(request, signal): Promise<GenerationResult> {
      enter('generate', signal);
      const source = request.sources[0];
      if (!source) throw new AppError('GEN_001', 'the fake needs a source');
      await untilAborted(options.generateGate ?? Promise.resolve(), signal);
      const ranks = options.ranks ?? [0.4, 0.8];
      return {
        candidates: ranks.map((rank, i) => fakeCandidate(request, rank, i)),
        refusals: ranks.length ? [] : [{ sourceId: source.id, reason: 'eye-covered' }],
      };
    },
  };

  const opener: OpenerEngine = {
    async open(request, signal) {
      opened.push(request);
      enter('openFace', signal);
      const ranks = options.openedRanks ?? [0.6, 0.5];
      return ranks.map((rank, i) => madeCandidate('built-in', request.photoName, rank, i));
    },
  };

  const painter: PainterEngine = {
    async paint(request, signal, report): Promise<PaintResult> {
      painted.push(request);
      enter('paint', signal);
      const preview = { face: 0, picture: raster<'paint'>(2, 2) };
      report?.(options.paintNews ?? { done: 0.5, phase: 'painting', secondsLeft: 7, preview });
      await untilAborted(options.paintGate ?? Promise.resolve(), signal);
      return {
        faces: request.faces.map(({ variations, photoName }) => ({
          ...paintedEyes(variations.length, photoName, options.paintedRanks),
          cut: options.cut ?? '',
        })),
        loads: { unet: 1 },
        timesMs: { total: 30, networks: 20, loading: 8 },
      };
    },
  };

  const restorer: RestorerEngine = {
    /** The face carries its fidelity, so that a test sees which one was placed. */
    async restore(request, signal, report): Promise<RestoredSquare> {
      restored.push(request);
      report?.('opening');
      enter('restore', signal);
      report?.('restoring');
      const { face, ...more } = options.restored?.(request) ?? {};
      return {
        face: face ?? raster<'crop'>(2, 2, new Uint8ClampedArray(16).fill(100 + 100 * request.fidelity)),
        parsed: null,
        movedCodes: 1,
        fixed: false,
        ...more,
      };
    },
  };

  const packs = fakePacks(options.packs);
  const gpu = fakeGpu(options.gpu);
  const language = fakeLanguage(options.language);
  return {
    photo,
    vision,
    donor,
    opener,
    painter,
    restorer,
    language,
    packs,
    gpu,
    calls,
    placed,
    opened,
    painted,
    restored,
    fitted,
  };
}

/** The candidate's pixels carry its rank, so that a test sees which one was placed. */
function fakeCandidate(request: GenerationRequest, rank: number, i: number): Candidate {
  const pixels = raster<'crop'>(2, 2);
  pixels.data.fill(Math.round(rank * 100));
  const source = request.sources[0]!;
  return {
    id: `${source.id}#${i}`,
    generator: 'donor',
    area: wholeArea(pixels),
    pixels,
    mask: plane(2, 2),
    rank,
    origin: { kind: source.kind, photoName: source.photoName, sourceId: source.id },
    notes: [],
  };
}

function madeCandidate(
  generator: 'built-in' | 'sdxl',
  photoName: string,
  rank: number,
  i: number,
): Candidate {
  const pixels = raster<'crop'>(2, 2);
  pixels.data.fill(Math.round(rank * 100));
  return {
    id: `${generator}-${i}`,
    generator,
    area: wholeArea(pixels),
    pixels,
    mask: plane(2, 2),
    rank,
    origin: { kind: generator === 'sdxl' ? 'painted' : generator, photoName, sourceId: `seed ${i}` },
    notes: [],
  };
}

function paintedEyes(count: number, photoName: string, ranks?: readonly number[]) {
  const all = ranks ?? Array.from({ length: count }, (_, i) => 0.95 - 0.01 * i);
  const candidates = all.map((rank, i) => madeCandidate('sdxl', photoName, rank, i));
  const failures = Array.from({ length: count - all.length }, () => ({
    code: 'GEN_001' as const,
    message: 'it came out as no picture',
    details: { reason: 'not-finite' },
  }));
  return { candidates, failures };
}

function closedPoints106(): Point<'crop'>[] {
  const points = Array.from({ length: 106 }, () => point<'crop'>(96, 150));
  for (const [side, x] of [
    ['right', 50],
    ['left', 110],
  ] as const) {
    const { ring } = EYES_106[side];
    // To the corner at image-right and back.
    ring.forEach((index, i) => {
      points[index] = point(x + 8 * (i <= 4 ? i : 8 - i), 80);
    });
  }
  return points;
}
