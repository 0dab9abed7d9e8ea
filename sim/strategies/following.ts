/**
 * Follows a list of steps told by whose they are: always the first step of the list whose context can go on. Steps that
 * cannot be taken yet are made up for as soon as they can, so that a list in another order keeps as much of the run it
 * was made from as is possible.
 */
import type { Context } from "../context.ts";
import type { Execution } from "../execution.ts";
import type { Strategy } from "../strategy.ts";

/** What is followed. */
export interface Course {
  /** Names of contexts, one for each step. */
  readonly steps: readonly string[];
  /** By name of a context: the values of its data choices, in its order; further ones are 0. */
  readonly draws: ReadonlyMap<string, readonly number[]>;
  /** Where the list is over: this context waits until the others can do no more, or have taken so many steps; default: nobody does. */
  readonly held?: { readonly actor: string; readonly steps: number } | undefined;
  /** Where the list is over: this context goes first; default: whoever ran. */
  readonly preferred?: string | undefined;
}

/** One run along a {@link Course}. */
export class Following implements Strategy {
  readonly name = "following";
  readonly everyPoint = true;
  readonly #course: Course;
  readonly #left: string[];
  readonly #drawn = new Map<string, number>();
  /** Where the first step of the list stands that was not taken. */
  #from = 0;
  /** Steps taken behind the list. */
  #beyond = 0;

  constructor(course: Course) {
    this.#course = course;
    this.#left = [...course.steps];
  }

  begin(): boolean {
    return true;
  }

  choose(x: Execution, current: Context | null): Context {
    const left = this.#left;
    while (left[this.#from] === TAKEN) this.#from++;
    const waiting = new Set<string>();
    for (let at = this.#from; at < left.length && waiting.size < x.contexts.length; at++) {
      const name = left[at] as string;
      if (name === TAKEN || waiting.has(name)) continue;
      const found = x.enabled.find((context) => context.name === name);
      if (found !== undefined) {
        left[at] = TAKEN;
        return found;
      }
      waiting.add(name);
    }
    return this.#free(x, current);
  }

  #free(x: Execution, current: Context | null): Context {
    const { held, preferred } = this.#course;
    const usual = current ?? (x.enabled[0] as Context);
    const first = preferred === undefined ? undefined : x.enabled.find(({ name }) => name === preferred);
    if (held === undefined) return first ?? usual;
    if (this.#beyond++ >= held.steps) return x.enabled.find(({ name }) => name === held.actor) ?? usual;
    if (first !== undefined) return first;
    return usual.name === held.actor ? (x.enabled.find((context) => context !== usual) ?? usual) : usual;
  }

  draw({ current: { name } }: Execution, n: number): number {
    const nth = this.#drawn.get(name) ?? 0;
    this.#drawn.set(name, nth + 1);
    const value = this.#course.draws.get(name)?.[nth] ?? 0;
    return value < n ? value : 0;
  }
}

/** In place of a step that was taken; no context is called so. */
const TAKEN = "";
