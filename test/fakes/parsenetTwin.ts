/** ParseNet in small, tools/models/parsenet/twin.py: what it is fed and what the reference code answers. */
import { noise } from '../../workers/gpu/noise';
import type { Tensors } from '../../workers/ort/tensor';
import golden from '../golden/parsenet_twin.json' with { type: 'json' };

const [, height, width] = golden.dims as [number, number, number];
const CHANNELS = 3;
const DIGITS_BASE = 19;
/** Where two classes score alike, which one is first hangs on the order of sums. */
const TIE = '.';

/** The picture of the golden answer, for test/twins/parsenet/parsenet.onnx. */
export function parsenetTwinFeeds(): Tensors {
  const data = noise(golden.seed, CHANNELS * height * width);
  return { input: { data, dims: [1, CHANNELS, height, width] } };
}

/**
 * Of the stored pixels, ties left out: how many there are, how many have another class, and which classes are among them.
 * @throws Error when `classes` is missing or of another type or shape.
 */
export function parsenetTwinDifference({ classes }: Tensors) {
  if (!(classes?.data instanceof Uint8Array) || String(classes.dims) !== String(golden.dims))
    throw new Error(`[${classes?.dims}], not bytes of [${golden.dims}]`);
  const stored = Array.from(golden.classes, (digit, i) => ({ digit, found: classes.data[i * golden.every] }));
  const clear = stored.filter(({ digit }) => digit !== TIE);
  const wanted = clear.map(({ digit, found }) => ({ wanted: Number.parseInt(digit, DIGITS_BASE), found }));
  return {
    pixels: clear.length,
    others: wanted.filter((pixel) => pixel.wanted !== pixel.found).length,
    classes: new Set(wanted.map((pixel) => pixel.wanted)),
  };
}
