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
export function shrink({ choices, attempt, budget }: ShrinkRequest): Shrunk | null {
  const first = attempt(choices);
  if (first === null) return null;
  let best = first;
  let runs = 1;
  /** True when leaving out these deviations still fails and is simpler. */
  const without = (from: number, count: number): boolean => {
    runs++;
    const found = attempt(leaveOut(best.choices, from, count));
    if (found === null || !isSimpler(found, best)) return false;
    best = found;
    return true;
  };
  for (let improved = true; improved && runs < budget; ) {
    improved = false;
    for (let size = halfOf(deviations(best.choices)); size >= 1; size = size === 1 ? 0 : halfOf(size)) {
      for (let from = 0; from < deviations(best.choices) && runs < budget; ) {
        if (without(from, size)) improved = true;
        else from += size;
      }
    }
  }
  return { ...best, runs };
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
