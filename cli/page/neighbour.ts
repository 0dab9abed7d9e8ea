/** A passing run close to a failing one: the same but for one choice, or for the choices from one on. */
import type { Choices, Failure } from "../../sim/index.ts";
import type { Case, EngineSet, Replayed } from "../engine-set.ts";

/** A passing run, and what was changed to get it. */
export interface Neighbour {
  readonly what: Case;
  readonly run: Replayed;
  readonly title: string;
}

/** Runs that may be spent on it. */
const TRIES_MOST = 200;

/**
 * The last switch that can be left out so that the run passes; where there is none, the last one from which on all can.
 * Null: none of so many. Cost: a replay for each that is tried.
 */
export function nearestPassing(engine: EngineSet, what: Case, failure: Failure): Neighbour | null {
  const { schedule } = what.choices;
  const places = Array.from({ length: Math.min(schedule.length / 2, TRIES_MOST / 2) }, (_, i) => schedule.length - 2 * (i + 1));
  const ways: readonly ((at: number) => Choices)[] = [
    (at) => ({ ...what.choices, schedule: [...schedule.slice(0, at), ...schedule.slice(at + 2)] }),
    (at) => ({ ...what.choices, schedule: schedule.slice(0, at) }),
  ];
  for (const [i, way] of ways.entries()) {
    for (const at of places) {
      const changed = { ...what, choices: way(at) };
      const run = engine.replay(changed);
      if (!passes(run, failure)) continue;
      const step = String(schedule[at]);
      return { what: { ...changed, choices: run.choices }, run, title: i === 0 ? `run without the switch at step ${step}, which passes` : `run without the switches from step ${step} on, which passes` };
    }
  }
  return null;
}

const passes = ({ outcome, races }: Replayed, { kind, id, message }: Failure): boolean =>
  outcome === "passed" && (kind !== "Race" || !races.some((race) => race.id === id && race.message === message));
