/** Random walk: every enabled context is equally likely at every point. */
import type { Context } from "../context.ts";
import type { Execution } from "../execution.ts";
import { Draws, rng } from "../rng.ts";
import type { Strategy } from "../strategy.ts";

/** A fresh random walk per run, from the run's seed. */
export class RandomWalk implements Strategy {
  readonly name = "random";
  #schedule!: Draws;

  begin(seed: string): boolean {
    this.#schedule = new Draws(rng(seed));
    return true;
  }

  choose(x: Execution): Context {
    const enabled = x.enabled;
    return enabled[this.#schedule.below(enabled.length)] as Context;
  }

  draw(_x: Execution, n: number): number {
    return this.#schedule.below(n);
  }
}
