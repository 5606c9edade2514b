/** What a run came to: exit status, file places, sentences. */
import { join, parse } from 'node:path';

export const STATUS = { succeeded: 0, failed: 1, usage: 2, nothingToDo: 3 };

/**
 * @param {readonly { error: object | null, faces: readonly { chosen: boolean, ok: boolean }[] }[]} photos
 */
export function statusOf(photos) {
  const chosen = photos.flatMap(({ faces }) => faces.filter((face) => face.chosen));
  if (photos.some(({ error }) => error) || chosen.some(({ ok }) => !ok)) return STATUS.failed;
  return chosen.length ? STATUS.succeeded : STATUS.nothingToDo;
}

/**
 * Where each photo's files go: one photo straight into the folder, several into one folder each.
 * Photos of one name are told apart by a number.
 * @returns {{ folder: string, stem: string }[]}
 */
export function placesFor(inputs, out) {
  const taken = new Set();
  return inputs.map((input) => {
    const base = parse(input).name;
    // Of `...jpg` and `run.json.jpg`: a folder of that name is somebody's already.
    const name = /^\.+$|^run\.json$/i.test(base) ? `_${base}` : base;
    let stem = name;
    for (let n = 2; taken.has(stem.toLowerCase()); n += 1) stem = `${name}_${n}`;
    taken.add(stem.toLowerCase());
    return { folder: inputs.length === 1 ? out : join(out, stem), stem };
  });
}

/** `YYYYMMDD_HHMMSS`, local time. */
export function stampOf(date) {
  const two = (n) => String(n).padStart(2, '0');
  const day = `${date.getFullYear()}${two(date.getMonth() + 1)}${two(date.getDate())}`;
  return `${day}_${two(date.getHours())}${two(date.getMinutes())}${two(date.getSeconds())}`;
}

/** One sentence on a photo for the terminal. */
export function sentenceOf({ input, output, error, faces }) {
  if (error) return `${input}: ${error.message} (${error.code})`;
  const chosen = faces.filter((face) => face.chosen);
  const found = faces.length === 1 ? '1 face' : `${faces.length} faces`;
  if (!chosen.length) return `${input}: ${found}, no closed eyes: nothing to do`;
  const failures = chosen
    .filter(({ ok }) => !ok)
    .map((face) => `face ${face.face_idx}: ${face.error.message} (${face.error.code})`);
  const opened = `${chosen.length - failures.length} of ${chosen.length} with closed eyes opened`;
  return [`${input}: ${found}, ${opened}${output ? ` → ${output}` : ''}`, ...failures].join('; ');
}
