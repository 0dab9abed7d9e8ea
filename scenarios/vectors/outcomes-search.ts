/**
 * The search for outcomes: partial order sampling, walks that seldom turn, random priorities, and neighbours of runs
 * that came to something seldom seen. The same seed makes the same runs.
 */
import { Draws, Pct, Pos, rng, type Choices, type Recording, type Strategy } from "../../sim/index.ts";
import { Neighbour } from "./neighbour.ts";
import { StickyWalk } from "./sticky-walk.ts";

/** An outcome that was seen, and one of the runs that came to it. */
interface Seen {
  choices: Choices;
  /** Operations of the boot, and of the whole run. */
  booted: number;
  steps: number;
  times: number;
}

/** A known outcome is compared with so many others before its run gets a neighbour: the least seen one does. */
const CANDIDATES = 3;
/** A run takes the place of the one known for its outcome once in so many times. */
const REPLACED = 4;

/** Which strategy makes the next run, and what is learned from it. */
export class OutcomeSearch {
  readonly #seed: string;
  readonly #draws: Draws;
  readonly #strategies: readonly Strategy[];
  readonly #seen = new Map<string, Seen>();
  readonly #all: Seen[] = [];

  constructor(seed: string) {
    this.#seed = seed;
    this.#draws = new Draws(rng(`${seed}/neighbours`));
    const pos = new Pos();
    const sticky = new StickyWalk(4);
    this.#strategies = [
      pos,
      new Neighbour(pos),
      pos,
      sticky,
      pos,
      new Neighbour(sticky),
      pos,
      new Pct({ depth: 8 }),
    ];
  }

  /** The strategy of the n-th run, begun. */
  next(n: number): Strategy {
    const strategy = this.#strategies[n % this.#strategies.length] as Strategy; // modulo its length
    if (strategy instanceof Neighbour) this.#choose(strategy);
    strategy.begin(`${this.#seed}/${n}`);
    return strategy;
  }

  #choose(strategy: Neighbour): void {
    const all = this.#all;
    if (all.length === 0) return;
    let least: Seen | undefined;
    for (let i = 0; i < CANDIDATES; i++) {
      const other = all[this.#draws.below(all.length)] as Seen; // below its length
      if (least === undefined || other.times < least.times) least = other;
    }
    if (least === undefined) return;
    const { choices, booted, steps } = least;
    strategy.follow(choices, booted + this.#draws.below(Math.max(1, steps - booted)));
  }

  /** A run came to an outcome; true if it is the first to do so. */
  learn(key: string, booted: number, recording: Recording): boolean {
    const known = this.#seen.get(key);
    if (known === undefined) {
      const seen = { choices: recording.choices, booted, steps: recording.steps, times: 1 };
      this.#seen.set(key, seen);
      this.#all.push(seen);
      return true;
    }
    known.times++;
    if (this.#draws.below(REPLACED) !== 0) return false;
    known.choices = recording.choices;
    known.steps = recording.steps;
    return false;
  }
}
