/** MT19937 (Matsumoto and Nishimura 1998): the engine of torch's CPU generator, of NumPy and of C++'s `std::mt19937`. */

const WORDS = 624;
const MIDDLE = 397;
const MATRIX = 0x9908b0df;
const UPPER_BIT = 0x80000000;
const LOWER_BITS = 0x7fffffff;
/** Knuth's multiplier, which spreads the seed over the state. */
const SPREAD = 1812433253;

const MAX_SEED = 0xffffffff;

/** Whole numbers 0..2³² − 1, all equally likely; the same seed gives the same row. */
export class MersenneTwister {
  private readonly state = new Uint32Array(WORDS);
  /** The next word to hand out; `WORDS` when all are used. */
  private place = WORDS;

  /**
   * @param seed whole number 0..4294967295
   * @throws RangeError for any other seed
   */
  constructor(seed: number) {
    if (!Number.isInteger(seed) || seed < 0 || seed > MAX_SEED)
      throw new RangeError(`a seed is a whole number from 0 to ${MAX_SEED}, got ${seed}`);
    const { state } = this;
    state[0] = seed;
    for (let i = 1; i < WORDS; i += 1) {
      const before = state[i - 1]!;
      state[i] = Math.imul(SPREAD, before ^ (before >>> 30)) + i;
    }
  }

  uint32(): number {
    if (this.place === WORDS) this.twist();
    let word = this.state[this.place]!;
    this.place += 1;
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return (word ^ (word >>> 18)) >>> 0;
  }

  /** The next `WORDS` words, in place: each from itself, its neighbour and the word `MIDDLE` places on, round the end. */
  private twist(): void {
    const { state } = this;
    for (let i = 0; i < WORDS; i += 1) {
      const next = i + 1 < WORDS ? i + 1 : 0;
      const onward = i + MIDDLE < WORDS ? i + MIDDLE : i + MIDDLE - WORDS;
      const joined = (state[i]! & UPPER_BIT) | (state[next]! & LOWER_BITS);
      state[i] = state[onward]! ^ (joined >>> 1) ^ (joined & 1 ? MATRIX : 0);
    }
    this.place = 0;
  }
}
