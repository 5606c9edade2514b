import { unzipSync } from 'fflate';
import { expect, test } from 'vitest';
import type { Rgb } from '../../src/core/colour';
import { DEFAULT_CONFIG, parseConfig } from '../../src/core/config';
import { AppError } from '../../src/core/errors';
import type { Face } from '../../src/core/face';
import type { Candidate } from '../../src/core/generation';
import { rect } from '../../src/core/geometry';
import { plane, raster } from '../../src/core/raster';
import { type FaceRun, type Run, startRun } from '../../src/core/run';
import { verboseZip } from '../../src/pipeline/artifacts';
import { cropData } from '../../src/pipeline/cropData';
import { faceData } from '../../src/pipeline/faceData';
import { faceRecords, failedPhoto } from '../../src/pipeline/runRecord';
import { savedRecord, savingFor } from '../../src/pipeline/saving';
import { fakeEngines } from '../fakes/engines';
import { makeFace, makePhoto } from '../fakes/faces';
import { wholeSquare } from '../fakes/squares';

const stamp = '20261123_094857';
const { signal } = new AbortController();

const wink: Face = {
  ...makeFace({ index: 0, x: 40, y: 60, sidePx: 300, left: 'closed', right: 'open' }),
  box: { x: 101.237, y: 122.5, width: 203.25, height: 244 },
  mesh: {
    layout: 'mediapipe-478',
    points: [
      { x: 131.004, y: 142.006 },
      { x: 153.5, y: 164.25 },
    ],
    presence: 0.98,
  },
  verdicts: {
    left: { state: 'closed', reason: 'lids-together', areaPx512: 91.6, areaPhotoPx: 33.4, aspectRatio: 0.07 },
    right: { state: 'open', reason: 'lids-apart', areaPx512: 591.3, areaPhotoPx: 217.7, aspectRatio: 0.29 },
  },
};
const shut = makeFace({ index: 1, x: 420, y: 50, sidePx: 280, left: 'closed', right: 'closed' });
const awake = makeFace({ index: 2, x: 30, y: 420, sidePx: 150, left: 'open', right: 'unsure' });
const known = { photo: makePhoto('party'), faces: [wink, shut, awake] };

function candidate(id: string): Candidate {
  return {
    id,
    generator: 'donor',
    area: rect(0, 0, 2, 2),
    pixels: raster(2, 2),
    mask: plane(2, 2),
    rank: 0.6,
    origin: { kind: 'other-eye', photoName: 'party.jpg', sourceId: 'party/0' },
    notes: [],
  };
}

const ready = (id: string) => ({
  candidate: candidate(id),
  blended: wholeSquare(raster(2, 2), plane(2, 2)),
});

/** A turn of 30° and a scale of 2 away from the square's own axes. */
const turned: NonNullable<FaceRun['frame']> = {
  sidePx: 384,
  toPhoto: { a: Math.sqrt(3) / 4, b: -0.25, c: 0.25, d: Math.sqrt(3) / 4, tx: 77.777, ty: -8.125 },
  toCrop: { a: Math.sqrt(3), b: 1, c: -1, d: Math.sqrt(3), tx: -126.6, ty: 91.85 },
};

const started = startRun(
  'run-7',
  stamp,
  'party',
  [
    { face: wink, sides: ['left'] },
    { face: shut, sides: ['left', 'right'] },
  ],
  DEFAULT_CONFIG,
);
const run: Run = {
  ...started,
  status: 'done',
  faces: [
    {
      ...started.faces[0]!,
      status: 'opened',
      frame: turned,
      candidates: [ready('a'), ready('b')],
      pickedId: 'b',
      placement: { face: 0, area: { x: 1, y: 2, width: 3, height: 4 } },
      timingsMs: { crop: 1.234, generate: 210.5, blend: 32.25, place: 4 },
    },
    {
      ...started.faces[1]!,
      status: 'no-candidate',
      refusals: [{ photoName: 'party.jpg', reason: 'no-open-eye-anywhere' }],
      timingsMs: { crop: 2, generate: 17.125 },
    },
  ],
};

