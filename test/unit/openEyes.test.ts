import { expect, test } from 'vitest';
import { HELP, parseArguments } from '../../tools/open-eyes/arguments.mjs';
import { placesFor, sentenceOf, stampOf, statusOf } from '../../tools/open-eyes/outcome.mjs';

const words = (line: string) => parseArguments(line.split(' '));

test('every option is read; lists go on until the next option', () => {
  expect(
    words(
      '--input a.jpg b.png --donor c.webp --config set.json --num-variations 3 --verbose --input d.jpg --out res',
    ),
  ).toEqual({
    kind: 'run',
    inputs: ['a.jpg', 'b.png', 'd.jpg'],
    donors: ['c.webp'],
    config: 'set.json',
    out: 'res',
    numVariations: 3,
    verbose: true,
  });
});

test('what is not given has its default, and --option=value is --option value', () => {
  expect(words('--input=a=b.jpg --out=res')).toEqual({
    kind: 'run',
    inputs: ['a=b.jpg'],
    donors: [],
    config: null,
    out: 'res',
    numVariations: null,
    verbose: false,
  });
});

test.each([
  ['--out res', '--input needs at least one photo'],
  ['--input --out res', '--input needs at least one photo'],
  ['--input a.jpg', '--out needs a folder'],
  ['--input a.jpg --out', '--out needs a value'],
  ['--input a.jpg --out --verbose', '--out needs a value'],
  ['--input a.jpg --out x --out y', '--out was given twice'],
  ['--input a.jpg --out x --nonsense', 'there is no option --nonsense'],
  ['a.jpg --out x', '"a.jpg" belongs to no option'],
  ['--input a.jpg --verbose b.jpg --out x', '"b.jpg" belongs to no option'],
  ['--input a.jpg --out x --num-variations 17', '--num-variations is "17"; allowed is 0 to 16'],
  ['--input a.jpg --out x --num-variations 2.5', '--num-variations is "2.5"; allowed is 0 to 16'],
  ['--input a.jpg --out x --num-variations few', '--num-variations is "few"; allowed is 0 to 16'],
])('%s is wrong usage', (line, reason) => {
  expect(words(line)).toEqual({ kind: 'wrong', reason });
});

test('help wins over anything else and names every option', () => {
  expect(words('--nonsense --help')).toEqual({ kind: 'help' });
  expect(words('--input a.jpg --help')).toEqual({ kind: 'help' });
  for (const option of ['--input', '--donor', '--out', '--config', '--num-variations', '--verbose']) {
    expect(HELP).toContain(option);
  }
});

test('exit status: success, nothing to do, failure', () => {
  const opened = { chosen: true, ok: true };
  const failed = { chosen: true, ok: false };
  const awake = { chosen: false, ok: true };
  const photo = (...faces: { chosen: boolean; ok: boolean }[]) => ({ error: null, faces });
  const broken = { error: { code: 'photo-unreadable', message: 'x' }, faces: [] };
  expect(statusOf([photo(opened, awake), photo(awake)])).toBe(0);
  expect(statusOf([photo(opened), photo(opened, failed)])).toBe(1);
  expect(statusOf([photo(opened), broken])).toBe(1);
  expect(statusOf([photo(awake), broken])).toBe(1);
  expect(statusOf([photo(awake), photo()])).toBe(3);
});

test('one photo goes straight into the folder, several get one each', () => {
  expect(placesFor(['in/a.jpg'], 'out')).toEqual([{ folder: 'out', stem: 'a' }]);
  expect(placesFor(['in/a.jpg', 'b.tar.png', 'other/A.png'], 'out')).toEqual([
    { folder: 'out/a', stem: 'a' },
    { folder: 'out/b.tar', stem: 'b.tar' },
    { folder: 'out/A_2', stem: 'A_2' },
  ]);
  expect(placesFor(['...jpg', 'in/run.json.png'], 'out').map(({ folder }) => folder)).toEqual([
    'out/_..',
    'out/_run.json',
  ]);
});

test('a stamp is local time', () => {
  expect(stampOf(new Date(2026, 10, 3, 4, 5, 6))).toBe('20261103_040506');
});

test('each outcome has its sentence', () => {
  const face = { face_idx: 2, chosen: true, ok: true, error: null };
  expect(sentenceOf({ input: 'a.jpg', output: null, error: null, faces: [{ ...face, chosen: false }] })).toBe(
    'a.jpg: 1 face, no closed eyes: nothing to do',
  );
  expect(sentenceOf({ input: 'a.jpg', output: '/o/a.png', error: null, faces: [face] })).toBe(
    'a.jpg: 1 face, 1 of 1 with closed eyes opened → /o/a.png',
  );
  const error = { code: 'GEN_001', message: 'no open eyes to use' };
  expect(
    sentenceOf({
      input: 'a.jpg',
      output: '/o/a.png',
      error: null,
      faces: [face, { ...face, ok: false, error }],
    }),
  ).toBe('a.jpg: 2 faces, 1 of 2 with closed eyes opened → /o/a.png; face 2: no open eyes to use (GEN_001)');
  expect(sentenceOf({ input: 'b.jpg', output: null, error, faces: [] })).toBe(
    'b.jpg: no open eyes to use (GEN_001)',
  );
});
