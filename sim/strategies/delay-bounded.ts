/**
 * Delay-bounded search (Emmi, Qadeer, Rakamarić: "Delay-bounded scheduling", POPL 2011, section 3): a deterministic
 * scheduler stays with a context until it blocks or ends, and then takes the next one in the order of creation, round
 * robin. Each context that is made to wait although it is its turn costs one delay. With d delays there are at most
 * some (steps)^d schedules, however many contexts there are.
 */
import type { Context } from "../context.ts";
import type { Execution } from "../execution.ts";
import { PathSearch } from "./path-search.ts";
import { roundFrom } from "./round-order.ts";

/** Every execution with at most so many delays, once each; data choices cost nothing. */
export class DelayBounded extends PathSearch {
  readonly name = "delays";
  readonly #bound: number;
  #left = 0;

  /** `delays`: the bound; without one, all schedules. */
  constructor(delays: number = Number.POSITIVE_INFINITY) {
    super();
    this.#bound = delays;
  }

  protected restart(): void {
    this.#left = this.#bound;
  }

  choose(x: Execution, current: Context | null): Context {
    const { path } = this;
    const next = path.choose(x, path.isNew ? this.#options(x, current) : null);
    this.#left -= path.taken;
    return next;
  }

  #options(x: Execution, current: Context | null): readonly number[] {
    return roundFrom(x, current, x.current.id).slice(0, this.#left + 1).map(({ id }) => id);
  }
}
