/**
 * URW: uniform random walk (Zhao, Wolff, Mathur, Roychoudhury: "Selectively uniform concurrency testing", ASPLOS 2025,
 * section 3). A context goes next with a probability proportional to the events it has left. Where the counts are exact
 * and nobody waits for anybody, every interleaving is equally likely; a random walk puts the last event of a short
 * context behind a long one next to never.
 */
import type { Context } from "../context.ts";
import type { Execution } from "../execution.ts";
import { Draws, rng } from "../rng.ts";
import type { Strategy } from "../strategy.ts";
import { EventCounts, Remaining } from "./event-counts.ts";

/** Contexts weighted by what they have left, from the run's seed. Counts come from a few random walks of the program. */
export class Urw implements Strategy {
  readonly name = "urw";
  readonly everyPoint = true;
  readonly #counts = new EventCounts();
  readonly #remaining = new Remaining(this.#counts);
  #draws!: Draws;

  prepare(run: (strategy: Strategy, seed: string) => void): void {
    this.#counts.learn(run, () => true);
  }

  begin(seed: string): boolean {
    this.#draws = new Draws(rng(seed));
    this.#remaining.reset();
    return true;
  }

  choose(x: Execution): Context {
    this.#remaining.meet(x);
    const next = weighted(this.#draws, x.enabled, this.#remaining);
    this.#remaining.spend(next);
    return next;
  }

  draw(_x: Execution, n: number): number {
    return this.#draws.below(n);
  }
}

/** One of some contexts, at least one, each as likely as it weighs: never nothing, since a count may be wrong. */
export function weighted(draws: Draws, among: readonly Context[], remaining: Remaining): Context {
  let sum = 0;
  for (const context of among) sum += Math.max(1, remaining.of(context));
  let left = draws.below(sum);
  for (const context of among) {
    left -= Math.max(1, remaining.of(context));
    if (left < 0) return context;
  }
  return among[0] as Context;
}
