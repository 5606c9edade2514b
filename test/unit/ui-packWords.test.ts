/** What the shelf says, where the page's tests do not see it: many names, days, sizes, refusals. */
import { expect, test } from 'vitest';
import { AppError } from '../../src/core/errors';
import type { ImportRefusal, ImportResult } from '../../src/core/packDisk';
import { dayWords } from '../../src/ui/shelf/dayWords';
import {
  importSentences,
  packErrorSentence,
  sizeWords,
  stateWords,
  verifySentences,
} from '../../src/ui/shelf/packWords';
import { makeFile, makePack, makePartial, makeStatus } from '../fakes/packList';

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
  expect(importSentences(imported({ taken: ['a', 'b', 'c'] }))).toEqual(['3 files taken.']);
});

test('an import that took nothing says so, and why, reason by reason', () => {
  const reasons: readonly ImportRefusal[] = ['not-of-this-pack', 'wrong-size', 'wrong-content', 'unreadable'];
  const refused = [...reasons, ...reasons].map((reason, i) => ({ name: `file-${i}`, reason }));
  expect(importSentences(imported({ refused }))).toEqual([
    'Nothing was taken.',
    'Left out: file-0 and file-4 (not part of this pack).',
    'Left out: file-1 and file-5 (not of the right size, perhaps cut off while copying).',
    'Left out: file-2 and file-6 (not what this pack needs, perhaps another version).',
    'Left out: file-3 and file-7 (could not be read).',
  ]);
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

test('codes the shelf has no words of its own for are said as everywhere', () => {
  expect(packErrorSentence(new AppError('gpu-missing', 'fake'), [])).toMatch(
    /no access to the graphics card/,
  );
});

test('a day is written out; what is no date is not called one', () => {
  expect(dayWords('2026-11-05T12:00:00.000Z')).toBe('5 November 2026');
  expect(dayWords('soon')).toBe('an unknown day');
});
