import { BLOCK, toNormalBlock } from './boxMuller';
import { MersenneTwister } from './mersenneTwister';

/**
 * `torch.Generator('cpu').manual_seed(seed)` (spec B.13). Every draw goes on where the last one ended, so the order and
 * the sizes of the draws matter as much as the seed.
 */
export class TorchNoise {
  /** The uniform numbers under the normal ones. */
  readonly engine: MersenneTwister;
  /** The second of a pair that a draw of fewer than `BLOCK` values left over; larger draws let it be. */
  private cached: number | null = null;

  /**
   * @param seed whole number 0..4294967295. (torch takes 64 bits and seeds with the low 32: there, higher seeds repeat.)
   * @throws RangeError for any other seed
   */
  constructor(seed: number) {
    this.engine = new MersenneTwister(seed);
  }

  /**
   * `torch.randn(count, generator=…, dtype=torch.float32)`: independent values of mean 0 and deviation 1, the bits
   * that torch gives on x86 with AVX2. Other processors differ from it in the last digit of many values.
   * @param count values in all; the shape makes no difference
   * @throws RangeError when `count` is not whole or below 0
   */
  randn(count: number): Float32Array<ArrayBuffer> {
    if (!Number.isSafeInteger(count) || count < 0)
      throw new RangeError(`a count is a whole number from 0, got ${count}`);
    const values = new Float32Array(count);
    if (count < BLOCK) this.fillSingly(values);
    else this.fillBlocks(values);
    return values;
  }

  /** All uniform numbers first, then block by block; a last part block is 16 new values that end at the end. */
  private fillBlocks(values: Float32Array): void {
    this.fillUniform(values, 0);
    for (let start = 0; start + BLOCK <= values.length; start += BLOCK) toNormalBlock(values, start);
    if (values.length % BLOCK === 0) return;
    const last = values.length - BLOCK;
    this.fillUniform(values, last);
    toNormalBlock(values, last);
  }

  private fillUniform(values: Float32Array, start: number): void {
    const { engine } = this;
    for (let i = start; i < values.length; i += 1) values[i] = (engine.uint32() & 0xffffff) * 2 ** -24;
  }

  private fillSingly(values: Float32Array): void {
    for (let i = 0; i < values.length; i += 1) values[i] = this.single();
  }

  /** One value in double precision; its partner waits for the next call. */
  private single(): number {
    if (this.cached !== null) {
      const value = this.cached;
      this.cached = null;
      return value;
    }
    const angle = 2 * Math.PI * this.uniformDouble();
    const radius = Math.sqrt(-2 * Math.log1p(-this.uniformDouble()));
    this.cached = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  /** 0 ≤ u < 1 in steps of 2⁻⁵³, from the low 53 of 64 bits. */
  private uniformDouble(): number {
    const high = this.engine.uint32() & 0x1fffff;
    return (high * 2 ** 32 + this.engine.uint32()) * 2 ** -53;
  }
}
