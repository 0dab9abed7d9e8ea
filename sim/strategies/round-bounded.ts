/**
 * Search bounded in rounds (Lal, Reps: "Reducing concurrent analysis under a context bound to sequential analysis", CAV
 * 2008, section 2): contexts take turns in the order of creation, each once a round and for as long as it likes; going
 * on with one that was made earlier begins another round. Unlike a preemption bound it also bounds how often somebody
 * can be waited for.
 */
import type { Context } from "../context.ts";
import type { Execution } from "../execution.ts";
import { PathSearch } from "./path-search.ts";
import { roundFrom } from "./round-order.ts";

/** Every execution with at most so many rounds after the first; data choices cost nothing. */
export class RoundBounded extends PathSearch {
  readonly name = "rounds";
  readonly everyPoint = true;
  /** The current run did not end within the bound; what is left of it is the default schedule. */
  cut = false;
  readonly #bound: number;
  #left = 0;
  #last = 0;

  /** `rounds`: how many after the first; without a number, all schedules. */
  constructor(rounds: number = Number.POSITIVE_INFINITY) {
    super();
    this.#bound = rounds;
  }

  protected restart(): void {
    this.#left = this.#bound;
    this.#last = 0;
    this.cut = false;
  }

  choose(x: Execution, current: Context | null): Context {
    const next = this.cut ? usual(x, current) : this.#within(x, current);
    this.#last = next.id;
    return next;
  }

  #within(x: Execution, current: Context | null): Context {
    const { path } = this;
    const options = path.isNew ? this.#options(x, current) : null;
    if (options?.length === 0) {
      this.cut = true;
      return usual(x, current);
    }
    const next = path.choose(x, options);
    if (next.id < this.#last) this.#left--;
    return next;
  }

  #options(x: Execution, current: Context | null): readonly number[] {
    const order = roundFrom(x, current, this.#last).map(({ id }) => id);
    return this.#left > 0 ? order : order.filter((id) => id >= this.#last);
  }

  override draw(x: Execution, n: number): number {
    return this.cut ? 0 : super.draw(x, n);
  }
}

const usual = (x: Execution, current: Context | null): Context => current ?? (x.enabled[0] as Context);
