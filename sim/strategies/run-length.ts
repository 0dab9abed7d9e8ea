/** How long runs are, in the steps that PCT counts: those from the first choice on. */
import type { Context } from "../context.ts";
import type { Execution } from "../execution.ts";
import type { Strategy } from "../strategy.ts";
import { RandomWalk } from "./random-walk.ts";

/** A random walk that remembers the length of its longest run: the k of PCT. */
export class RunLength extends RandomWalk {
  /** Steps of the longest run so far; 0 before the first. */
  longest = 0;
  #before = -1;

  override begin(seed: string): boolean {
    this.#before = -1;
    return super.begin(seed);
  }

  override choose(x: Execution): Context {
    if (this.#before < 0) this.#before = x.recording.steps;
    return super.choose(x);
  }

  end(x: Execution): void {
    if (this.#before >= 0) this.longest = Math.max(this.longest, x.recording.steps - this.#before);
  }
}

/** Walks that are made for a length. */
const WALKS = 4;

/** Steps of the longest of some random walks of a program. */
export function walkedLength(run: (strategy: Strategy, seed: string) => void): number {
  const walk = new RunLength();
  for (let i = 0; i < WALKS; i++) run(walk, `length/${String(i)}`);
  return walk.longest;
}
