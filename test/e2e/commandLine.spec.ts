/** `npm run open-eyes` from end to end. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import { unzipSync } from 'fflate';
import type { RunRecord } from '../../src/pipeline/runRecord';
import { needsPhotos, photo, SAMPLE } from './photos';

const root = resolve(import.meta.dirname, '../..');
let out = '';

test.beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'open-eyes-'));
});
test.afterEach(() => rmSync(out, { recursive: true, force: true }));

function openEyes(...args: string[]) {
  const all = ['tools/open-eyes.mjs', ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, all, { cwd: root, encoding: 'utf8' });
  return { status, stdout, stderr };
}

function record(): RunRecord {
  return JSON.parse(readFileSync(join(out, 'run.json'), 'utf8'));
}

test('one photo with a wink: 0, the picture, both JSON files and the zip', () => {
  const { status, stderr } = openEyes('--input', SAMPLE, '--verbose', '--out', out);
  expect(stderr).toContain('1 of 1 with closed eyes opened');
  expect(status).toBe(0);
  const names = ['crop_data.json', 'eileen-collins_eyes-open.png', 'eileen-collins_verbose.zip'];
  expect(readdirSync(out).sort()).toEqual([...names, 'face_data.json', 'run.json']);

  const { run_id, timestamp, photos } = record();
  expect(run_id).toMatch(/^[0-9a-f-]{36}$/);
  expect(timestamp).toMatch(/^\d{8}_\d{6}$/);
  expect(photos).toHaveLength(1);
  expect(photos[0]).toMatchObject({
    input: SAMPLE,
    output: join(out, 'eileen-collins_eyes-open.png'),
    error: null,
  });
  const [face] = photos[0]!.faces;
  expect(face).toMatchObject({ face_idx: 0, chosen: true, ok: true, error: null, generator: 'donor' });
  expect(Object.values(face!.before).sort()).toEqual(['closed', 'open']);
  expect(face!.after).toEqual({ left: 'open', right: 'open' });
  expect(Object.keys(face!.timings_ms)).toEqual(
    expect.arrayContaining(['crop', 'generate', 'blend', 'place']),
  );

  const zip = unzipSync(new Uint8Array(readFileSync(join(out, 'eileen-collins_verbose.zip'))));
  const crops = JSON.parse(readFileSync(join(out, 'crop_data.json'), 'utf8'));
  expect(Object.keys(zip)).toEqual(
    expect.arrayContaining([crops[0].crop_image_path, crops[0].combined_mask_path]),
  );
});

test('a file that is not there and one that is no photo: 1, the others go on', () => {
  const broken = join(out, 'broken.jpg');
  writeFileSync(broken, '<html></html>');
  const missing = join(out, 'missing.jpg');
  const { status, stderr } = openEyes('--input', missing, SAMPLE, broken, '--out', join(out, 'res'));
  expect(status).toBe(1);
  expect(stderr).toContain('missing.jpg: there is no such file (photo-unreadable)');
  out = join(out, 'res');
  const { photos } = record();
  expect(photos.map(({ error }) => error?.code ?? null)).toEqual([
    'photo-unreadable',
    null,
    'photo-unreadable',
  ]);
  expect(photos[1]!.output).toBe(join(out, 'eileen-collins', 'eileen-collins_eyes-open.png'));
  expect(existsSync(photos[1]!.output!)).toBe(true);
});

test('settings from a file; wrong ones are named', () => {
  const config = join(out, 'config.json');
  writeFileSync(config, '{"output":{"format":"jpeg","quality":88},"colour":{}}');
  const right = openEyes('--input', SAMPLE, '--config', config, '--out', out);
  expect(right.status).toBe(0);
  expect(right.stderr).toContain('nothing here knows "colour"');
  expect(record().photos[0]!.output).toMatch(/_eyes-open\.jpg$/);

  writeFileSync(config, '{"blend":{"feather":-3}}');
  const wrong = openEyes('--input', SAMPLE, '--config', config, '--out', out);
  expect(wrong.status).toBe(1);
  expect(wrong.stderr).toContain('blend.feather is -3; allowed is a number from 0 to 100 (bad-request)');
});

test('wrong usage: 2 and the help', () => {
  const { status, stderr } = openEyes('--input', SAMPLE);
  expect(status).toBe(2);
  expect(stderr).toContain('--out needs a folder');
  expect(stderr).toContain('--donor PHOTO');
  expect(openEyes('--help').status).toBe(0);
});

test.describe('real photos', () => {
  needsPhotos();

  test('a donor lends its eyes and is not written', () => {
    const { status } = openEyes(
      ...['--input', photo('burst_franck_04000_closed.jpg'), '--donor', photo('burst_franck_04035_open.jpg')],
      ...['--out', out],
    );
    expect(status).toBe(0);
    const { photos } = record();
    expect(photos).toHaveLength(1);
    expect(photos[0]!.faces[0]).toMatchObject({
      chosen: true,
      ok: true,
      after: { left: 'open', right: 'open' },
    });
    expect(readdirSync(out).filter((name) => name.includes('04035'))).toEqual([]);
  });

  test('open eyes everywhere: 3, no picture, every face told', () => {
    const { status, stderr } = openEyes('--input', photo('open_12_smiling_woman.jpg'), '--out', out);
    expect(status).toBe(3);
    expect(stderr).toContain('nothing to do');
    const { photos } = record();
    expect(photos[0]).toMatchObject({ output: null, error: null });
    expect(photos[0]!.faces).toEqual([
      expect.objectContaining({
        chosen: false,
        ok: true,
        before: { left: 'open', right: 'open' },
        after: null,
      }),
    ]);
    expect(readdirSync(out).sort()).toEqual(['crop_data.json', 'face_data.json', 'run.json']);
  });
});
