/** Which happens-before classes a strategy's runs have shown so far: what feedback is judged by. */
import type { Execution } from "../execution.ts";
import { TraceHasher } from "../trace-class.ts";

/** A set of classes by hash; memory grows with their number. */
export class ClassSet {
  #seen = new Set<bigint>();
  readonly #hasher = new TraceHasher();

  get size(): number {
    return this.#seen.size;
  }

  /** Adds the class of a finished run; true when it is new. Cost: linear in the log. */
  add(x: Execution): boolean {
    const before = this.#seen.size;
    return this.#seen.add(this.#hasher.hash(x)).size > before;
  }

  checkpoint(): readonly bigint[] {
    return [...this.#seen];
  }

  resume(classes: readonly bigint[]): void {
    this.#seen = new Set(classes);
  }
}
