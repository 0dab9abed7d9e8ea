/**
 * POS: partial order sampling (Yuan, Yang, Gu: "Partial order aware concurrency sampling", CAV 2018, section 4).
 *
 * Every pending operation has a random priority of its own; the enabled one with the highest goes next. After
 * it, the pending operations that depend on it draw anew, so that the order of independent operations uses no
 * randomness up and partial orders are sampled more evenly than by a random walk.
 */
import type { Context } from "../context.ts";
import type { Execution } from "../execution.ts";
import { dependent } from "../operation.ts";
import { Draws, rng } from "../rng.ts";
import type { Strategy } from "../strategy.ts";

/** Not drawn yet. */
const NONE = 0;
const PRIORITIES = 1 << 30;

/** A priority per pending operation, from the run's seed. */
export class Pos implements Strategy {
  readonly name = "pos";
  readonly everyPoint = true;
  #draws!: Draws;

  begin(seed: string): boolean {
    this.#draws = new Draws(rng(seed));
    return true;
  }

  choose(x: Execution): Context {
    const next = this.#highest(x.enabled);
    const word = next.pending;
    next.priority = NONE;
    for (const other of x.enabled) if (dependent(other.pending, word)) other.priority = NONE;
    // A thread under a handler is pending too; at a gate, the acquisition that closed it has drawn anew.
    for (const { nested, thread } of x.cpus) {
      if (nested !== null && thread !== null && dependent(thread.pending, word)) thread.priority = NONE;
    }
    return next;
  }

  draw(_x: Execution, n: number): number {
    return this.#draws.below(n);
  }

  #highest(enabled: readonly Context[]): Context {
    let highest = enabled[0] as Context;
    for (const context of enabled) {
      if (context.priority === NONE) context.priority = 1 + this.#draws.below(PRIORITIES);
      if (context.priority > highest.priority) highest = context;
    }
    return highest;
  }
}
