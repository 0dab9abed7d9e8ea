/**
 * Shrinking a schedule: delta debugging (Zeller, Hildebrandt: "Simplifying and isolating failure-inducing input",
 * TSE 2002) over the deviations from the default and the draws that are not benign. A candidate is one more run;
 * it counts when it fails the same way and is simpler: fewer switches, then fewer deviations, draws, steps.
 */
import { replay, type Program } from "./explorer.ts";
import type { Failure } from "./failure.ts";
import type { Limits } from "./limits.ts";
import type { Choices } from "./recording.ts";

/** A run that failed. */
export interface ShrinkRequest {
  readonly choices: Choices;
  /** Repeats the run with other choices; null: it does not fail the same way. */
  readonly attempt: (choices: Choices) => Attempt | null;
  /** Runs that may be spent. */
  readonly budget: number;
}

/** A run that failed the same way. */
export interface Attempt {
  /** The choices it really took. */
  readonly choices: Choices;
  readonly switches: number;
  readonly steps: number;
}

/** The simplest failing run that was found. */
export interface Shrunk extends Attempt {
  /** Runs spent. */
  readonly runs: number;
}

/** Shrinks; deterministic. Null when the choices given do not fail that way at all. */
export function shrink(request: ShrinkRequest): Shrunk | null {
  const first = request.attempt(request.choices);
  return first === null ? null : new Search(request, first).run();
}

class Search {
  #best: Attempt;
  #runs = 1;
  readonly #request: ShrinkRequest;
  /** Whom the given choices switch to. */
  readonly #contexts: readonly number[];

  constructor(request: ShrinkRequest, first: Attempt) {
    this.#request = request;
    this.#best = first;
    const named = request.choices.schedule.filter((_, i) => i % 2 === 1);
    this.#contexts = [...new Set(named)].sort((a, b) => a - b);
  }

  run(): Shrunk {
    while (this.#leaveOutPasses() || this.#moveOne());
    return { ...this.#best, runs: this.#runs };
  }

  get #spent(): boolean {
    return this.#runs >= this.#request.budget;
  }

  #try(choices: Choices): boolean {
    if (this.#spent) return false;
    this.#runs++;
    const found = this.#request.attempt(choices);
    if (found === null || !isSimpler(found, this.#best)) return false;
    this.#best = found;
    return true;
  }

  /** Leaves out half of the deviations, a quarter, … one. True when that helped. */
  #leaveOutPasses(): boolean {
    const before = this.#best;
    for (let size = halfOf(deviations(before.choices)); size >= 1; size = size === 1 ? 0 : halfOf(size)) {
      for (let from = 0; from < deviations(this.#best.choices) && !this.#spent; )
        if (!this.#try(leaveOut(this.#best.choices, from, size))) from += size;
    }
    return this.#best !== before;
  }

  /** Leaves one switch out and puts another somewhere else, nearest first: out of a dead end. */
  #moveOne(): boolean {
    const { choices, steps } = this.#best;
    const { schedule, draws } = choices;
    for (let out = 0; out < schedule.length; out += 2) {
      const rest = schedule.filter((_, i) => i >> 1 !== out >> 1);
      for (let moved = 0; moved < rest.length; moved += 2) {
        const others = rest.filter((_, i) => i >> 1 !== moved >> 1);
        const home = rest[moved] as number;
        for (const at of nearestFirst(home, steps)) {
          for (const context of this.#contexts) {
            if (this.#spent) return false;
            if (this.#try({ schedule: insert(others, at, context), draws })) return true;
          }
        }
      }
    }
    return false;
  }
}

/** Steps from 0 to `steps`, by their distance from `home`. */
function nearestFirst(home: number, steps: number): readonly number[] {
  const all = Array.from({ length: steps + 1 }, (_, step) => step);
  return all.sort((a, b) => Math.abs(a - home) - Math.abs(b - home) || a - b);
}

/** One more pair, in its place; it replaces one of the same step. */
function insert(schedule: readonly number[], at: number, context: number): readonly number[] {
  const pairs: number[] = [];
  let placed = false;
  for (let i = 0; i < schedule.length; i += 2) {
    const step = schedule[i] as number;
    if (!placed && step >= at) {
      pairs.push(at, context);
      placed = true;
    }
    if (step !== at) pairs.push(step, schedule[i + 1] as number);
  }
  if (!placed) pairs.push(at, context);
  return pairs;
}

/** {@link ShrinkRequest.attempt} for a program: same failure kind and id. */
export function sameFailure(
  program: Program,
  failure: Pick<Failure, "kind" | "id">,
  limits?: Limits,
): (choices: Choices) => Attempt | null {
  return (choices) => {
    const again = replay(program, choices, limits === undefined ? {} : { limits });
    if (again.failure?.kind !== failure.kind || again.failure.id !== failure.id) return null;
    return { choices: again.x.recording.choices, switches: again.switches, steps: again.steps };
  };
}

const halfOf = (count: number): number => Math.ceil(count / 2);

const deviations = ({ schedule, draws }: Choices): number => (schedule.length + draws.length) / 2;

/** Draws stand behind the schedule. */
function leaveOut({ schedule, draws }: Choices, from: number, count: number): Choices {
  const scheduled = schedule.length / 2;
  const outside = (at: number): boolean => at < from || at >= from + count;
  return {
    schedule: schedule.filter((_, i) => outside(i >> 1)),
    draws: draws.filter((_, i) => outside(scheduled + (i >> 1))),
  };
}

function isSimpler(a: Attempt, b: Attempt): boolean {
  const difference = [
    a.switches - b.switches,
    a.choices.schedule.length - b.choices.schedule.length,
    a.choices.draws.length - b.choices.draws.length,
    a.steps - b.steps,
  ].find((each) => each !== 0);
  return difference !== undefined && difference < 0;
}