test('face_data.json has the promised shape, sides the subject’s own, areas whole', () => {
  const file = faceData({ ...known, faces: [wink] }, stamp, DEFAULT_CONFIG.detection);
  expect(file).toEqual({
    timestamp: stamp,
    image_path: 'party.jpg',
    faces: [
      {
        face_idx: 0,
        bbox: [101.24, 122.5, 304.49, 366.5],
        landmarks: [
          [131, 142.01],
          [153.5, 164.25],
        ],
        left_eye_polygon_area: 92,
        right_eye_polygon_area: 591,
        left_eye_closed: true,
        right_eye_closed: false,
        requires_processing: true,
      },
    ],
  });
});

test('legacy areas are those of the photo itself', () => {
  const legacy = { ...DEFAULT_CONFIG.detection, legacyArea: true };
  const [face] = faceData(known, stamp, legacy).faces;
  expect([face!.left_eye_polygon_area, face!.right_eye_polygon_area]).toEqual([33, 218]);
});

test('an unsure eye does not ask for processing', () => {
  const [face] = faceData({ ...known, faces: [awake] }, stamp, DEFAULT_CONFIG.detection).faces;
  expect(face).toMatchObject({
    face_idx: 2,
    left_eye_closed: false,
    right_eye_closed: false,
    requires_processing: false,
  });
});

test('crop_data.json has the promised shape and lists squares only', () => {
  expect(cropData(run)).toEqual([
    {
      face_idx: 0,
      crop_image_path: 'face_crop_0_20261123_094857_shared.png',
      left_eye_mask_path: 'face_mask_L_0_20261123_094857.png',
      right_eye_mask_path: 'face_mask_R_0_20261123_094857.png',
      combined_mask_path: 'face_mask_0_20261123_094857.png',
      crop_size: [384, 384],
      rotation_angle: 30,
      crop_position: [77.78, -8.12],
    },
  ]);
});

test('run.json lists every face, chosen or not, with its verdicts before and after', () => {
  const moved = { ...wink, box: { ...wink.box, x: wink.box.x + 6 } };
  const opened = { ...moved, verdicts: { left: wink.verdicts.right, right: awake.verdicts.right } };
  expect(faceRecords(known.faces, run, [awake, opened])).toEqual([
    {
      face_idx: 0,
      bbox: [101.24, 122.5, 304.49, 366.5],
      chosen: true,
      before: { left: 'closed', right: 'open' },
      after: { left: 'open', right: 'unsure' },
      generator: 'donor',
      source: { kind: 'other-eye', photo: 'party.jpg' },
      restoration: null,
      ok: true,
      error: null,
      timings_ms: { crop: 1.23, generate: 210.5, blend: 32.25, place: 4 },
    },
    {
      face_idx: 1,
      bbox: [476, 106, 644, 302],
      chosen: true,
      before: { left: 'closed', right: 'closed' },
      after: null,
      generator: null,
      source: null,
      restoration: null,
      ok: false,
      error: { code: 'GEN_001', message: 'no open eyes to use: no-open-eye-anywhere' },
      timings_ms: { crop: 2, generate: 17.13 },
    },
    {
      face_idx: 2,
      bbox: [60, 450, 150, 555],
      chosen: false,
      before: { left: 'open', right: 'unsure' },
      after: { left: 'open', right: 'unsure' },
      generator: null,
      source: null,
      restoration: null,
      ok: true,
      error: null,
      timings_ms: {},
    },
  ]);
});

test('of painted eyes run.json tells what makes them again', () => {
  const [opened, ...others] = run.faces;
  const origin = {
    kind: 'painted',
    photoName: 'party.jpg',
    sourceId: 'seed 977',
    painted: { seed: 977, prompt: 'open hazel eyes' },
  } as const;
  const candidates = opened!.candidates.map((r) => ({ ...r, candidate: { ...r.candidate, origin } }));
  const faces = [{ ...opened!, candidates }, ...others];
  expect(faceRecords(known.faces, { ...run, faces }, null)[0]!.source).toEqual({
    kind: 'painted',
    photo: 'party.jpg',
    seed: 977,
    prompt: 'open hazel eyes',
  });
});

