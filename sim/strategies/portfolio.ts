/**
 * A portfolio: several strategies, and more runs for those whose runs show something new (Shuttle and Coyote run their
 * strategies in fixed shares; this is the ε-greedy rule for bandits of Sutton, Barto: "Reinforcement learning", section
 * 2.2, with older runs fading, since what paid at first need not pay later).
 *
 * Deterministic: the next run goes to whoever's chance of a new happens-before class is estimated highest from the runs
 * before it, in their order. So its runs follow from one another, and one worker makes them all: how many workers or
 * shards there are changes nothing.
 */
import type { Context } from "../context.ts";
import type { Execution } from "../execution.ts";
import type { Strategy } from "../strategy.ts";
import { ClassSet } from "./class-set.ts";

/** One in so many runs goes to the members in turn. */
const TURN = 8;
/** After so many runs of a member half of what is known of it is forgotten. */
const FADES = 64;

/** What is known of a member. */
interface Standing {
  /** Runs it made. */
  total: number;
  /** Of the last ones, and how many of them showed a new class. */
  runs: number;
  fresh: number;
  over: boolean;
}

/** Where the portfolio stands between two runs. */
interface Position {
  readonly runs: number;
  readonly standings: readonly Standing[];
  readonly classes: readonly bigint[];
  readonly members: readonly unknown[];
}

/** Divides its runs among its members. */
export class Portfolio implements Strategy {
  readonly name = "portfolio";
  readonly everyPoint = true;
  readonly leasing = true;
  readonly #members: readonly Strategy[];
  readonly #classes = new ClassSet();
  #standings: Standing[];
  #runs = 0;
  #acting = 0;

  /** At least one member. Those that want to be asked less are asked at every point here, which they must bear. */
  constructor(members: readonly Strategy[]) {
    this.#members = members;
    this.#standings = members.map(() => ({ total: 0, runs: 0, fresh: 0, over: false }));
  }

  /** How many runs each member has made. */
  get shares(): readonly (readonly [name: string, runs: number])[] {
    return this.#members.map(({ name }, i) => [name, (this.#standings[i] as Standing).total]);
  }
  /** Happens-before classes seen so far. */
  get classes(): number {
    return this.#classes.size;
  }

  prepare(run: (strategy: Strategy, seed: string) => void): void {
    for (const member of this.#members) member.prepare?.(run);
  }

  begin(seed: string): boolean {
    for (;;) {
      const at = this.#next();
      if (at < 0) return false;
      this.#acting = at;
      this.#runs++;
      if ((this.#members[at] as Strategy).begin(seed)) return true;
      (this.#standings[at] as Standing).over = true;
    }
  }

  /** Whose turn it is; -1: all are over. */
  #next(): number {
    const count = this.#members.length;
    if (this.#runs % TURN === 0) {
      for (let i = 0; i < count; i++) {
        const at = (Math.floor(this.#runs / TURN) + i) % count;
        if (!(this.#standings[at] as Standing).over) return at;
      }
    }
    let best = -1;
    this.#standings.forEach((standing, at) => {
      if (!standing.over && (best < 0 || isBetter(standing, this.#standings[best] as Standing))) best = at;
    });
    return best;
  }

  choose(x: Execution, current: Context | null): Context {
    const member = this.#members[this.#acting] as Strategy;
    // Who is not asked where there is no choice has no lease to end there either.
    if (x.enabled.length === 1 && member.everyPoint !== true) return x.enabled[0] as Context;
    return member.choose(x, current);
  }

  draw(x: Execution, n: number): number {
    return (this.#members[this.#acting] as Strategy).draw(x, n);
  }

  end(x: Execution): void {
    (this.#members[this.#acting] as Strategy).end?.(x);
    const standing = this.#standings[this.#acting] as Standing;
    standing.total++;
    standing.runs++;
    if (this.#classes.add(x)) standing.fresh++;
    if (standing.runs < FADES) return;
    standing.runs >>= 1;
    standing.fresh >>= 1;
  }

  checkpoint(): Position {
    return {
      runs: this.#runs,
      standings: this.#standings.map((standing) => ({ ...standing })),
      classes: this.#classes.checkpoint(),
      members: this.#members.map((member) => member.checkpoint?.() ?? null),
    };
  }

  resume(checkpoint: unknown): void {
    const { runs, standings, classes, members } = checkpoint as Position; // made by checkpoint()
    this.#runs = runs;
    this.#standings = standings.map((standing) => ({ ...standing }));
    this.#classes.resume(classes);
    members.forEach((each, i) => {
      if (each !== null) this.#members[i]?.resume?.(each);
    });
  }
}

/** Compares the estimated chances of a new class, (fresh + 1) / (runs + 2) each, without rounding. */
const isBetter = (a: Standing, b: Standing): boolean => (a.fresh + 1) * (b.runs + 2) > (b.fresh + 1) * (a.runs + 2);
