/**
 * Where the search stands: for each event of the path, what else is to be tried in its place, and what need not be.
 *
 * After an execution every race of it becomes a sequence that reverses it. All races, not only those of new events:
 * what may be left out depends on everything that happens independently of them, which is new each time.
 */
import { Deed, agree, conflict } from "./deed.ts";
import { isCovered, planSource, reversed } from "./reversal.ts";
import type { Trace } from "./trace.ts";
import { Wakeup, insert } from "./wakeup.ts";

/** How much is reduced. `sleep`: nothing is left out but what a sleep set covers. */
export type Reduction = "optimal" | "source" | "sleep";

/** A data choice: the event it was made in, which of its choices it was, and among how many values. */
export interface DataChoice {
  readonly event: number;
  readonly nth: number;
  readonly options: number;
}

const ROOT = new Deed(0, null, 0, null);

/** The tree of what is open, and the sleep sets. */
export class Search {
  /** Nodes of the wakeup tree now, and at most. */
  nodes = 0;
  nodesMax = 0;
  /** By event: what is to be tried in its place; what need not be tried there; how many were, with the current one. */
  readonly roots: (Wakeup | null)[] = [null];
  readonly asleep: (Deed[] | null)[] = [null];
  readonly tried: number[] = [0];
  readonly choices: DataChoice[] = [];
  readonly #trace: Trace;
  readonly #optimal: boolean;
  readonly #sequence: Deed[] = [];

  constructor(trace: Trace, reduction: Reduction) {
    this.#trace = trace;
    this.#optimal = reduction === "optimal";
  }

  /** To the last place where something else is to be tried: that many events are kept. -1: there is none. */
  backtrack(): number {
    const trace = this.#trace;
    for (let event = trace.length; event >= 0; event--) {
      const root = this.roots[event] ?? null;
      if (root === null || root.first === null) continue;
      const done = trace.deeds[event];
      // A step that was given up in the middle is no event, but its place may have other branches.
      if (done !== undefined) (this.asleep[event] ??= []).push(done);
      trace.truncate(event);
      const { choices } = this;
      while ((choices.at(-1)?.event ?? -1) >= event) choices.pop();
      return event;
    }
    return -1;
  }

  /** The next branch at a place, taken off; null: there is none. */
  next(at: number): Wakeup | null {
    const root = this.roots[at] ?? null;
    for (let child = root?.first ?? null; child !== null; child = root?.first ?? null) {
      (root as Wakeup).first = child.next;
      child.next = null;
      this.nodes--;
      if (!this.sleeps(at, child.deed)) return child;
    }
    return null;
  }

  /** What is tried at a place now, and is to be tried behind it. */
  open(at: number, behind: Wakeup | null): void {
    this.roots[at + 1] = behind;
    this.tried[at] = (this.tried[at] ?? 0) + 1;
  }

  /** An event is over. */
  close(at: number, deed: Deed): void {
    this.asleep[at + 1] = stillAsleep(this.asleep[at] ?? null, deed);
    this.tried[at + 1] = 0;
  }

  /** Need this step not be tried at a place? Of one without data choices: whatever it may choose. */
  sleeps(at: number, { context, draws }: Deed): boolean {
    const asleep = this.asleep[at] ?? null;
    if (asleep === null) return false;
    return asleep.some((deed) =>
      deed.context === context && (draws === null ? deed.draws === null : agree(deed.draws, draws)));
  }

  /** Each of these contexts is to be tried at a place. */
  tryAll(at: number, contexts: readonly number[]): void {
    const root = this.#rootAt(at);
    for (const id of contexts.toReversed()) {
      const node = new Wakeup(new Deed(id, null, 0, null));
      node.next = root.first;
      root.first = node;
    }
    this.#grown(contexts.length);
  }

  /** An execution is over: its races, the other way round. */
  reverse(): void {
    const trace = this.#trace;
    for (const race of trace.races) {
      reversed(trace, race, this.#optimal ? trace.length : race.second, this.#sequence);
      this.#plan(race.first);
    }
  }

  /** The other values of its data choices. */
  vary(): void {
    const trace = this.#trace;
    for (const { event, nth, options } of this.choices) {
      const { context, draws, access, further } = trace.deeds[event] as Deed;
      for (let value = 0; value < options; value++) {
        if (value === draws?.[nth]) continue;
        const deed = new Deed(context, [...(draws ?? []).slice(0, nth), value], access, further);
        reversed(trace, { first: event, deed, second: event }, this.#optimal ? trace.length : event, this.#sequence);
        this.#plan(event);
      }
    }
  }

  #plan(at: number): void {
    const sequence = this.#sequence;
    const asleep = this.asleep[at] ?? null;
    if (!this.#optimal) this.#grown(planSource(this.#rootAt(at), asleep, sequence));
    else if (!isCovered(asleep, sequence)) this.#grown(insert(this.#rootAt(at), sequence));
  }

  #rootAt(at: number): Wakeup {
    return (this.roots[at] ??= new Wakeup(ROOT));
  }

  #grown(by: number): void {
    this.nodes += by;
    if (this.nodes > this.nodesMax) this.nodesMax = this.nodes;
  }

  /**
   * How much of the tree is done, from 0 to 1, if all branches that are known at a place weigh the same (the weighted
   * backtrack estimator of Kilby, Slaney, Thiébaux, Walsh: "Estimating search tree size", AAAI 2006).
   */
  get done(): number {
    let done = 0;
    let share = 1;
    for (let at = 0; at < this.#trace.length; at++) {
      const tried = this.tried[at] ?? 1;
      let open = 0;
      for (let child = (this.roots[at] ?? null)?.first ?? null; child !== null; child = child.next) open++;
      const branches = Math.max(1, tried) + open;
      done += share * (Math.max(1, tried) - 1) / branches;
      share /= branches;
    }
    return done + share;
  }
}

/** What is asleep after a step: what does not depend on it. */
function stillAsleep(asleep: readonly Deed[] | null, deed: Deed): Deed[] | null {
  if (asleep === null) return null;
  const still = asleep.filter((other) => other.context !== deed.context && !conflict(other, deed));
  return still.length === 0 ? null : still;
}
