import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { AppError } from '../../src/core/errors';
import { parseCatalog } from '../../src/models/manifest';

const models = resolve(import.meta.dirname, '../../public/models');
const json = readFileSync(resolve(models, 'catalog.json'), 'utf8');
const { packs } = parseCatalog(json);

test('every shipped file has the size and the hashes the catalog promises', () => {
  for (const file of packs.flatMap((pack) => pack.files)) {
    const bytes = readFileSync(resolve(models, file.path));
    expect(bytes.length, file.path).toBe(file.bytes);
    expect(createHash('sha256').update(bytes).digest('hex'), file.path).toBe(file.sha256);
    file.chunkSha256.forEach((expected, i) => {
      const chunk = bytes.subarray(i * file.chunkBytes, (i + 1) * file.chunkBytes);
      expect(createHash('sha256').update(chunk).digest('hex')).toBe(expected);
    });
  }
});

test('nothing lies in the models folder that the catalog does not name', () => {
  const named = new Set(packs.flatMap((pack) => pack.files.map((file) => file.path)));
  const found = readdirSync(models, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'catalog.json')
    .map((entry) => resolve(entry.parentPath, entry.name).slice(models.length + 1));
  expect(found.toSorted()).toEqual([...named].toSorted());
});

test('every graph is a file of its pack and has a source', () => {
  for (const pack of packs) {
    const paths = pack.files.map((file) => file.path);
    for (const graph of pack.tensors) {
      expect(paths).toContain(graph.path);
      expect(pack.provenance.map((source) => source.path)).toContain(graph.path);
    }
  }
});

test.each([
  ['not JSON', 'catalog.json'],
  ['{"packs":[]}', 'packs'],
  [json.replace(/"bytes": \d+/, '"bytes": -1'), 'bytes'],
  [json.replace(/"sha256": "\w{4}/, '"sha256": "XYZ!'), 'sha256'],
  [json.replace(/("files": \[\s*\{\s*"path": ")faces\//, '$1../'), 'path'],
  [json.replace(/"revision": "1"/, '"revision": ""'), 'revision'],
])('a catalog that is wrong is refused by the place (%#)', (broken, place) => {
  expect(broken).not.toBe(json);
  expect(() => parseCatalog(broken)).toThrow(AppError);
  expect(() => parseCatalog(broken)).toThrow(place);
});
