/**
 * SURW: selectively uniform random walk (Zhao, Wolff, Mathur, Roychoudhury: "Selectively uniform concurrency testing",
 * ASPLOS 2025, section 4). Some events are interesting; the order of these is sampled as URW samples all, and the others
 * fall where a random walk puts them.
 *
 * At any time one context is *intended* to make the next interesting event, drawn by the interesting events that
 * contexts have left. Others wait in front of theirs. When nobody can go on but those that wait, one of them becomes the
 * intended one, so that no interleaving is impossible; the paper leaves that case to the scheduler.
 */
import type { Context } from "../context.ts";
import { objectName } from "../describe.ts";
import type { Execution } from "../execution.ts";
import { opObject } from "../operation.ts";
import { Draws, rng } from "../rng.ts";
import type { Strategy } from "../strategy.ts";
import { EventCounts, Remaining, type Interesting } from "./event-counts.ts";
import { weighted } from "./urw.ts";

/** Operations on objects whose names contain one of some words; without words, on any object. */
export function touching(words: readonly string[]): Interesting {
  return (x, { pending }) => {
    const object = opObject(pending);
    if (object === 0) return false;
    const name = words.length === 0 ? "" : objectName(x, object);
    return words.length === 0 || words.some((word) => name.includes(word));
  };
}

/** Uniform over the orders of interesting events as far as their counts are right; from the run's seed. */
export class Surw implements Strategy {
  readonly name = "surw";
  readonly everyPoint = true;
  readonly #interesting: Interesting;
  readonly #counts = new EventCounts();
  readonly #remaining = new Remaining(this.#counts);
  #draws!: Draws;
  #intended: Context | null = null;
  /** Who may go on: not in front of an interesting event, or the intended one. Scratch. */
  readonly #free: Context[] = [];

  /** `interesting` is asked about pending operations of contexts that can go on; it must be a function of the run so far. */
  constructor(interesting: Interesting) {
    this.#interesting = interesting;
  }

  prepare(run: (strategy: Strategy, seed: string) => void): void {
    this.#counts.learn(run, this.#interesting);
  }

  begin(seed: string): boolean {
    this.#draws = new Draws(rng(seed));
    this.#remaining.reset();
    this.#intended = null;
    return true;
  }

  choose(x: Execution): Context {
    this.#remaining.meet(x);
    const intended = this.#intended ?? this.#intend(x);
    const next = this.#freeToGo(x, intended);
    if (this.#interesting(x, next)) {
      this.#remaining.spend(next);
      this.#intended = null;
    } else this.#intended = intended;
    return next;
  }

  /** Draws who makes the next interesting event, waiting contexts included; null: by the counts there is none left. */
  #intend({ contexts }: Execution): Context | null {
    const among = contexts.filter((context) => context.life !== "done" && this.#remaining.of(context) > 0);
    return among.length === 0 ? null : weighted(this.#draws, among, this.#remaining);
  }

  /** A random one of those who may go on; where all wait, the one of them that becomes the intended one. */
  #freeToGo(x: Execution, intended: Context | null): Context {
    const free = this.#free;
    while (free.length > 0) free.pop();
    for (const context of x.enabled) if (context === intended || !this.#interesting(x, context)) free.push(context);
    if (free.length > 0) return free[this.#draws.below(free.length)] as Context;
    return weighted(this.#draws, x.enabled, this.#remaining);
  }

  draw(_x: Execution, n: number): number {
    return this.#draws.below(n);
  }
}
