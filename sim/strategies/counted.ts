/** Another strategy, and how often it preempts. */
import type { Context } from "../context.ts";
import type { Execution } from "../execution.ts";
import type { Failure } from "../failure.ts";
import type { Strategy } from "../strategy.ts";

/**
 * Does what another strategy does, and counts preemptions: switches, to whatever it is, away from a context that could have
 * gone on (Musuvathi, Qadeer: "Iterative context bounding for systematic testing of multithreaded programs", PLDI 2007,
 * section 2). An IPI, a timer or an interrupt that is taken then is one as well.
 */
export class Counted implements Strategy {
  readonly name = "counted";
  readonly everyPoint: boolean;
  readonly leasing: boolean;
  readonly #inner: Strategy;
  /** Where in the log each preemption of the run that was begun last stands. */
  readonly places: number[] = [];

  constructor(inner: Strategy) {
    this.#inner = inner;
    this.everyPoint = inner.everyPoint ?? false;
    this.leasing = inner.leasing ?? false;
  }

  /** What the other strategy found wrong. */
  get divergence(): Failure | null {
    return this.#inner.divergence ?? null;
  }

  prepare(run: (strategy: Strategy, seed: string) => void): void {
    this.#inner.prepare?.(run);
  }

  begin(seed: string): boolean {
    this.places.length = 0;
    return this.#inner.begin(seed);
  }

  attach(x: Execution): void {
    this.#inner.attach?.(x);
  }

  choose(x: Execution, current: Context | null): Context {
    const next = this.#inner.choose(x, current);
    if (current !== null && next !== current) this.places.push(x.recording.length);
    return next;
  }

  draw(x: Execution, n: number): number {
    return this.#inner.draw(x, n);
  }

  idle(x: Execution): boolean {
    return this.#inner.idle?.(x) ?? false;
  }

  end(x: Execution): void {
    this.#inner.end?.(x);
  }
}
