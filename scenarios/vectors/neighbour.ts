/** Runs near a run that is known: its choices up to a step, then those of another strategy. */
import type { Choices, Context, Execution, Strategy } from "../../sim/index.ts";

/** The choices of one run up to a step, then another strategy. */
export class Neighbour implements Strategy {
  readonly name: string;
  readonly everyPoint: boolean;
  readonly #then: Strategy;
  #known: Choices = { schedule: [], draws: [] };
  #until = 0;
  /** The next known choice. */
  #at = 0;

  constructor(then: Strategy) {
    this.name = `neighbour, then ${then.name}`;
    this.everyPoint = then.everyPoint === true;
    this.#then = then;
  }

  /** What the next run follows, and up to which step. */
  follow(known: Choices, until: number): void {
    this.#known = known;
    this.#until = until;
  }

  begin(seed: string): boolean {
    this.#at = 0;
    return this.#then.begin(seed);
  }

  attach(x: Execution): void {
    this.#then.attach?.(x);
  }

  choose(x: Execution, current: Context | null): Context {
    const { steps } = x.recording;
    if (steps >= this.#until) return this.#then.choose(x, current);
    const { schedule } = this.#known;
    while ((schedule[this.#at] ?? this.#until) < steps) this.#at += 2;
    const usual = current ?? (x.enabled[0] as Context); // two or more
    if (schedule[this.#at] !== steps) return usual;
    const next = x.contexts[schedule[this.#at + 1] as number]; // pairs
    this.#at += 2;
    return next?.enabled === true ? next : usual;
  }

  draw(x: Execution, n: number): number {
    return this.#then.draw(x, n);
  }
}
