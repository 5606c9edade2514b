/** What the shelf says, where the page's tests do not see it: many names, days, sizes, refusals. */
import { expect, test } from 'vitest';
import { AppError } from '../../src/core/errors';
import type { ImportRefusal, ImportResult } from '../../src/core/packDisk';
import { dayWords } from '../../src/ui/shelf/dayWords';
import { otherErrorSentence, packErrorSentence, worthAnotherTry } from '../../src/ui/shelf/packErrorWords';
import { importSentences, sizeWords, stateWords, verifySentences } from '../../src/ui/shelf/packWords';
import { makeFile, makeFirstSeen, makePack, makePartial, makeStatus } from '../fakes/packList';

const plain = (text: string | null) => text?.replaceAll('\u00A0', ' ') ?? null;
const imported = (rest: Partial<ImportResult>): ImportResult => ({
  taken: [],
  missing: [],
  refused: [],
  ...rest,
});

test('of many files the first are named and the rest is counted', () => {
  expect(verifySentences(['a', 'b', 'c', 'd'])[0]).toMatch(/^a, b, c and d were damaged/);
  expect(verifySentences(['a', 'b', 'c', 'd', 'e', 'f'])[0]).toMatch(/^a, b, c and 3 more were damaged/);
  expect(verifySentences(['a'])[0]).toMatch(/^a was damaged/);
});

test('an import where all is well is one sentence', () => {
  expect(importSentences(imported({ taken: ['a', 'b', 'c'] }), [])).toEqual(['3 files taken.']);
});

test('an import that took nothing says so, and why, reason by reason', () => {
  const reasons: readonly ImportRefusal[] = ['not-of-this-pack', 'wrong-size', 'wrong-content', 'unreadable'];
  const refused = [...reasons, ...reasons].map((reason, i) => ({ name: `file-${i}`, reason }));
  expect(importSentences(imported({ refused }), [])).toEqual([
    'Nothing was taken.',
    'Left out: file-0 and file-4 (not part of this pack).',
    'Left out: file-1 and file-5 (not of the right size, perhaps cut off while copying).',
    'Left out: file-2 and file-6 (not what this pack needs, perhaps another version).',
    'Left out: file-3 and file-7 (could not be read).',
  ]);
});

test('an imported file that is not the one first seen says so; another that is wrong does not', () => {
  const refused = ['folder/unet/model.onnx', 'vae.onnx', 'other.onnx'].map((name) => ({
    name,
    reason: 'wrong-content' as const,
  }));
  const seen = ['unet/model.onnx', 'vae/vae.onnx'].map((path) => makeFirstSeen({ path }));
  expect(importSentences(imported({ refused }), seen)).toEqual([
    'Nothing was taken.',
    'Left out: folder/unet/model.onnx and vae.onnx (not the one first seen here, which stays remembered even when the pack is removed).',
    'Left out: other.onnx (not what this pack needs, perhaps another version).',
  ]);
  const short = [{ name: 'vae.onnx', reason: 'wrong-size' as const }];
  expect(importSentences(imported({ refused: short }), seen)[1]).toMatch(/not of the right size/);
});

test('a size is told as exactly as it is known', () => {
  const pack = makePack('a', { files: [makeFile('x', 91_000_000), makeFile('y', 12_000_000)] });
  expect(plain(sizeWords(makeStatus(pack)))).toBe('103 MB');
  const rounded = { ...pack, files: [pack.files[0]!, makeFile('y', 12_000_000, { approximate: true })] };
  expect(plain(sizeWords(makeStatus(rounded)))).toBe('about 103 MB');
  expect(sizeWords(makeStatus({ ...pack, files: [] }))).toBeNull();
});

test('a part of an unknown whole has no amounts', () => {
  const pack = makePack('a');
  expect(plain(stateWords(makePartial(pack, 5_000_000)))).toBe('Partly here, 5 MB of 377 MB');
  expect(stateWords(makePartial({ ...pack, files: [] }, 5_000_000))).toBe('Partly here');
});

test('room is made only of what is known to be here', () => {
  const holdings = [
    { id: 'a', title: 'First', storedBytes: 21_000_000 },
    { id: 'ab', title: 'Second', storedBytes: 34_000_000 },
  ];
  const full = (removable?: string) =>
    plain(
      packErrorSentence(
        new AppError('storage-full', 'fake', { missingBytes: 55_000_000, ...(removable && { removable }) }),
        holdings,
      ),
    );
  expect(full('ab,gone')).toMatch(
    /^The disk is full: 55 MB more room .* Removing Second \(34 MB\) here would/,
  );
  expect(full()).toMatch(/Clear some files/);
  expect(packErrorSentence(new AppError('storage-full', 'fake'), holdings)).toMatch(
    /^The disk is full\. Clear/,
  );
});

test('a damaged description is told from a damaged file, and the catalog from a pack.json', () => {
  const corrupt = (details: Readonly<Record<string, string>>) =>
    packErrorSentence(new AppError('model-corrupt', 'fake', details), []);
  expect(corrupt({ field: 'catalog.packs[3].files' })).toMatch(
    /own list of models is damaged. Reload the page/,
  );
  expect(corrupt({ field: 'pack.files[0].bytes' })).toMatch(
    /pack\.json.* is damaged \(pack\.files\[0\]\.bytes\)/,
  );
  expect(corrupt({})).toMatch(/pack\.json, which describes this pack, is damaged\./);
  expect(corrupt({ path: 'model.onnx' })).toMatch(/^model.onnx came damaged/);
});

test('what another library has open is told otherwise than a busy pack', () => {
  const busy = new AppError('bad-request', 'fake', { busy: true });
  expect(otherErrorSentence(busy)).toMatch(/has it open\. Close other windows of this app and try again/);
  expect(otherErrorSentence(new AppError('internal', 'fake'))).toMatch(/^Something went wrong in the app/);
});

test('only what may end otherwise can be tried again', () => {
  const worth = (
    code: 'bad-request' | 'model-missing',
    details: Readonly<Record<string, string | boolean>>,
  ) => worthAnotherTry(new AppError(code, 'fake', details));
  expect(worth('bad-request', { busy: true })).toBe(true);
  expect(worth('model-missing', { hosts: 'a.example' })).toBe(true);
  for (const details of [{ field: 'mirror' }, { insecure: true }, { folder: 'My disk' }, {}])
    expect(worth('bad-request', details)).toBe(false);
  expect(worth('model-missing', { lost: true })).toBe(false);
});

test('codes the shelf has no words of its own for are said as everywhere', () => {
  expect(packErrorSentence(new AppError('gpu-missing', 'fake'), [])).toMatch(
    /no access to the graphics card/,
  );
});

test('a day is written out; what is no date is not called one', () => {
  expect(dayWords('2026-11-05T12:00:00.000Z')).toBe('5 November 2026');
  expect(dayWords('soon')).toBe('an unknown day');
});
