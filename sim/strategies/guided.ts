/** Follows choices that are told by meaning as far as they fit the run; everywhere else it takes the default. */
import type { Context } from "../context.ts";
import type { Execution } from "../execution.ts";
import { Whereabouts, type Guide } from "../guide.ts";
import type { Strategy } from "../strategy.ts";

/** One run along a {@link Guide}. */
export class Guided implements Strategy {
  readonly name = "guided";
  /** By name of the context that ran last, then by its place. */
  readonly #moves = new Map<string, Map<string, string>>();
  readonly #draws: GivenDraws;
  #where = new Whereabouts();

  constructor(guide: Guide) {
    this.#draws = new GivenDraws(guide.draws);
    for (const { after, nth, left, to } of guide.moves) {
      const places = this.#moves.get(after) ?? new Map<string, string>();
      this.#moves.set(after, places.set(placeOf(nth, left), to));
    }
  }

  begin(): boolean {
    this.#where = new Whereabouts();
    this.#draws.begin();
    return true;
  }

  choose(x: Execution, current: Context | null): Context {
    const usual = current ?? (x.enabled[0] as Context);
    if (this.#moves.size === 0) return usual;
    const where = this.#where;
    where.readTo(x.recording.words, x.recording.length, x.settledAt);
    const { context, announced, left } = where;
    const places = this.#moves.get(x.contexts[context]?.name ?? "");
    if (places === undefined) return usual;
    const to = places.get(placeOf(announced[context] ?? 0, left[context] ?? 0));
    return to === undefined ? usual : (x.enabled.find(({ name }) => name === to) ?? usual);
  }

  draw(x: Execution, n: number): number {
    return this.#draws.draw(x, n);
  }
}

/** Draws as recorded: 0 where nothing is given, or where what is given is out of range. */
export class GivenDraws {
  readonly #draws: readonly number[];
  #at = 0;

  /** Pairs (n-th draw, value). */
  constructor(draws: readonly number[]) {
    this.#draws = draws;
  }

  /** A run begins. */
  begin(): void {
    this.#at = 0;
  }

  draw(x: Execution, n: number): number {
    const draws = this.#draws;
    while ((draws[this.#at] ?? Number.POSITIVE_INFINITY) < x.recording.drawn) this.#at += 2;
    const value = draws[this.#at] === x.recording.drawn ? (draws[this.#at + 1] ?? 0) : 0;
    return value < n ? value : 0;
  }
}

const placeOf = (nth: number, left: number): string => `${String(nth)} ${String(left)}`;
