/**
 * How many events the contexts of a program have, from random walks: what URW and SURW weigh by.
 *
 * Counts are kept by name. A context that is made in the middle of a run counts for the one that made it until then, so
 * that the maker is not too late for what its child will do.
 */
import type { Context } from "../context.ts";
import type { Execution } from "../execution.ts";
import { RandomWalk } from "./random-walk.ts";
import type { Strategy } from "../strategy.ts";

/** Random walks that are made for the counts. */
const PROFILE_RUNS = 4;

/** Is the pending operation of a context one that counts? */
export type Interesting = (x: Execution, context: Context) => boolean;

/** Sums over the profile runs. */
export class EventCounts {
  readonly #own = new Map<string, number>();
  readonly #children = new Map<string, Set<string>>();

  /** Makes the runs, and counts. */
  learn(run: (strategy: Strategy, seed: string) => void, interesting: Interesting): void {
    const profile = new Profile(this, interesting);
    for (let i = 0; i < PROFILE_RUNS; i++) run(profile, `profile/${String(i)}`);
  }

  /** One more event of a context. */
  count(name: string): void {
    this.#own.set(name, (this.#own.get(name) ?? 0) + 1);
  }

  /** One context made another in the middle of a run. */
  made(parent: string, child: string): void {
    const children = this.#children.get(parent) ?? new Set();
    this.#children.set(parent, children.add(child));
  }

  /** Events of the contexts of this name and of all that they make. */
  total(name: string, above: readonly string[] = []): number {
    let sum = this.#own.get(name) ?? 0;
    for (const child of this.#children.get(name) ?? []) {
      if (child !== name && !above.includes(child)) sum += this.total(child, [...above, name]);
    }
    return sum;
  }
}

/** A random walk that counts. */
class Profile extends RandomWalk {
  readonly everyPoint = true;
  readonly #counts: EventCounts;
  readonly #interesting: Interesting;
  #known = 0;

  constructor(counts: EventCounts, interesting: Interesting) {
    super();
    this.#counts = counts;
    this.#interesting = interesting;
  }

  override begin(seed: string): boolean {
    this.#known = 0;
    return super.begin(seed);
  }

  override choose(x: Execution): Context {
    const { contexts } = x;
    if (this.#known > 0) {
      for (let id = this.#known; id < contexts.length; id++) this.#counts.made(x.current.name, (contexts[id] as Context).name);
    }
    this.#known = contexts.length;
    const next = super.choose(x);
    if (this.#interesting(x, next)) this.#counts.count(next.name);
    return next;
  }
}

/** What is left of the counts in one run, by context. */
export class Remaining {
  readonly #counts: EventCounts;
  readonly #weights: number[] = [];

  constructor(counts: EventCounts) {
    this.#counts = counts;
  }

  /** A run begins. */
  reset(): void {
    this.#weights.length = 0;
  }

  /** Takes note of contexts that were made since it was last called. */
  meet(x: Execution): void {
    const weights = this.#weights;
    const { contexts } = x;
    if (weights.length === contexts.length) return;
    const begun = weights.length > 0;
    for (let id = weights.length; id < contexts.length; id++) {
      const total = this.#counts.total((contexts[id] as Context).name);
      weights.push(total);
      if (begun) this.#take(x.current.id, total);
    }
  }

  /** Events a context has left by the counts, times {@link PROFILE_RUNS}. */
  of(context: Context): number {
    return this.#weights[context.id] as number;
  }

  /** The context makes one of its events. */
  spend(context: Context): void {
    this.#take(context.id, PROFILE_RUNS);
  }

  #take(id: number, events: number): void {
    this.#weights[id] = Math.max(0, (this.#weights[id] as number) - events);
  }
}
