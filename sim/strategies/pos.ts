/**
 * POS: partial order sampling (Yuan, Yang, Gu: "Partial order aware concurrency sampling", CAV 2018, section 4).
 *
 * Every pending operation has a random priority of its own; the enabled one with the highest goes next. After
 * it, the pending operations that depend on it draw anew, so that the order of independent operations uses no
 * randomness up and partial orders are sampled more evenly than by a random walk. Further objects of an operation count
 * as it does: those of a pending one, and those that a step turned out to touch.
 */
import type { Context } from "../context.ts";
import type { Execution } from "../execution.ts";
import { dependent } from "../operation.ts";
import { Draws, rng } from "../rng.ts";
import type { Strategy } from "../strategy.ts";
import { FurtherObjects } from "./further-objects.ts";

/** Not drawn yet. */
const NONE = 0;
const PRIORITIES = 1 << 30;

/** A priority per pending operation, from the run's seed. */
export class Pos implements Strategy {
  readonly name = "pos";
  readonly everyPoint = true;
  readonly #further = new FurtherObjects();
  #draws!: Draws;
  /** The operation of the step before. */
  #last = 0;

  begin(seed: string): boolean {
    this.#draws = new Draws(rng(seed));
    this.#further.reset();
    this.#last = 0;
    return true;
  }

  choose(x: Execution): Context {
    const further = this.#further;
    // Who was passed over for the step before has named its further objects since.
    if (further.readOn(x)) this.#redrawWaiting(x, this.#last);
    for (const word of further.touched) this.#redrawAll(x, word);
    const next = this.#highest(x.enabled);
    const word = next.pending;
    this.#last = word;
    next.priority = NONE;
    for (const other of x.enabled) if (dependent(other.pending, word)) other.priority = NONE;
    // A thread under a handler is pending too; at a gate, the acquisition that closed it has drawn anew.
    for (const { nested, thread } of x.cpus) {
      if (nested !== null && thread !== null && dependent(thread.pending, word)) thread.priority = NONE;
    }
    if (further.waits > 0) {
      this.#redrawWaiting(x, word);
      for (const each of further.take(next)) this.#redrawAll(x, each);
    }
    return next;
  }

  /** What depends on a further object draws anew. */
  #redrawAll(x: Execution, word: number): void {
    for (const context of x.contexts) {
      if (context.pending !== 0 && dependent(context.pending, word)) context.priority = NONE;
    }
    if (this.#further.waits > 0) this.#redrawWaiting(x, word);
  }

  /** Pending operations draw anew that depend on a word by a further object. */
  #redrawWaiting(x: Execution, word: number): void {
    for (const context of x.contexts) {
      for (const each of this.#further.of(context)) if (dependent(each, word)) context.priority = NONE;
    }
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
