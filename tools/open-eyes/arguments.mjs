/** The options of the command line. They are a stable contract: add, never change. */

export const HELP = `Opens closed eyes in photos.

  npm run open-eyes -- --input PHOTO… --out DIR [options]

  --input PHOTO…        photos to open; they lend each other open eyes of the same person
  --donor PHOTO…        more photos of the same people: their open eyes may be used; they are not changed
  --out DIR             where the results go; it is made when it is not there
  --config FILE         settings as JSON; what it leaves out keeps its default
  --num-variations N    pairs of built-in eyes to choose from (at least one is made), 0 to 16
  --verbose             also a zip with every square, mask, candidate, blend and timing
  --help                this text

For one photo DIR holds NAME_eyes-open.png, face_data.json and crop_data.json; for several each
photo has its folder DIR/NAME/. DIR/run.json tells of the whole run: all faces, with the verdict on
each eye before and after (open, closed, unsure; left and right are the subject's own). "after" is
measured on the saved file. "output" is an absolute path, or null when nothing was opened.
Pictures are PNG, which is exact, unless the config has "output": {"format": "same" | "png" | "jpeg" | "webp"}.

Exit status: 0 every chosen face succeeded, 3 nothing to do (no closed eye), 2 wrong usage, else 1.`;

const LISTS = { '--input': 'inputs', '--donor': 'donors' };
const VALUES = { '--config': 'config', '--out': 'out', '--num-variations': 'numVariations' };
const MOST_VARIATIONS = 16;

/**
 * @param {readonly string[]} argv what follows the program's name
 * @returns {{ kind: 'help' } | { kind: 'wrong', reason: string } | { kind: 'run', inputs: string[],
 *   donors: string[], config: string | null, out: string, numVariations: number | null, verbose: boolean }}
 */
export function parseArguments(argv) {
  const options = { inputs: [], donors: [], config: null, out: null, numVariations: null, verbose: false };
  let list = null;
  const words = argv.flatMap(splitAssignment);
  if (words.some((word) => word === '--help' || word === '-h')) return { kind: 'help' };
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i];
    if (!word.startsWith('--')) {
      if (!list) return wrong(`"${word}" belongs to no option`);
      options[list].push(word);
      continue;
    }
    list = null;
    if (word === '--verbose') options.verbose = true;
    else if (word in LISTS) list = LISTS[word];
    else if (word in VALUES) {
      const value = words[i + 1];
      if (value === undefined || value.startsWith('--')) return wrong(`${word} needs a value`);
      if (options[VALUES[word]] !== null) return wrong(`${word} was given twice`);
      options[VALUES[word]] = value;
      i += 1;
    } else return wrong(`there is no option ${word}`);
  }
  return checked(options);
}

function checked(options) {
  if (!options.inputs.length) return wrong('--input needs at least one photo');
  if (!options.out) return wrong('--out needs a folder');
  if (options.numVariations === null) return { kind: 'run', ...options };
  const numVariations = Number(options.numVariations);
  const fits = Number.isInteger(numVariations) && numVariations >= 0 && numVariations <= MOST_VARIATIONS;
  if (!fits || options.numVariations.trim() === '') {
    return wrong(`--num-variations is "${options.numVariations}"; allowed is 0 to ${MOST_VARIATIONS}`);
  }
  return { kind: 'run', ...options, numVariations };
}

/** `--out=DIR` is `--out DIR`. */
function splitAssignment(word) {
  const at = word.indexOf('=');
  return word.startsWith('--') && at > 0 ? [word.slice(0, at), word.slice(at + 1)] : [word];
}

function wrong(reason) {
  return { kind: 'wrong', reason };
}
