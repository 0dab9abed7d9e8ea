/**
 * Which allocations fail, of those that may: what no more memory is left for. Either each by a data choice of its own, or
 * exactly those of a list, by their number: so every place where memory can run out is met once, and no two by chance.
 */
import type { Execution } from "../sim/index.ts";

/** Of one run. */
export class Shortage {
  readonly #x: Execution;
  readonly #failing: readonly number[];
  #began = false;
  #met = 0;

  /** `failing`: which of the allocations that may fail do, the first since {@link begin} is 1. */
  constructor(x: Execution, failing: readonly number[]) {
    this.#x = x;
    this.#failing = failing;
  }

  /** Allocations that could fail since {@link begin}. */
  get met(): number {
    return this.#met;
  }

  /** Those that come now count. */
  begin(): void {
    this.#began = true;
  }

  /** An allocation that may fail: does it? `drawn`: if no list says so, it may by a data choice. Not a point. */
  strikes(drawn: boolean): boolean {
    if (!this.#began) return drawn && this.#x.draw(2) === 1;
    this.#met++;
    if (this.#failing.includes(this.#met)) return true;
    return drawn && this.#x.draw(2) === 1;
  }
}
