/**
 * Exhaustive search: depth-first over every schedule and data choice, without stored states.
 *
 * The search can be bounded in preemptions (Musuvathi, Qadeer: "Iterative context bounding for systematic testing
 * of multithreaded programs", PLDI 2007): a preemption is a switch away from a context that could have gone on.
 */
import type { Context } from "../context.ts";
import type { Execution } from "../execution.ts";
import type { Strategy } from "../strategy.ts";
import { SearchPath } from "./search-path.ts";

/** Every execution within the bound, once each. */
export class Exhaustive implements Strategy {
  readonly name = "exhaustive";
  readonly #bound: number;
  readonly #path = new SearchPath();
  #preemptions = 0;

  /** `preemptions`: the bound; without one, all schedules. */
  constructor(preemptions: number = Number.POSITIVE_INFINITY) {
    this.#bound = preemptions;
  }

  /** True once {@link begin} has said that nothing is left. */
  get exhausted(): boolean {
    return this.#path.exhausted;
  }
  /** Executions begun so far. */
  get executions(): number {
    return this.#path.executions;
  }

  begin(): boolean {
    this.#preemptions = 0;
    return this.#path.begin();
  }

  choose(x: Execution, current: Context | null): Context {
    if (current !== null && this.#preemptions >= this.#bound) return current;
    const path = this.#path;
    const next = path.choose(x, path.isNew ? idsFrom(current ?? (x.enabled[0] as Context), x.enabled) : null);
    if (current !== null && next !== current) this.#preemptions++;
    return next;
  }

  draw(_x: Execution, n: number): number {
    return this.#path.draw(n);
  }

  get left(): number {
    return this.#path.left;
  }

  checkpoint(): unknown {
    return this.#path.checkpoint();
  }

  resume(checkpoint: unknown): void {
    this.#path.resume(checkpoint);
  }
}

function idsFrom(first: Context, enabled: readonly Context[]): readonly number[] {
  return [first.id, ...enabled.filter((context) => context !== first).map(({ id }) => id)];
}
