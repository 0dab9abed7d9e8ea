/**
 * A fair variant of a strategy, for promises that something happens at last: an unfair prefix, in which somebody may
 * starve, and a fair suffix, in which nobody does. As in Coyote (Deligiannis et al.: "Industrial-strength controlled
 * concurrency testing for C# programs with Coyote", TACAS 2023, section 4), which calls its own fair PCT. A random walk
 * is fair with probability 1, round-robin always.
 */
import type { Context } from "../context.ts";
import type { Execution } from "../execution.ts";
import type { Strategy } from "../strategy.ts";
import { walkedLength } from "./run-length.ts";

/** What a fair strategy is made of. */
export interface FairOptions {
  /** Makes the strategy of the prefix, given its length. */
  readonly prefix: (steps: number) => Strategy;
  readonly suffix: Strategy;
  /** Steps of the prefix; 0: those of the longest of some random walks. */
  readonly steps: number;
}

/** The prefix under one strategy, the rest under another. Every run stands alone if theirs do. */
export class Fair implements Strategy {
  readonly name = "fair";
  readonly everyPoint = true;
  readonly leasing = true;
  readonly #prefixOf: (steps: number) => Strategy;
  readonly #suffix: Strategy;
  #steps: number;
  #prefix: Strategy;
  #before = -1;

  constructor({ prefix, suffix, steps }: FairOptions) {
    this.#prefixOf = prefix;
    this.#suffix = suffix;
    this.#steps = steps;
    this.#prefix = prefix(Math.max(1, steps));
  }

  prepare(run: (strategy: Strategy, seed: string) => void): void {
    if (this.#steps === 0) {
      this.#steps = Math.max(1, walkedLength(run));
      this.#prefix = this.#prefixOf(this.#steps);
    }
    this.#prefix.prepare?.(run);
    this.#suffix.prepare?.(run);
  }

  begin(seed: string): boolean {
    this.#before = -1;
    return this.#suffix.begin(`${seed}/suffix`) && this.#prefix.begin(seed);
  }

  choose(x: Execution, current: Context | null): Context {
    const { recording } = x;
    if (this.#before < 0) this.#before = recording.steps;
    const left = this.#steps - (recording.steps - this.#before);
    if (left <= 0) return this.#suffix.choose(x, current);
    const next = this.#prefix.choose(x, current);
    // What the prefix leases ends with it.
    x.leaseEnd = Math.min(x.leaseEnd, recording.length + left - 1);
    return next;
  }

  draw(x: Execution, n: number): number {
    return this.#prefix.draw(x, n);
  }

  end(x: Execution): void {
    this.#prefix.end?.(x);
    this.#suffix.end?.(x);
  }
}
