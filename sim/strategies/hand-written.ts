/**
 * Schedules that somebody writes down: who goes on, one after the other, by name. `a,b*3,a*` is a step of `a`, three of
 * `b`, and then `a` for as long as it can go on. Behind the end the default is taken. A schedule that the run cannot
 * follow ends it, and the failure says where and who could have gone on.
 */
import type { Context } from "../context.ts";
import type { Execution } from "../execution.ts";
import { misuse } from "../failure.ts";
import type { Strategy } from "../strategy.ts";
import { LIST } from "./parameters.ts";

/** Steps of one context in a row. */
interface Turn {
  readonly name: string;
  /** Infinity: as long as it can go on. */
  readonly steps: number;
}

/** One run along a list of turns, the same whatever the seed. Data choices are benign. */
export class HandWritten implements Strategy {
  readonly name = "schedule";
  readonly everyPoint = true;
  readonly #turns: readonly Turn[];
  #turn = 0;
  #made = 0;

  /** Turns as text, between them `,` or `>`. */
  constructor(text: string) {
    this.#turns = text.split(text.includes(",") ? "," : LIST).map(turnOf).filter(({ name }) => name !== "");
  }

  begin(): boolean {
    this.#turn = 0;
    this.#made = 0;
    return true;
  }

  choose(x: Execution, current: Context | null): Context {
    for (;;) {
      const turn = this.#turns[this.#turn];
      if (turn === undefined) return current ?? (x.enabled[0] as Context);
      const next = this.#made < turn.steps ? x.enabled.find(({ name }) => name === turn.name) : undefined;
      if (next !== undefined) {
        this.#made++;
        return next;
      }
      if (this.#made < turn.steps && turn.steps !== Number.POSITIVE_INFINITY) return this.#cannot(x, turn);
      this.#turn++;
      this.#made = 0;
    }
  }

  #cannot({ enabled }: Execution, { name }: Turn): never {
    const where = `turn ${String(this.#turn + 1)} of the schedule`;
    return misuse("schedule", `${where}: ${name} cannot go on after ${String(this.#made)} steps of it.`, [
      ["could go on", enabled.map((context) => context.name).join(", ")],
    ]);
  }

  draw(): number {
    return 0;
  }
}

function turnOf(text: string): Turn {
  const [, name = text, count] = /^(.*?)(?:\*(\d*))?$/.exec(text.trim()) ?? [];
  if (count === undefined) return { name: name.trim(), steps: 1 };
  return { name: name.trim(), steps: count === "" ? Number.POSITIVE_INFINITY : Number(count) };
}
