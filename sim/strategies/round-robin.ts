/** Round-robin: every enabled context in turn, each for a quantum of points. No randomness: draws are benign. */
import type { Context } from "../context.ts";
import type { Execution } from "../execution.ts";
import type { Strategy } from "../strategy.ts";

/** The simplest fair schedule; the same in every run. */
export class RoundRobin implements Strategy {
  readonly name = "round-robin";
  readonly leasing = true;
  readonly #quantum: number;
  #holder: Context | null = null;
  /** The step at which the holder's quantum is used up. */
  #until = 0;

  /** `quantum`: points a context passes before the next one's turn, at least 1. */
  constructor(quantum = 1) {
    this.#quantum = quantum;
  }

  begin(): boolean {
    this.#holder = null;
    return true;
  }

  choose(x: Execution, current: Context | null): Context {
    const { steps } = x.recording;
    if (current === null || current !== this.#holder || steps >= this.#until) {
      this.#holder = nextAfter(x.enabled, x.current.id);
      this.#until = steps + this.#quantum;
    }
    x.grant(this.#until - steps - 1);
    return this.#holder;
  }

  draw(): number {
    return 0;
  }
}

function nextAfter(enabled: readonly Context[], id: number): Context {
  for (const context of enabled) if (context.id > id) return context;
  return enabled[0] as Context;
}
