/**
 * The only source of randomness: named streams derived from the run seed. The generator is seedrandom's
 * `alea` (xor128, xorwow and xorshift7 correlate for neighbouring seeds); a stream is forked by hashing the path
 * that names it, never by copying state.
 */
import seedrandom from "seedrandom";

/** A random stream. */
export interface Rng {
  /** The next 32 random bits, as a signed integer. */
  next(): number;
  /** An independent stream named by its path from this one; the order of forks does not matter. */
  fork(name: string): Rng;
  /** The path that derives this stream: building it again gives the same numbers. */
  readonly path: string;
}

class Alea implements Rng {
  readonly #prng: seedrandom.PRNG;
  readonly path: string;

  constructor(path: string) {
    this.path = path;
    this.#prng = seedrandom.alea("", { state: stateOf(path) });
  }

  next(): number {
    return this.#prng.int32();
  }

  fork(name: string): Rng {
    return new Alea(`${this.path}/${name}`);
  }
}

/**
 * The state that belongs to a path: three hashes of it (the mixing of MurmurHash3), as alea keeps them. Its own
 * seeding walks the path six times in floating point, which costs more than the rest of a run's set-up.
 */
function stateOf(path: string): seedrandom.State.Alea {
  let a = 0x9e3779b9 | 0;
  let b = 0x85ebca6b | 0;
  let c = 0xc2b2ae35 | 0;
  for (let i = 0; i < path.length; i++) {
    const code = path.charCodeAt(i);
    a = Math.imul((a ^ code) + (a >>> 15), 0xcc9e2d51);
    b = Math.imul((b ^ code) + (b >>> 16), 0x1b873593);
    c = Math.imul((c ^ code) + (c >>> 13), 0x165667b1);
  }
  return { c: 1, s0: fractionOf(a), s1: fractionOf(b), s2: fractionOf(c) };
}

/** The finalizer of MurmurHash3, as a fraction of 2^32. */
function fractionOf(hash: number): number {
  let mixed = hash ^ (hash >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  mixed ^= mixed >>> 16;
  return (mixed >>> 0) * 2.3283064365386963e-10;
}

/** A stream from a seed string. Cost: about 150 ns. */
export const rng = (seed: string): Rng => new Alea(seed);

/**
 * Uniform draws from a pool of random bits: one 32-bit number answers several small choices, and values
 * out of range are rejected, so every answer is exactly uniform.
 */
export class Draws {
  readonly #rng: Rng;
  #bits = 0;
  #left = 0;

  constructor(source: Rng) {
    this.#rng = source;
  }

  /** An integer in `[0, n)`, `1 <= n <= 2^31`. */
  below(n: number): number {
    const width = 32 - Math.clz32(n - 1);
    let value: number;
    do {
      if (this.#left < width) this.#refill();
      value = this.#bits & ((1 << width) - 1);
      // Signed, so that the field never holds more than a small integer; only the lowest #left bits count.
      this.#bits >>= width;
      this.#left -= width;
    } while (value >= n);
    return value;
  }

  #refill(): void {
    this.#bits = this.#rng.next();
    this.#left = 32;
  }
}
