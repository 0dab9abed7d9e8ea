/**
 * Exhaustive search: depth-first over every schedule and data choice, without stored states.
 *
 * The search can be bounded in preemptions (Musuvathi, Qadeer: "Iterative context bounding for systematic testing
 * of multithreaded programs", PLDI 2007): a preemption is a switch away from a context that could have gone on.
 */
import type { Context } from "../context.ts";
import type { Execution } from "../execution.ts";
import { PathSearch } from "./path-search.ts";

/** Every execution within the bound, once each. */
export class Exhaustive extends PathSearch {
  readonly name = "exhaustive";
  readonly #bound: number;
  #preemptions = 0;

  /** `preemptions`: the bound; without one, all schedules. */
  constructor(preemptions: number = Number.POSITIVE_INFINITY) {
    super();
    this.#bound = preemptions;
  }

  protected restart(): void {
    this.#preemptions = 0;
  }

  choose(x: Execution, current: Context | null): Context {
    if (current !== null && this.#preemptions >= this.#bound) return current;
    const { path } = this;
    const next = path.choose(x, path.isNew ? idsFrom(current ?? (x.enabled[0] as Context), x.enabled) : null);
    if (current !== null && next !== current) this.#preemptions++;
    return next;
  }
}

function idsFrom(first: Context, enabled: readonly Context[]): readonly number[] {
  return [first.id, ...enabled.filter((context) => context !== first).map(({ id }) => id)];
}
