/**
 * Few preemptions: whoever runs goes on until it cannot, but for so many times, at steps drawn beforehand (iterative context
 * bounding, Musuvathi and Qadeer, PLDI 2007, with the schedules within the bound drawn instead of enumerated).
 */
import type { Context } from "../context.ts";
import type { Execution } from "../execution.ts";
import { opObject } from "../operation.ts";
import { Draws, rng } from "../rng.ts";
import type { Strategy } from "../strategy.ts";
import { GivenDraws } from "./guided.ts";

/** Who follows: the one that is drawn each time, the first, the one with the highest priority, which whoever is preempted loses. */
const MANNERS = 3;
const PRIORITIES = 1 << 20;

/** Where preempting may matter. */
export interface Places {
  /** Objects that several contexts touch: in every other run, preemptions stand in front of operations on these. */
  readonly shared: ReadonlySet<number>;
  /** How many such operations a run announces, about. */
  readonly operations: number;
  /** How many it announces altogether. */
  readonly steps: number;
  /** What is drawn in every other run: pairs (n-th draw, value). */
  readonly draws: readonly number[];
}

/** Random runs with at most so many preemptions. */
export class Sparing implements Strategy {
  readonly name = "sparing";
  readonly #bound: number;
  readonly #places: Places;
  #draws!: Draws;
  #manner = 0;
  #anywhere = false;
  #freely = false;
  readonly #given: GivenDraws;
  /** Which of the places are taken, the last one first. */
  #due: number[] = [];
  #passed = 0;
  readonly #priorities: number[] = [];

  constructor(preemptions: number, places: Places) {
    this.#bound = preemptions;
    this.#places = places;
    this.#given = new GivenDraws(places.draws);
  }

  begin(seed: string): boolean {
    this.#draws = new Draws(rng(seed));
    this.#manner = this.#draws.below(MANNERS);
    this.#anywhere = this.#draws.below(2) === 0;
    this.#freely = this.#draws.below(2) === 0;
    this.#given.begin();
    const { operations, steps } = this.#places;
    const places = Math.max(1, this.#anywhere ? steps : operations);
    this.#due = Array.from({ length: this.#bound }, () => this.#draws.below(places)).sort((a, b) => b - a);
    this.#passed = 0;
    this.#priorities.length = 0;
    return true;
  }

  choose(x: Execution, current: Context | null): Context {
    if (current === null) return this.#oneOf(x.enabled);
    if (!this.#anywhere && !this.#places.shared.has(opObject(current.pending))) return current;
    const passed = this.#passed++;
    if (passed < (this.#due.at(-1) ?? Number.POSITIVE_INFINITY)) return current;
    this.#due.pop();
    this.#priorities[current.id] = -1 - passed;
    return this.#oneOf(x.enabled.filter((context) => context !== current));
  }

  draw(x: Execution, n: number): number {
    if (!this.#freely) return this.#given.draw(x, n);
    return this.#draws.below(2) === 0 ? 0 : this.#draws.below(n);
  }

  #oneOf(among: readonly Context[]): Context {
    if (this.#manner === 0) return among[this.#draws.below(among.length)] as Context;
    if (this.#manner === 1) return among[0] as Context;
    return among.reduce((best, each) => (this.#priority(each) > this.#priority(best) ? each : best));
  }

  #priority({ id }: Context): number {
    return (this.#priorities[id] ??= this.#draws.below(PRIORITIES));
  }
}
