import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

/** Folder (or file) → what it may import, itself included. The arrows of docs/architecture.md. */
const arrows: Readonly<Record<string, readonly string[]>> = {
  'src/core': ['src/core'],
  'src/pixels': ['src/pixels', 'src/core'],
  'src/rpc': ['src/rpc', 'src/core'],
  'src/models': ['src/models', 'src/rpc', 'src/core'],
  'src/engines/contracts.ts': ['src/core'],
  'src/engines': ['src/engines', 'src/models', 'src/rpc', 'src/core', 'workers/*.worker.ts'],
  'src/pipeline': ['src/pipeline', 'src/engines/contracts.ts', 'src/core'],
  'src/ui': ['src/ui', 'src/pipeline', 'src/engines/contracts.ts', 'src/core'],
  src: ['src'],
  workers: [
    'workers',
    'src/rpc/serve.ts',
    'src/rpc/move.ts',
    'src/models',
    'src/engines/contracts.ts',
    'src/core',
    'src/pixels',
  ],
};

/** Package → the only places that may import it. */
const doors: Readonly<Record<string, readonly string[]>> = {
  comlink: ['src/rpc'],
  'idb-keyval': ['src/models/ledger.ts'],
  'hash-wasm': ['src/models/wholeSha256.ts', 'src/models/md5.ts'],
  'onnxruntime-web': ['workers/ort/runtime.ts'],
  '@huggingface/tokenizers': ['workers/diffusion/tokenizer.ts'],
  '@huggingface/transformers': ['workers/language'],
  '@mlc-ai/web-llm': ['workers/language/webllm.ts'],
  '@wllama/wllama': ['workers/language/cpu.ts'],
  fflate: ['src/pipeline/zip.ts', 'workers/photo/formats/zlib.ts'],
  svelte: ['src/ui', 'src/main.ts'],
};

const files = ['src', 'workers'].flatMap((folder) => walk(join(root, folder)));

function walk(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return walk(path);
    return /\.(ts|svelte)$/.test(name) && !name.endsWith('.d.ts') ? [relative(root, path)] : [];
  });
}

/** Everything the file names as a module: static, dynamic and type imports, re-exports and worker URLs. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const forms = [
    /\b(?:import|export)\s+(?:type\s+)?[^'";]*?\bfrom\s*['"]([^'"]+)['"]/g,
    /\bimport\s*['"]([^'"]+)['"]/g,
    /\bimport\s*\(\s*['"]([^'"]+)['"]/g,
    /\bnew URL\(\s*['"](\.[^'"]+\.ts)['"]/g,
  ];
  return forms.flatMap((form) => [...text.matchAll(form)].map((match) => match[1]!));
}

function resolveLocal(file: string, specifier: string): string {
  const path = relative(root, resolve(root, dirname(file), specifier.replace(/\?.*$/, '')));
  const known = [path, `${path}.ts`, `${path}.svelte`].find((p) => files.includes(p));
  return known ?? path;
}

function inside(path: string, place: string): boolean {
  if (place.includes('*'))
    return path.startsWith(place.split('*')[0]!) && path.endsWith(place.split('*')[1]!);
  return path === place || path.startsWith(`${place}/`) || path === `${place}.ts`;
}

function layerOf(file: string): string {
  return Object.keys(arrows)
    .filter((place) => inside(file, place))
    .sort((a, b) => b.length - a.length)[0]!;
}

function brokenArrows(file: string, specifiers: readonly string[]): string[] {
  const layer = layerOf(file);
  return specifiers.flatMap((specifier) => {
    if (specifier.startsWith('.')) {
      const target = resolveLocal(file, specifier);
      if (/\.(css|wasm|onnx|json)$/.test(target) || arrows[layer]!.some((place) => inside(target, place)))
        return [];
      return [`${layer} must not import ${layerOf(target)}: ${file} → ${target}`];
    }
    const name = Object.keys(doors).find((door) => specifier === door || specifier.startsWith(`${door}/`));
    if (!name || doors[name]!.some((place) => inside(file, place))) return [];
    return [`${name} has one door, ${doors[name]!.join(', ')}: ${file} must not import it`];
  });
}

test('every import follows the arrows', () => {
  expect(files.length).toBeGreaterThan(10);
  expect(files.flatMap((file) => brokenArrows(file, importsOf(file)))).toEqual([]);
});

test('the test sees a broken arrow and a second door', () => {
  expect(brokenArrows('src/core/units.ts', ['../pixels/warp'])).toHaveLength(1);
  expect(brokenArrows('src/pipeline/route.ts', ['../engines/connect'])).toHaveLength(1);
  expect(brokenArrows('src/ui/App.svelte', ['comlink'])).toHaveLength(1);
  expect(brokenArrows('workers/photo.worker.ts', ['../src/pipeline/route'])).toHaveLength(1);
  expect(brokenArrows('src/pipeline/route.ts', ['../engines/contracts'])).toEqual([]);
});

test('no import goes in a circle', () => {
  const graph = new Map(
    files.map((file) => [
      file,
      importsOf(file)
        .filter((s) => s.startsWith('.'))
        .map((s) => resolveLocal(file, s)),
    ]),
  );
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): string[] => {
    if (path.includes(file)) return [[...path.slice(path.indexOf(file)), file].join(' → ')];
    if (done.has(file)) return [];
    const found = (graph.get(file) ?? []).flatMap((next) => visit(next, [...path, file]));
    done.add(file);
    return found;
  };
  expect(files.flatMap((file) => visit(file, []))).toEqual([]);
});

test('no file is longer than 400 lines', () => {
  const long = files.filter((file) => readFileSync(join(root, file), 'utf8').split('\n').length > 400);
  expect(long).toEqual([]);
});
