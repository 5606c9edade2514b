/**
 * The VAE in overlapping squares, so that its memory on the GPU is that of one tile whatever the size: diffusers'
 * AutoencoderKL with `enable_tiling`. One tile is computed after the other. Each sees only itself, so the result is a little
 * another one than that of the whole.
 */
import type { FloatTensor } from '../ort/tensor';
import type { Encode } from './inpainting';
import { LATENT_PX } from './picture';

/** The VAE's decoder: unscaled latents [1, 4, h, w] → planes [1, 3, 8h, 8w], −1..1 or a little beyond. */
export type Decode = (latents: FloatTensor) => Promise<FloatTensor>;

/** A side of SDXL's tiles, px: `tile_sample_min_size`, with 64 latents for `tile_latent_min_size`. */
const TILE_PX = 512;
/** `tile_overlap_factor`, a quarter of a side. */
const OVERLAPS = 4;

/**
 * @param planes −1..1, [1, 3, H, W], both sides multiples of 8 px. At most a tile a side: encoded whole.
 * @param tilePx a multiple of 32. The last tile of a row or column is what is left, at least 8 px.
 * @throws RangeError for other sides, and as `encode`
 */
export async function tiledEncode(encode: Encode, planes: FloatTensor, tilePx = TILE_PX): ReturnType<Encode> {
  const tile = latentsOf(tilePx);
  const [, , height, width] = planes.dims;
  if (height! % LATENT_PX !== 0 || width! % LATENT_PX !== 0)
    throw new RangeError(`${width}×${height} px are not whole latents of ${LATENT_PX} px`);
  if (fits(planes, tilePx)) return await encode(planes);
  const moments = async (part: FloatTensor) => {
    const { mean, logvar } = await encode(part);
    return [mean, logvar];
  };
  const [mean, logvar] = await tiled(moments, planes, tilePx, tile);
  return { mean: mean!, logvar: logvar! };
}

/**
 * @param latents unscaled, [1, 4, h, w]. At most a tile a side: decoded whole.
 * @param tilePx a multiple of 32, of the planes
 * @throws RangeError for another tile, and as `decode`
 */
export async function tiledDecode(
  decode: Decode,
  latents: FloatTensor,
  tilePx = TILE_PX,
): Promise<FloatTensor> {
  const tile = latentsOf(tilePx);
  if (fits(latents, tile)) return await decode(latents);
  const [planes] = await tiled(async (part) => [await decode(part)], latents, tile, tilePx);
  return planes!;
}

/** A tile's side in latents; a quarter of it must be whole latents. */
function latentsOf(tilePx: number): number {
  const unit = OVERLAPS * LATENT_PX;
  if (!(tilePx > 0) || tilePx % unit !== 0)
    throw new RangeError(`a tile's side is a multiple of ${unit} px, not ${tilePx}`);
  return tilePx / LATENT_PX;
}

function fits({ dims }: FloatTensor, side: number): boolean {
  return dims[2]! <= side && dims[3]! <= side;
}

/**
 * @param side of a tile that goes in. @param outSide of what a whole one becomes.
 * @returns for each of the outputs of `run`, its tiles put together
 */
async function tiled(
  run: (tile: FloatTensor) => Promise<readonly FloatTensor[]>,
  whole: FloatTensor,
  side: number,
  outSide: number,
): Promise<readonly FloatTensor[]> {
  const [, , height, width] = whole.dims;
  const step = side - side / OVERLAPS;
  const overlap = outSide / OVERLAPS;
  const outputs: FloatTensor[] = [];
  let above: (readonly FloatTensor[])[] = [];
  for (let top = 0; top < height!; top += step) {
    const row: (readonly FloatTensor[])[] = [];
    for (let left = 0; left < width!; left += step) {
      const made = await run(cut(whole, top, left, side));
      const [upper, before] = [above[row.length], row.at(-1)];
      // Down, then across, with neighbours that are blended themselves: where four tiles meet, diffusers' sum is of these.
      const tiles = made.map((tile, k) => {
        const down = upper ? blended(upper[k]!, tile, 'down', overlap) : tile;
        return before ? blended(before[k]!, down, 'across', overlap) : down;
      });
      for (const [k, tile] of tiles.entries()) {
        outputs[k] ??= empty(tile, (height! * outSide) / side, (width! * outSide) / side);
        // The tiles that come later overwrite what they share.
        paste(tile, outputs[k], (top * outSide) / side, (left * outSide) / side);
      }
      row.push(tiles);
    }
    above = row;
  }
  return outputs;
}

/** `tile` with its first rows or columns faded in over the last ones of `neighbour`, in float32 operation by operation. */
function blended(
  neighbour: FloatTensor,
  tile: FloatTensor,
  way: 'down' | 'across',
  overlap: number,
): FloatTensor {
  const [batch, channels, h, w] = tile.dims;
  const [, , height, width] = neighbour.dims;
  const data = tile.data.slice();
  const down = way === 'down';
  const extent = down ? Math.min(height!, h!, overlap) : Math.min(width!, w!, overlap);
  const [rows, columns] = down ? [extent, w!] : [h!, extent];
  const [skipRows, skipColumns] = down ? [height! - extent, 0] : [0, width! - extent];
  for (let plane = 0; plane < batch! * channels!; plane += 1)
    for (let y = 0; y < rows; y += 1)
      for (let x = 0; x < columns; x += 1) {
        const share = (down ? y : x) / extent;
        const at = (plane * h! + y) * w! + x;
        const old = neighbour.data[(plane * height! + skipRows + y) * width! + skipColumns + x]!;
        data[at] = Math.fround(old * Math.fround(1 - share)) + Math.fround(data[at]! * Math.fround(share));
      }
  return { data, dims: tile.dims };
}

function cut({ data, dims }: FloatTensor, top: number, left: number, side: number): FloatTensor {
  const [batch, channels, height, width] = dims;
  const [h, w] = [Math.min(side, height! - top), Math.min(side, width! - left)];
  const out = empty({ dims }, h, w);
  for (let y = 0; y < batch! * channels! * h; y += 1) {
    const from = (Math.floor(y / h) * height! + top + (y % h)) * width! + left;
    out.data.set(data.subarray(from, from + w), y * w);
  }
  return out;
}

function paste(tile: FloatTensor, onto: FloatTensor, top: number, left: number): void {
  const [batch, channels, h, w] = tile.dims;
  const [, , height, width] = onto.dims;
  for (let y = 0; y < batch! * channels! * h!; y += 1) {
    const at = (Math.floor(y / h!) * height! + top + (y % h!)) * width! + left;
    onto.data.set(tile.data.subarray(y * w!, (y + 1) * w!), at);
  }
}

function empty({ dims }: Pick<FloatTensor, 'dims'>, height: number, width: number): FloatTensor {
  const [batch, channels] = dims;
  return {
    data: new Float32Array(batch! * channels! * height * width),
    dims: [batch!, channels!, height, width],
  };
}
