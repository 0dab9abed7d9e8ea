/** Choices by meaning: read off a run that another strategy makes, and followed in a run of an edited model. */
import type { Context } from "../context.ts";
import type { Execution } from "../execution.ts";
import { Meanings, type NamedChoice, type NamedChoices, type NamedDraw } from "../meanings.ts";
import { happeningKey, type Happening } from "../orderings.ts";
import type { Strategy } from "../strategy.ts";

/** Draws of one context since it last announced something. */
class Drawing {
  #at = "";
  #nth = 0;

  /** Which of them the next one is, from 0. */
  next(at: string): number {
    this.#nth = at === this.#at ? this.#nth + 1 : 0;
    this.#at = at;
    return this.#nth;
  }
}

const namesIn = (x: Execution): readonly string[] => x.contexts.map(({ name }) => name);

/** Runs under another strategy and writes its choices down by meaning; made anew for each run. */
export class Naming implements Strategy {
  readonly name = "naming";
  readonly everyPoint = true;
  readonly choices: NamedChoice[] = [];
  readonly draws: NamedDraw[] = [];
  /** Names of the contexts that there are at the first choice, in their order. */
  cast: readonly string[] = [];
  readonly #inner: Strategy;
  readonly #drawing = new Drawing();
  #meanings: Meanings | null = null;

  constructor(inner: Strategy) {
    this.#inner = inner;
  }

  begin(seed: string): boolean {
    return this.#inner.begin(seed);
  }

  attach(x: Execution): void {
    this.#meanings = new Meanings(x);
    this.#inner.attach?.(x);
  }

  choose(x: Execution, current: Context | null): Context {
    if (this.cast.length === 0) this.cast = namesIn(x);
    const meanings = this.#meanings as Meanings;
    const at = meanings.lastOf(x.current);
    const next = this.#inner.choose(x, current);
    x.grant(0);
    if (next !== (current ?? x.enabled[0])) this.choices.push({ at, take: meanings.nextOf(next) });
    return next;
  }

  draw(x: Execution, n: number): number {
    const value = this.#inner.draw(x, n);
    const at = (this.#meanings as Meanings).lastOf(x.current);
    const nth = this.#drawing.next(happeningKey(at));
    if (value !== 0) this.draws.push({ at, nth, value });
    return value;
  }

  end(x: Execution): void {
    this.#inner.end?.(x);
  }
}

/** How far choices could be followed. */
export interface Matched {
  /** All there were, draws included. */
  readonly choices: number;
  /** Those that meant the same in the run. */
  readonly matched: number;
  /** Those of which the same context went on, with another operation. */
  readonly near: number;
  /** The first one that did not mean the same; null: all did. */
  readonly firstMiss: Happening | null;
}

/**
 * One run along choices by meaning, each taken once, wherever its place comes; everywhere else the default. Where the
 * context of a choice can go on, but with another operation than was recorded (a new point stands before it), it goes on.
 */
export class ByName implements Strategy {
  readonly name = "by name";
  readonly everyPoint = true;
  /** Names of the contexts that there are at the first choice, in their order. */
  cast: readonly string[] = [];
  readonly #named: NamedChoices;
  /** By place: numbers of choices. */
  readonly #places = new Map<string, number[]>();
  readonly #draws = new Map<string, number>();
  readonly #exact = new Set<number>();
  readonly #near = new Set<number>();
  readonly #drawn = new Set<number>();
  readonly #drawing = new Drawing();
  #meanings: Meanings | null = null;

  constructor(named: NamedChoices) {
    this.#named = named;
    named.choices.forEach(({ at }, i) => {
      const place = happeningKey(at);
      const there = this.#places.get(place) ?? [];
      this.#places.set(place, there);
      there.push(i);
    });
    named.draws.forEach(({ at, nth }, i) => this.#draws.set(drawKey(happeningKey(at), nth), i));
  }

  begin(): boolean {
    return true;
  }

  attach(x: Execution): void {
    this.#meanings = new Meanings(x);
  }

  choose(x: Execution, current: Context | null): Context {
    if (this.cast.length === 0) this.cast = namesIn(x);
    const usual = current ?? (x.enabled[0] as Context);
    const meanings = this.#meanings as Meanings;
    const left = this.#places.get(happeningKey(meanings.lastOf(x.current)))?.filter((i) => !this.#exact.has(i) && !this.#near.has(i)) ?? [];
    const taken = this.#taken(x, left, true) ?? this.#taken(x, left, false);
    return taken ?? usual;
  }

  #taken(x: Execution, choices: readonly number[], exactly: boolean): Context | null {
    const meanings = this.#meanings as Meanings;
    for (const i of choices) {
      const { take } = this.#named.choices[i] as NamedChoice;
      const found = x.enabled.find((context) =>
        context.name === take.actor && (!exactly || happeningKey(meanings.nextOf(context)) === happeningKey(take)));
      if (found === undefined) continue;
      (exactly ? this.#exact : this.#near).add(i);
      return found;
    }
    return null;
  }

  draw(x: Execution, n: number): number {
    const at = happeningKey((this.#meanings as Meanings).lastOf(x.current));
    const i = this.#draws.get(drawKey(at, this.#drawing.next(at)));
    const value = i === undefined ? 0 : (this.#named.draws[i]?.value ?? 0);
    if (i === undefined || value >= n) return 0;
    this.#drawn.add(i);
    return value;
  }

  /** Meaningful after the run. */
  get followed(): Matched {
    const { choices, draws } = this.#named;
    const missed = choices.find((_, i) => !this.#exact.has(i))?.take ?? draws.find((_, i) => !this.#drawn.has(i))?.at ?? null;
    return {
      choices: choices.length + draws.length,
      matched: this.#exact.size + this.#drawn.size,
      near: this.#near.size,
      firstMiss: missed,
    };
  }
}

const drawKey = (at: string, nth: number): string => `${at}\n${String(nth)}`;
