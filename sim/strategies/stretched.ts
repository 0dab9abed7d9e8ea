/** Follows stretches as far as they fit the run: whoever cannot go on yet has its turn as soon as it can. */
import type { Context } from "../context.ts";
import type { Execution } from "../execution.ts";
import { Whereabouts } from "../guide.ts";
import type { Strategy } from "../strategy.ts";
import type { Stretch } from "../stretches.ts";
import { GivenDraws } from "./guided.ts";

/** One run along stretches; behind the last one it takes the default. */
export class Stretched implements Strategy {
  readonly name = "stretched";
  readonly #all: readonly Stretch[];
  readonly #draws: GivenDraws;
  #left: Stretch[] = [];
  #running: Stretch | null = null;
  #where = new Whereabouts();

  /** `draws`: pairs (n-th draw, value). */
  constructor(stretches: readonly Stretch[], draws: readonly number[]) {
    this.#all = stretches;
    this.#draws = new GivenDraws(draws);
  }

  begin(): boolean {
    this.#left = [...this.#all];
    this.#running = null;
    this.#where = new Whereabouts();
    this.#draws.begin();
    return true;
  }

  choose(x: Execution, current: Context | null): Context {
    this.#where.readTo(x.recording.words, x.recording.length, x.settledAt);
    if (current === null || this.#isOver(current)) return this.#next(x, current);
    return current;
  }

  draw(x: Execution, n: number): number {
    return this.#draws.draw(x, n);
  }

  /** Is it to be preempted here? The engine goes on by itself where only one can: its stretch is looked up then. */
  #isOver(current: Context): boolean {
    const announced = this.#announced(current);
    const running = this.#running;
    if (running === null || running.name !== current.name || announced > running.until) {
      const at = this.#left.findIndex(({ name, until }) => name === current.name && until >= announced);
      this.#running = at < 0 ? null : (this.#left.splice(at, 1)[0] ?? null);
    }
    return this.#running?.preempted === true && announced >= this.#running.until;
  }

  #next(x: Execution, current: Context | null): Context {
    const left = this.#left;
    for (let at = 0; at < left.length; ) {
      const stretch = left[at] as Stretch;
      const context = x.enabled.find(({ name }) => name === stretch.name);
      if (context === undefined) {
        at++;
        continue;
      }
      left.splice(at, 1);
      if (stretch.until <= this.#announced(context)) continue;
      this.#running = stretch;
      return context;
    }
    this.#running = null;
    return current ?? (x.enabled[0] as Context);
  }

  #announced({ id }: Context): number {
    return this.#where.announced[id] ?? 0;
  }
}
