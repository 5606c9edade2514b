/** `npm run open-eyes`: the built app at work in a headless browser. See `--help`. */
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { HELP, parseArguments } from './open-eyes/arguments.mjs';
import { placesFor, STATUS, sentenceOf, stampOf, statusOf } from './open-eyes/outcome.mjs';
import { ensureBuild, ensureChromium, ensureDependencies } from './setup.mjs';

const options = parseArguments(process.argv.slice(2));
if (options.kind === 'help') {
  console.log(HELP);
} else if (options.kind === 'wrong') {
  console.error(`${options.reason}\n\n${HELP}`);
  process.exitCode = STATUS.usage;
} else {
  process.exitCode = await main(options);
}

async function main({ inputs, donors, config, out, numVariations, verbose }) {
  const folder = resolve(out);
  const record = { run_id: crypto.randomUUID(), timestamp: stampOf(new Date()), photos: [] };
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    console.error(`the folder ${out} cannot be made: ${error.code}`);
    return STATUS.failed;
  }
  const end = (status) => {
    write(join(folder, 'run.json'), `${JSON.stringify(record, null, 2)}\n`);
    return status;
  };
  const fail = (error) => {
    console.error(`${error.message} (${error.code})`);
    Object.assign(record, { error });
    return end(STATUS.failed);
  };

  const settings = readSettings(config, numVariations, verbose);
  if (settings.error) return fail(settings.error);
  ensureDependencies();
  ensureChromium();
  ensureBuild();

  const photos = [...inputs, ...donors];
  const missing = photos.map(whyUnreadable);
  // A file the browser cannot be handed keeps its place, so that numbers stay the same.
  const standIn = import.meta.filename;
  const { openPage } = await import('./open-eyes/page.mjs');
  const page = await openPage(
    photos.map((path, i) => (missing[i] ? standIn : resolve(path))),
    settings,
  );
  try {
    if (!page.configured.ok) return fail(page.configured.error);
    for (const name of page.configured.value) console.error(`${config}: nothing here knows "${name}"`);

    const looked = [];
    for (const i of photos.keys()) looked.push(missing[i] ?? (await page.look(i, i >= inputs.length)));
    for (const i of donors.keys()) {
      const { ok, error } = looked[inputs.length + i];
      if (!ok) console.error(`${donors[i]}: ${error.message} (${error.code})`);
    }
    const places = placesFor(inputs, folder);
    for (const [i, input] of inputs.entries()) {
      const photo = await processOne(page, i, input, places[i], looked[i], verbose).catch((error) => ({
        input,
        output: null,
        error: { code: 'internal', message: error.message.split('\n')[0] },
        faces: [],
      }));
      record.photos.push(photo);
      console.error(sentenceOf(photo));
    }
    return end(statusOf(record.photos));
  } finally {
    await page.close();
  }
}

async function processOne(page, index, input, { folder, stem }, looked, verbose) {
  const done = looked.ok ? await page.process(index) : looked;
  if (!done.ok) return { input, output: null, error: done.error, faces: [] };
  const { extension, faces, faceData, cropData } = done.value;
  mkdirSync(folder, { recursive: true });
  const output = extension && join(folder, `${stem}_eyes-open.${extension}`);
  if (output) await page.deliver('photo', output);
  if (verbose) await page.deliver('verbose', join(folder, `${stem}_verbose.zip`));
  write(join(folder, 'face_data.json'), faceData);
  write(join(folder, 'crop_data.json'), cropData);
  return { input, output, error: null, faces };
}

function readSettings(path, numVariations, verbose) {
  const overrides = {
    ...(numVariations === null ? {} : { generation: { num_variations: numVariations } }),
    ...(verbose ? { output: { verbose } } : {}),
  };
  try {
    return { config: path ? readFileSync(path, 'utf8') : '{}', overrides };
  } catch {
    return { error: { code: 'bad-request', message: `the config ${path} cannot be read` } };
  }
}

/** @returns null when the path is a file. */
function whyUnreadable(path) {
  const unreadable = (message) => ({ ok: false, error: { code: 'photo-unreadable', message } });
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat?.isFile()) return null;
    return unreadable(stat ? 'this is a folder, not a photo' : 'there is no such file');
  } catch ({ code }) {
    return unreadable(`it cannot be read: ${code}`);
  }
}

function write(path, text) {
  writeFileSync(path, text);
}
