/** The licences of everything that the built app ships, as one text. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Published as one file that has its dependencies inside. */
const PREBUILT = ['onnxruntime-web', '@mlc-ai/web-llm', '@wllama/wllama'];
/** What is compiled into WebAssembly, and where its licences are. */
const COMPILED = {
  'onnxruntime-web':
    'Inside its WebAssembly files: https://github.com/microsoft/onnxruntime/blob/main/ThirdPartyNotices.txt',
  '@wllama/wllama':
    'Inside its WebAssembly file: llama.cpp, MIT, The ggml authors: https://github.com/ggml-org/llama.cpp/blob/master/LICENSE',
};
/** Published without the text that its licence wants to go with it. */
const TEXTS = { 'onnxruntime-web': 'onnxruntime.txt', 'onnxruntime-common': 'onnxruntime.txt' };
/** Behind it, of what only its tools are made of. */
const END_OF_OWN = { vite: '# Licenses of bundled dependencies' };
const RULE = '─'.repeat(100);

/** @returns {string | null} the npm package that a module belongs to */
export function packageOf(id) {
  if (id.startsWith('\0vite')) return 'vite';
  const path = id.replaceAll('\\', '/');
  const at = path.lastIndexOf('/node_modules/');
  if (at < 0) return null;
  const [scope, name] = path.slice(at + '/node_modules/'.length).split('/');
  return scope.startsWith('@') ? `${scope}/${name}` : scope;
}

/** @param {readonly string[]} packages those that modules of the app came from */
export function licencesText(root, packages) {
  const inside = PREBUILT.filter((name) => packages.includes(name)).flatMap((name) =>
    Object.keys(manifestOf(root, name).dependencies ?? {}),
  );
  const names = [...new Set([...packages, ...inside])].sort();
  const { packs } = JSON.parse(readFileSync(join(root, 'public/models/catalog.json'), 'utf8'));
  const models = packs.filter(({ origin }) => origin === 'shipped');
  return [
    'Open The Eyes, MIT, ships the code and the models that are listed here, under these licences.',
    ...models.map((pack) => modelSection(root, pack)),
    ...names.map((name) => packageSection(root, name)),
  ]
    .join(`\n\n${RULE}\n\n`)
    .concat('\n');
}

function modelSection(root, { id, title, licence, source }) {
  const folder = join(root, 'public/models', id);
  const head = `Model: ${title}\nLicence: ${licence.id} (${licence.url})${source ? `\nSource: ${source}` : ''}`;
  return [head, ...textsIn(folder)].join('\n\n');
}

function packageSection(root, name) {
  const { version, license, homepage } = manifestOf(root, name);
  const head = `${name} ${version}\nLicence: ${license ?? 'see below'}${homepage ? `\n${homepage}` : ''}`;
  const texts = TEXTS[name]
    ? [readFileSync(join(import.meta.dirname, 'texts', TEXTS[name]), 'utf8').trim()]
    : textsIn(join(root, 'node_modules', name));
  const own = texts.map((text) => text.split(END_OF_OWN[name])[0].trim());
  return [head, ...own, ...(COMPILED[name] ? [COMPILED[name]] : [])].join('\n\n');
}

/** Licences and notices as the publisher ships them. */
function textsIn(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => /^(licen[cs]e|copying|notice|third.?party.?notices?)/i.test(file))
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8').trim());
}

function manifestOf(root, name) {
  return JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8'));
}
