/**
 * The path of a depth-first search without stored states: each execution repeats the choices of the one before up to
 * the last that has an alternative, and takes that.
 */
import type { Context } from "../context.ts";
import type { Execution } from "../execution.ts";
import { fail } from "../failure.ts";

/** One choice on the path. */
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

/** The choices of the current execution. */
export class SearchPath {
  /** True once {@link begin} has said that nothing is left. */
  exhausted = false;
  /** Executions begun so far. */
  executions = 0;
  /** Which of its options the last choice took. */
  taken = 0;
  readonly #path: Branch[] = [];
  #depth = 0;

  /** The next execution; false when there is none. */
  begin(): boolean {
    if (this.executions > 0 && !this.#advance()) this.exhausted = true;
    if (this.exhausted) return false;
    this.executions++;
    this.#depth = 0;
    return true;
  }

  /** Is the next choice one that was not made before? Then {@link choose} wants its options. */
  get isNew(): boolean {
    return this.#depth === this.#path.length;
  }

  /** A choice among contexts, by id in the order in which they are tried; null where it was made before. */
  choose(x: Execution, options: readonly number[] | null): Context {
    if (options !== null) this.#path.push({ contexts: options, options: options.length, taken: 0 });
    const branch = this.#path[this.#depth++] as Branch;
    const next = x.contexts[branch.contexts[branch.taken] as number];
    if (next?.enabled !== true) return notRepeated(branch);
    this.taken = branch.taken;
    return next;
  }

  draw(n: number): number {
    const path = this.#path;
    if (this.isNew) path.push({ contexts: NO_CONTEXTS, options: n, taken: 0 });
    const branch = path[this.#depth++] as Branch;
    if (branch.options !== n) return notRepeated(branch);
    return branch.taken;
  }

  /** About how many executions are left behind the current one: each branch is taken to be as large as its siblings. */
  get left(): number {
    if (this.exhausted) return 0;
    let share = 1;
    let behind = 0;
    for (const { taken, options } of this.#path.slice(0, this.#depth)) {
      share /= options;
      behind += taken * share;
    }
    return Math.max(0, Math.round(this.executions / (behind + share)) - this.executions);
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
