/** Replay: takes recorded choices, and says where the run did not follow them. */
import type { Context } from "../context.ts";
import type { Execution } from "../execution.ts";
import type { Choices } from "../recording.ts";
import type { Strategy } from "../strategy.ts";

/** A recorded choice that the run had no use for. */
export interface Departure {
  /** *impossible*: that context could not go on there, that value was out of range; *unused*: never asked. */
  readonly kind: "impossible" | "unused";
  readonly what: "schedule" | "draw";
  /** The step of a schedule choice, the number of a draw. */
  readonly at: number;
  /** The context or value that was recorded. */
  readonly value: number;
}

const NEVER = 1 << 30;

/** One run as recorded. Where the choices say nothing, and where they are impossible, the default is taken. */
export class Replay implements Strategy {
  readonly name = "replay";
  readonly leasing = true;
  readonly #choices: Choices;
  #scheduled = 0;
  #drawn = 0;
  #departure: Departure | null = null;

  constructor(choices: Choices) {
    this.#choices = choices;
  }

  /** Meaningful after the run: the first recorded choice that was not followed; null: followed exactly. */
  get departure(): Departure | null {
    return this.#departure ?? this.#leftover();
  }

  begin(): boolean {
    this.#scheduled = 0;
    this.#drawn = 0;
    this.#departure = null;
    return true;
  }

  choose(x: Execution, current: Context | null): Context {
    const { steps } = x.recording;
    this.#skip(steps);
    const usual = current ?? (x.enabled[0] as Context);
    const next = this.#at(steps) ? this.#take(x, usual) : usual;
    x.grant((this.#choices.schedule[this.#scheduled] ?? NEVER) - steps - 1);
    return next;
  }

  draw(x: Execution, n: number): number {
    const { draws } = this.#choices;
    const { drawn } = x.recording;
    while ((draws[this.#drawn] ?? NEVER) < drawn) this.#depart("unused", "draw");
    if (draws[this.#drawn] !== drawn) return 0;
    const value = draws[this.#drawn + 1] ?? 0;
    if (value >= n) {
      this.#depart("impossible", "draw");
      return 0;
    }
    this.#drawn += 2;
    return value;
  }

  #at(step: number): boolean {
    return this.#choices.schedule[this.#scheduled] === step;
  }

  #skip(step: number): void {
    while ((this.#choices.schedule[this.#scheduled] ?? NEVER) < step) this.#depart("unused", "schedule");
  }

  #take(x: Execution, usual: Context): Context {
    const next = x.contexts[this.#choices.schedule[this.#scheduled + 1] ?? 0];
    if (next?.enabled !== true) {
      this.#depart("impossible", "schedule");
      return usual;
    }
    this.#scheduled += 2;
    return next;
  }

  /** Notes the first departure and leaves its choice behind. */
  #depart(kind: Departure["kind"], what: Departure["what"]): void {
    this.#departure ??= this.#next(kind, what);
    if (what === "schedule") this.#scheduled += 2;
    else this.#drawn += 2;
  }

  #next(kind: Departure["kind"], what: Departure["what"]): Departure {
    const list = what === "schedule" ? this.#choices.schedule : this.#choices.draws;
    const from = what === "schedule" ? this.#scheduled : this.#drawn;
    return { kind, what, at: list[from] ?? 0, value: list[from + 1] ?? 0 };
  }

  #leftover(): Departure | null {
    if (this.#scheduled < this.#choices.schedule.length) return this.#next("unused", "schedule");
    if (this.#drawn < this.#choices.draws.length) return this.#next("unused", "draw");
    return null;
  }
}
