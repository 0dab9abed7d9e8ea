/**
 * Exact probabilities that a program goes wrong, by enumeration: what samples of a strategy are held against. Nothing
 * here is shared with the strategies but the definition.
 */
import { Exhaustive, explore, stuckContexts, type Context, type Execution, type ExploredRun, type Strategy } from "../../sim/index.ts";
import { Compiled } from "../compile.ts";
import type { Source } from "../language.ts";

/** Did the run go wrong: an assertion, or somebody who waits for ever? */
export const wentWrong = ({ outcome, x }: ExploredRun): boolean => outcome === "failed" || stuckContexts(x).length > 0;

/** A random walk. */
export interface WalkProbability {
  readonly probability: number;
  readonly executions: number;
  readonly wrong: number;
  /** Steps of the longest run. */
  readonly longest: number;
}

/** Over all executions, each with its probability. Cost: their number. */
export function walkProbability(source: Source): WalkProbability {
  const program = new Compiled(source);
  const strategy = new Weighing();
  let probability = 0;
  let wrong = 0;
  let longest = 0;
  const { runs } = explore({ program, strategy, seed: "", runs: Number.MAX_SAFE_INTEGER }, (run) => {
    longest = Math.max(longest, strategy.steps);
    if (!wentWrong(run)) return undefined;
    wrong++;
    probability += 1 / strategy.ways;
    return undefined;
  });
  return { probability, executions: runs, wrong, longest };
}

/** Exhaustive, and how unlikely a random walk is to do the same. */
class Weighing extends Exhaustive {
  readonly everyPoint = true;
  ways = 1;
  steps = 0;

  override begin(): boolean {
    this.ways = 1;
    this.steps = 0;
    return super.begin();
  }

  override choose(x: Execution, current: Context | null): Context {
    this.steps++;
    this.ways *= x.enabled.length;
    return x.enabled.length === 1 ? (x.enabled[0] as Context) : super.choose(x, current);
  }

  override draw(x: Execution, n: number): number {
    this.ways *= n;
    return super.draw(x, n);
  }
}

/** How many of all the ways to draw lead to a failure. */
export interface Share {
  readonly wrong: number;
  readonly all: number;
}

/**
 * PCT (Burckhardt et al., ASPLOS 2010, section 3) with n threads, k steps and depth d, over all n! orders of priorities and
 * k^(d-1) change points. Step 1 is the first. The i-th change point acts before its step: the thread about to make it
 * falls below all that fell before. Where several have the same step, they act one after the other, in the order in
 * which they were drawn, each on the thread that is about to go then. A lock that cannot be had is no step. Cost: the
 * product.
 */
export function pctShare(source: Source, k: number, d: number): Share {
  const program = new Compiled(source);
  const orders = permutations(source.threads.length);
  const points = tuples(k, d - 1);
  let wrong = 0;
  for (const order of orders) {
    for (const changes of points) {
      explore({ program, strategy: new Prescribed(order, changes, d), seed: "", runs: 1 }, (run) => {
        if (wentWrong(run)) wrong++;
        return undefined;
      });
    }
  }
  return { wrong, all: orders.length * points.length };
}

/** Priorities and change points that somebody else drew. */
class Prescribed implements Strategy {
  readonly name = "prescribed";
  readonly everyPoint = true;
  readonly #changes: readonly number[];
  readonly #depth: number;
  readonly #priorities: number[];
  #step = 0;

  constructor(order: readonly number[], changes: readonly number[], depth: number) {
    this.#priorities = order.map((rank) => depth + rank);
    this.#changes = changes;
    this.#depth = depth;
  }

  begin(): boolean {
    return true;
  }

  choose({ enabled }: Execution): Context {
    this.#step++;
    let next = this.#highest(enabled);
    this.#changes.forEach((step, i) => {
      if (step !== this.#step) return;
      this.#priorities[next.id - 1] = this.#depth - 1 - i;
      next = this.#highest(enabled);
    });
    return next;
  }

  /** Threads have the numbers from 1 on. */
  #highest(enabled: readonly Context[]): Context {
    const of = ({ id }: Context): number => this.#priorities[id - 1] as number;
    return enabled.reduce((best, context) => (of(context) > of(best) ? context : best));
  }

  draw(): number {
    return 0;
  }
}

/** All orders of 0 to n - 1. */
function permutations(n: number): readonly (readonly number[])[] {
  if (n === 0) return [[]];
  return permutations(n - 1).flatMap((order) => Array.from({ length: n }, (_, at) => [...order.slice(0, at), n - 1, ...order.slice(at)]));
}

/** All lists of so many numbers from 1 to k. */
function tuples(k: number, length: number): readonly (readonly number[])[] {
  if (length === 0) return [[]];
  return tuples(k, length - 1).flatMap((list) => Array.from({ length: k }, (_, i) => [...list, i + 1]));
}
