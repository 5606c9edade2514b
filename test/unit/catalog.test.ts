import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { AppError } from '../../src/core/errors';
import { parseCatalog, parsePackJson } from '../../src/models/manifest';
import { licencesText } from '../../tools/offline/licences.mjs';

const root = resolve(import.meta.dirname, '../..');
const models = resolve(root, 'public/models');
const json = readFileSync(resolve(models, 'catalog.json'), 'utf8');
const packs = parseCatalog(json);
const shipped = packs.filter(({ origin }) => origin === 'shipped');
const schema = JSON.parse(readFileSync(resolve(models, 'catalog.schema.json'), 'utf8'));
const matchesSchema = new Ajv2020({ allErrors: true, strictTypes: false }).compile(schema);

test('every shipped file has the size and the hashes the catalog promises', () => {
  expect(shipped.length).toBeGreaterThan(1);
  for (const { id, files } of shipped) {
    for (const file of files) {
      const bytes = readFileSync(resolve(models, id, file.path));
      expect(bytes.length, file.path).toBe(file.bytes);
      expect(createHash('sha256').update(bytes).digest('hex'), file.path).toBe(file.sha256);
      file.chunkSha256!.forEach((expected, i) => {
        const chunk = bytes.subarray(i * file.chunkBytes, (i + 1) * file.chunkBytes);
        expect(createHash('sha256').update(chunk).digest('hex')).toBe(expected);
      });
    }
  }
});

test('nothing lies in the models folder that the catalog does not name', () => {
  const named = shipped.flatMap(({ id, files }) => files.map(({ path }) => `${id}/${path}`));
  const found = readdirSync(models, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/^catalog(\.schema)?\.json$/.test(entry.name))
    .map((entry) => resolve(entry.parentPath, entry.name).slice(models.length + 1));
  expect(found.toSorted()).toEqual(named.toSorted());
});

test('every graph is a file of its pack, and of shipped ones the source is told', () => {
  for (const pack of packs) {
    const paths = pack.files.map((file) => file.path);
    const told = pack.provenance.map((source) => source.path);
    for (const { path } of pack.tensors) {
      expect(paths).toContain(path);
      if (pack.origin === 'shipped') expect(told).toContain(path);
    }
  }
});

test('what we trained ourselves names those whose pictures it learned from, in the licences of the built app', () => {
  const own = shipped.flatMap(({ id, provenance }) =>
    provenance.filter((source) => source.package.startsWith('own:')).map((source) => ({ id, ...source })),
  );
  expect(own.map(({ path }) => path)).toEqual(['open_eyes.onnx']);
  const licences = licencesText(root, []);
  for (const { id, notice, package: trainer } of own) {
    const credits = readFileSync(resolve(root, trainer.slice('own:'.length), 'CREDITS.md'), 'utf8');
    expect(readFileSync(resolve(models, id, notice!), 'utf8')).toBe(credits);
    expect(licences).toContain(credits.trim());
  }
});

test('what is not for everybody asks for consent before it is fetched', () => {
  const restricted = packs.filter((pack) => pack.restricted).map(({ id }) => id);
  expect(restricted).toEqual(['buffalo_l', 'codeformer', 'parsenet', 'sdxl-turbo']);
});

test('a single chunk with a published hash of the file has that hash', () => {
  const files = packs.flatMap((pack) => pack.files);
  const single = files.filter((file) => file.sha256 && file.bytes <= file.chunkBytes);
  expect(single.length).toBeGreaterThan(4);
  for (const file of single) expect(file.chunkSha256, file.path).toEqual([file.sha256]);
});

test('the catalog is what its schema says', () => {
  matchesSchema(JSON.parse(json));
  expect(matchesSchema.errors).toBeNull();
});

type Json = Record<string, unknown>;
const broken = (change: (pack: Json, file: Json) => void): string => {
  const catalog = JSON.parse(json) as { packs: Json[] };
  const pack = catalog.packs.find(({ id }) => id === 'codeformer')!;
  change(pack, (pack['files'] as Json[])[0]!);
  return JSON.stringify(catalog);
};

test.each<[string, (pack: Json, file: Json) => unknown]>([
  ['id', (pack) => Object.assign(pack, { id: '../up' })],
  ['origin', (pack) => Object.assign(pack, { origin: 'found' })],
  ['revision', (pack) => Object.assign(pack, { revision: '' })],
  ['baseUrl', (pack) => Object.assign(pack, { baseUrl: 'http://elsewhere.example/models/' })],
  ['baseUrl', (pack) => Object.assign(pack, { baseUrl: 'https://elsewhere.example/models' })],
  ['restricted', (pack) => delete pack['restricted']],
  ['restricted.summary', (pack) => Object.assign(pack, { restricted: { url: 'https://a.example/' } })],
  ['files', (pack) => Object.assign(pack, { files: [] })],
  ['files[0]', (pack) => Object.assign(pack, { origin: 'shipped' })],
  ['bytes', (_, file) => Object.assign(file, { bytes: -1 })],
  ['path', (_, file) => Object.assign(file, { path: '../codeformer.onnx' })],
  ['path', (_, file) => Object.assign(file, { path: '/codeformer.onnx' })],
  ['path', (_, file) => Object.assign(file, { path: 'a\\b.onnx' })],
  ['sha256', (_, file) => Object.assign(file, { sha256: 'XYZ' })],
  ['chunkBytes', (_, file) => Object.assign(file, { chunkBytes: 2 ** 27 })],
  ['operators', (pack) => Object.assign(pack['gpu'] as Json, { operators: ['conv-7'] })],
])(
  'a catalog that is wrong is refused by the place, by the parser and by the schema: %s',
  (place, change) => {
    const text = broken((pack, file) => void change(pack, file));
    expect(() => parseCatalog(text)).toThrow(AppError);
    expect(() => parseCatalog(text)).toThrow(place);
    expect(matchesSchema(JSON.parse(text))).toBe(false);
  },
);

test.each([
  ['not JSON', 'catalog.json'],
  ['{"packs":[]}', 'packs'],
  [JSON.stringify({ packs: [packs[0], packs[0]] }), 'ids that differ'],
  [
    broken((_, file) => {
      file['chunkSha256'] = ['0'.repeat(64)];
    }),
    '23 hashes',
  ],
])('what a schema cannot say the parser does (%#)', (text, place) => {
  expect(() => parseCatalog(text)).toThrow(AppError);
  expect(() => parseCatalog(text)).toThrow(place);
});

test("a pack's own description has the form of a catalog entry", () => {
  expect(parsePackJson(JSON.stringify(packs[0]))).toEqual(packs[0]);
  expect(() => parsePackJson('{')).toThrow('pack.json');
});