test('of built-in eyes too', () => {
  const [opened, ...others] = run.faces;
  const source = (iris: Rgb | null) => {
    const origin = {
      kind: 'built-in',
      photoName: 'party.jpg',
      sourceId: 'seed 978',
      builtIn: { seed: 978, openness: 1.15, iris },
    } as const;
    const candidates = opened!.candidates.map((r) => ({ ...r, candidate: { ...r.candidate, origin } }));
    return faceRecords(known.faces, { ...run, faces: [{ ...opened!, candidates }, ...others] }, null)[0]!
      .source;
  };
  const made = { kind: 'built-in', photo: 'party.jpg', seed: 978, openness: 1.15 };
  const iris = { red: 61, green: 98, blue: 124 };
  expect(source(iris)).toEqual({ ...made, iris });
  expect(source(null)).toEqual({ ...made, iris: null });
});

test('an eye that still reads as closed in the saved file is a failure', () => {
  const [record] = faceRecords([wink], run, [wink]);
  expect(record).toMatchObject({
    ok: false,
    after: { left: 'closed', right: 'open' },
    error: { code: 'GEN_001', message: 'still closed in the saved file: left eye' },
  });
});

test('a failed stage and a failed photo keep their codes', () => {
  const error = new AppError('BLEND_001', 'the ring is empty', { face: 0 });
  const failed: Run = { ...run, faces: [{ ...run.faces[0]!, status: 'failed', pickedId: null, error }] };
  expect(faceRecords([wink], failed, null)[0]).toMatchObject({
    ok: false,
    generator: null,
    error: { code: 'BLEND_001', message: 'the ring is empty' },
  });
  expect(failedPhoto('cat.jpg', new AppError('photo-unreadable', 'not a picture'))).toEqual({
    input: 'cat.jpg',
    output: null,
    error: { code: 'photo-unreadable', message: 'not a picture' },
    faces: [],
  });
});

test('saving follows the source unless the config says otherwise', () => {
  const base = DEFAULT_CONFIG;
  expect(savingFor({ format: 'jpeg', jpegQuality: 87, hasAlpha: false }, base, null)).toEqual({
    format: 'jpeg',
    quality: 0.87,
    keepGps: true,
    enlarge: 1,
    parts: 'captured',
    record: {},
  });
  expect(savingFor({ format: 'webp', jpegQuality: null, hasAlpha: false }, base, null)).toMatchObject({
    format: 'webp',
    quality: 0.92,
  });
  expect(savingFor({ format: 'gif', jpegQuality: null, hasAlpha: false }, base, null).format).toBe('png');
  expect(savingFor({ format: 'avif', jpegQuality: null, hasAlpha: false }, base, null).format).toBe('jpeg');
  expect(savingFor({ format: 'avif', jpegQuality: null, hasAlpha: true }, base, null).format).toBe('png');
  const { config } = parseConfig('{"output":{"format":"jpeg","quality":71,"keep_gps":false}}');
  expect(savingFor({ format: 'png', jpegQuality: null, hasAlpha: false }, config, null)).toEqual({
    format: 'jpeg',
    quality: 0.71,
    keepGps: false,
    enlarge: 1,
    parts: 'captured',
    record: {},
  });
});

test('near the source’s quality is never so low that a second coding shows', () => {
  const of = (jpegQuality: number) =>
    savingFor({ format: 'jpeg', jpegQuality, hasAlpha: false }, DEFAULT_CONFIG, null).quality;
  expect([35, 80, 91, 100].map(of)).toEqual([0.8, 0.8, 0.91, 0.98]);
});

test('the record tells the settings of the run, saved as it is wanted now', () => {
  const { config: asked } = parseConfig('{"blend":{"feather":9},"output":{"quality":60}}');
  const { config: now } = parseConfig('{"blend":{"feather":3},"output":{"quality":90}}');
  const { record } = savingFor({ format: 'png', jpegQuality: null, hasAlpha: false }, now, {
    ...run,
    config: asked,
  });
  const { config: told } = parseConfig(record['ProcessingConfig']!);
  expect([told.blend.feather, told.output.quality]).toEqual([9, 90]);
});

