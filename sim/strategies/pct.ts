/**
 * PCT(d): probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi, Nagarakatte: "A randomized scheduler
 * with probabilistic guarantees of finding bugs", ASPLOS 2010, section 3).
 *
 * Every context has a random priority above all change points; the enabled context with the highest one runs.
 * At each of d - 1 steps drawn from 1 to k the context about to run falls to a low priority, the later drawn
 * the lower. A bug of depth d among n contexts is found with probability at least 1 / (n k^(d-1)). k is given,
 * or the longest of the previous runs of the same strategy object, which is a function of the plan.
 */
import type { Context } from "../context.ts";
import type { Execution } from "../execution.ts";
import { Draws, rng } from "../rng.ts";
import type { Strategy } from "../strategy.ts";
import { walkedLength } from "./run-length.ts";

/** Parameters of {@link Pct}. */
export interface PctOptions {
  /** Depth of the bugs that are looked for: the number of ordering constraints. 1 to {@link PCT_DEPTH_MAX}. */
  readonly depth: number;
  /** Steps of a run, k; 0: the longest of the previous runs. */
  readonly steps?: number;
  /** Where no steps are given: k is the longest of some random walks made before the first run, so that runs stand alone. */
  readonly profiled?: boolean;
}

/** Largest depth. */
export const PCT_DEPTH_MAX = 64;
/** Steps assumed for the first run when none are given. */
const FIRST_GUESS = 64;
const NEVER = 0x3fff_ffff;
const PRIORITIES = 1 << 30;

/** A priority order and d - 1 change points per run, from the run's seed. */
export class Pct implements Strategy {
  readonly name = "pct";
  readonly everyPoint = true;
  readonly leasing = true;
  readonly #depth: number;
  #adaptive: boolean;
  readonly #profiled: boolean;
  #steps: number;
  #draws!: Draws;
  /** Change points by ascending step: step times {@link PCT_DEPTH_MAX} plus the place in drawing order. */
  readonly #changes: number[] = [];
  #passed = 0;
  /** Operations announced before the first choice. */
  #before = -1;

  constructor({ depth, steps = 0, profiled = false }: PctOptions) {
    this.#depth = depth;
    this.#profiled = profiled && steps === 0;
    this.#adaptive = steps === 0;
    this.#steps = steps === 0 ? FIRST_GUESS : steps;
  }

  prepare(run: (strategy: Strategy, seed: string) => void): void {
    if (!this.#profiled) return;
    this.#adaptive = false;
    this.#steps = Math.max(1, walkedLength(run));
  }

  begin(seed: string): boolean {
    const draws = new Draws(rng(seed));
    const changes = this.#changes;
    changes.length = 0;
    for (let i = 0; i < this.#depth - 1; i++)
      changes.push((1 + draws.below(this.#steps)) * PCT_DEPTH_MAX + i);
    if (changes.length > 1) changes.sort(ascending);
    this.#draws = draws;
    this.#passed = 0;
    this.#before = -1;
    return true;
  }

  choose(x: Execution): Context {
    const announced = x.recording.steps;
    if (this.#before < 0) this.#before = announced;
    const step = announced - this.#before + 1;
    let next = this.#highest(x.enabled);
    while (this.#nextChange() <= step) {
      next.priority = -1 - ((this.#changes[this.#passed] as number) % PCT_DEPTH_MAX);
      this.#passed++;
      next = this.#highest(x.enabled);
    }
    x.grant(this.#nextChange() - step - 1);
    return next;
  }

  draw(_x: Execution, n: number): number {
    return this.#draws.below(n);
  }

  end(x: Execution): void {
    if (!this.#adaptive || this.#before < 0) return;
    this.#steps = Math.max(this.#steps, x.recording.steps - this.#before);
  }

  /** The step of the next change point. */
  #nextChange(): number {
    const passed = this.#passed;
    if (passed >= this.#changes.length) return NEVER;
    return Math.floor((this.#changes[passed] as number) / PCT_DEPTH_MAX);
  }

  /** Contexts seen for the first time get a random priority among the high ones. */
  #highest(enabled: readonly Context[]): Context {
    let highest = enabled[0] as Context;
    for (const context of enabled) {
      if (context.priority === 0) context.priority = 1 + this.#draws.below(PRIORITIES);
      if (context.priority > highest.priority) highest = context;
    }
    return highest;
  }
}

const ascending = (a: number, b: number): number => a - b;
