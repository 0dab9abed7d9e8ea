/**
 * Exhaustive search: depth-first over every schedule and data choice, without stored states: each execution
 * repeats the choices of the one before up to the last that has an alternative, and takes that.
 *
 * The search can be bounded in preemptions (Musuvathi, Qadeer: "Iterative context bounding for systematic testing
 * of multithreaded programs", PLDI 2007): a preemption is a switch away from a context that could have gone on.
 */
import type { Context } from "../context.ts";
import type { Execution } from "../execution.ts";
import { fail } from "../failure.ts";
import type { Strategy } from "../strategy.ts";

/** One choice on the path of the current execution. */
interface Branch {
  /** Context ids, the default first; empty for a data choice. */
  readonly contexts: readonly number[];
  readonly options: number;
  taken: number;
}

const NO_CONTEXTS: readonly number[] = [];

/** Where a search stands between two executions; plain data. */
interface Position {
  readonly executions: number;
  readonly path: readonly Branch[];
}

/** Every execution within the bound, once each. */
export class Exhaustive implements Strategy {
  readonly name = "exhaustive";
  /** True once {@link begin} has said that nothing is left. */
  exhausted = false;
  /** Executions begun so far. */
  executions = 0;
  readonly #bound: number;
  readonly #path: Branch[] = [];
  #depth = 0;
  #preemptions = 0;

  /** `preemptions`: the bound; without one, all schedules. */
  constructor(preemptions: number = Number.POSITIVE_INFINITY) {
    this.#bound = preemptions;
  }

  begin(): boolean {
    if (this.executions > 0 && !this.#advance()) this.exhausted = true;
    if (this.exhausted) return false;
    this.executions++;
    this.#depth = 0;
    this.#preemptions = 0;
    return true;
  }

  choose(x: Execution, current: Context | null): Context {
    const preempting = current !== null && this.#preemptions >= this.#bound;
    if (preempting) return current;
    const branch = this.#branch(() => {
      const first = current ?? (x.enabled[0] as Context);
      const others = x.enabled.filter((context) => context !== first);
      return [first.id, ...others.map(({ id }) => id)];
    });
    const next = x.contexts[branch.contexts[branch.taken] as number];
    if (next?.enabled !== true) return notRepeated(branch);
    if (current !== null && next !== current) this.#preemptions++;
    return next;
  }

  draw(_x: Execution, n: number): number {
    const path = this.#path;
    if (this.#depth === path.length) path.push({ contexts: NO_CONTEXTS, options: n, taken: 0 });
    const branch = path[this.#depth++] as Branch;
    if (branch.options !== n) return notRepeated(branch);
    return branch.taken;
  }

  checkpoint(): Position {
    const path = this.#path.slice(0, this.#depth).map((branch) => ({ ...branch }));
    return { executions: this.executions, path };
  }

  resume(checkpoint: unknown): void {
    const { executions, path } = checkpoint as Position; // made by checkpoint()
    this.executions = executions;
    this.#path.splice(0, this.#path.length, ...path.map((branch) => ({ ...branch })));
    this.#depth = path.length;
  }

  #branch(contextsOf: () => readonly number[]): Branch {
    const path = this.#path;
    if (this.#depth === path.length) {
      const contexts = contextsOf();
      path.push({ contexts, options: contexts.length, taken: 0 });
    }
    return path[this.#depth++] as Branch;
  }

  /** Moves on to the next path; false when there is none. */
  #advance(): boolean {
    const path = this.#path;
    path.length = Math.min(path.length, this.#depth);
    for (let last = path.at(-1); last !== undefined; last = path.at(-1)) {
      if (++last.taken < last.options) return true;
      path.pop();
    }
    return false;
  }
}

function notRepeated(branch: Branch): never {
  return fail("Divergence", "not-repeated", "The same choices led to another state than before.", [
    ["expected", `choice ${String(branch.taken)} of ${String(branch.options)}`],
    ["got", "a point where it is impossible"],
  ]);
}