test('the file is to say that a network made a part, and only while that part is laid in', () => {
  const partsOf = (change: Partial<FaceRun>) =>
    savingFor({ format: 'jpeg', jpegQuality: 87, hasAlpha: false }, DEFAULT_CONFIG, {
      ...run,
      faces: [{ ...run.faces[0]!, ...change }, run.faces[1]!],
    }).parts;
  const made = (kind: Candidate['origin']['kind']) => {
    const { candidate, ...rest } = ready('c');
    return { ...rest, candidate: { ...candidate, origin: { ...candidate.origin, kind } } };
  };
  const offered = (kind: Candidate['origin']['kind']) => ({ candidates: [ready('a'), made(kind)] });
  const restoration = (laid: boolean) =>
    ({ laid: laid ? { frame: turned, square: ready('a').blended } : null }) as FaceRun['restoration'];
  expect(partsOf({})).toBe('captured');
  for (const kind of ['painted', 'built-in'] as const) {
    expect(partsOf({ ...offered(kind), pickedId: 'c' })).toBe('generated');
    expect(partsOf({ ...offered(kind), pickedId: 'a' })).toBe('captured');
    expect(partsOf({ ...offered(kind), pickedId: null, placement: null })).toBe('captured');
  }
  expect(partsOf({ ...offered('other-photo'), pickedId: 'c' })).toBe('captured');
  expect(partsOf({ restoration: restoration(true) })).toBe('generated');
  expect(partsOf({ restoration: restoration(false) })).toBe('captured');
});

test('the record in the file reads back as config and timings', () => {
  const record = savedRecord(DEFAULT_CONFIG.output, run);
  expect(parseConfig(record['ProcessingConfig']!)).toEqual({ config: DEFAULT_CONFIG, unknown: [] });
  expect(JSON.parse(record['StageTiming']!)).toEqual({
    run_id: 'run-7',
    timestamp: stamp,
    stages: { crop: 3.23, generate: 227.63, blend: 32.25, place: 4 },
    faces: [
      { face_idx: 0, stages: { crop: 1.23, generate: 210.5, blend: 32.25, place: 4 } },
      { face_idx: 1, stages: { crop: 2, generate: 17.13 } },
    ],
  });
  expect(record['GeneratedBy']).toBe('OpenTheEyes');
});

test('the verbose zip holds every square, mask, candidate and blend by name', async () => {
  const engines = fakeEngines();
  const archive = await verboseZip(run, known, DEFAULT_CONFIG, engines.photo, signal);
  const files = unzipSync(new Uint8Array(await archive.arrayBuffer()));
  const text = (name: string) => new TextDecoder().decode(files[name]);
  expect(Object.keys(files)).toEqual([
    'face_data.json',
    'crop_data.json',
    'run.json',
    'timings.json',
    'config.json',
    'face_crop_0_20261123_094857_shared.png',
    'face_mask_L_0_20261123_094857.png',
    'face_mask_R_0_20261123_094857.png',
    'face_mask_0_20261123_094857.png',
    'face_candidate_0_20261123_094857_0.png',
    'face_blend_0_20261123_094857_0.png',
    'face_candidate_0_20261123_094857_1.png',
    'face_blend_0_20261123_094857_1.png',
  ]);
  expect(text('face_mask_R_0_20261123_094857.png')).toBe('square 2');
  expect(text('face_blend_0_20261123_094857_1.png')).toBe('square 7');
  expect(JSON.parse(text('crop_data.json'))).toHaveLength(1);
  expect(parseConfig(text('config.json')).config).toEqual(DEFAULT_CONFIG);
});

test('a cancel stops the zip', async () => {
  const engines = fakeEngines();
  const zipping = verboseZip(run, known, DEFAULT_CONFIG, engines.photo, AbortSignal.abort());
  await expect(zipping).rejects.toMatchObject({ name: 'AbortError' });
});
