/** A random walk that seldom turns: whoever runs goes on, except once in a while. */
import { Draws, rng, type Context, type Execution, type Strategy } from "../../sim/index.ts";

/** At a point another context is drawn with probability 1 in `turns`; a power of two costs least. */
export class StickyWalk implements Strategy {
  readonly name: string;
  readonly #turns: number;
  #draws!: Draws;

  constructor(turns: number) {
    this.name = `sticky ${turns}`;
    this.#turns = turns;
  }

  begin(seed: string): boolean {
    this.#draws = new Draws(rng(seed));
    return true;
  }

  choose(x: Execution, current: Context | null): Context {
    const { enabled } = x;
    if (current !== null && this.#draws.below(this.#turns) !== 0) return current;
    return enabled[this.#draws.below(enabled.length)] as Context; // below its length
  }

  draw(_x: Execution, n: number): number {
    return this.#draws.below(n);
  }
}
