/** Hunting a mutant, for the tests: runs of the default portfolio until the named property kills it. */
import type { Failure } from "../sim/index.ts";
import type { PlanRow } from "../reports/index.ts";
import type { Case, EngineSet, Job, JobRun } from "./engine-set.ts";
import { makePlan } from "./plan.ts";

/** A run that killed a mutant. */
export interface Kill {
  /** Runs of the mutant up to and including this one. */
  readonly runs: number;
  readonly row: PlanRow;
  readonly seed: number;
  readonly run: JobRun;
  readonly failure: Failure;
  readonly what: Case;
}

/** What is hunted, and how. */
export interface Hunt {
  readonly mutant: EngineSet;
  /** The unmutated model: what it does as well is no kill. */
  readonly original: EngineSet;
  /** Id of the failure that kills. */
  readonly property: string;
  /** The only property armed; null: all. */
  readonly armed: string | null;
  readonly seed: number;
  /** Total, divided over the plan; null: the default plan. */
  readonly runs: number | null;
  readonly scenarios: readonly string[];
}

interface Track {
  readonly row: PlanRow;
  readonly job: Job;
  done: number;
  over: boolean;
}

const FIRST_SLICE = 4;

/**
 * Runs the plan a few runs of every row at a time, then twice as many of each: a mutant that many runs kill dies
 * soon, whatever scenario they are of. Each row's runs are those that `check` would make.
 */
export function hunt(request: Hunt): Kill | null {
  const { mutant, armed, property } = request;
  const tracks = open(mutant, request);
  let runs = 0;
  for (let slice = FIRST_SLICE; tracks.some(({ over }) => !over); slice *= 2) {
    for (const track of tracks) {
      for (let i = 0; i < slice && !track.over; i++) {
        const { row } = track;
        const seed = row.firstSeed + track.done;
        const run = next(track);
        if (run === null) break;
        runs++;
        const { failure, config, choices } = run;
        if (failure === null || failure.id !== property) continue;
        if (failsToo(request, row, track.done)) {
          track.over = true;
          break;
        }
        return { runs, row, seed, run, failure, what: { scenario: row.scenario, config, choices, property: armed } };
      }
    }
  }
  return null;
}

/** After how many runs of the plan a *sometimes* property was reached; null: never. */
export function runsToReach(engine: EngineSet, request: Omit<Hunt, "mutant" | "original">): number | null {
  const tracks = open(engine, request);
  let runs = 0;
  for (let slice = FIRST_SLICE; tracks.some(({ over }) => !over); slice *= 2) {
    for (const track of tracks) {
      for (let i = 0; i < slice; i++) {
        const run = next(track);
        if (run === null) break;
        runs++;
        if (run.reached.includes(request.property)) return runs;
      }
    }
  }
  return null;
}

function open(engine: EngineSet, { seed, runs, scenarios, armed }: Omit<Hunt, "mutant" | "original">): Track[] {
  const all = engine.scenarios.map(({ name }) => name);
  const { rows } = makePlan({ seed, scenarios: all, strategy: null, runs });
  return rows
    .filter(({ scenario }) => scenarios.length === 0 || scenarios.includes(scenario))
    .map((row) => ({
      row,
      job: engine.open(row.scenario, { name: row.strategy, parameters: row.parameters }, armed),
      done: 0,
      over: row.runs === 0,
    }));
}

function next(track: Track): JobRun | null {
  if (track.over) return null;
  const run = track.job.run(String(track.row.firstSeed + track.done));
  track.done++;
  track.over = run === null || track.done >= track.row.runs;
  return run;
}

/** Does the unmutated model fail in the same way within the first `count` runs of the row? */
function failsToo({ original, armed, property }: Hunt, row: PlanRow, count: number): boolean {
  const job = original.open(row.scenario, { name: row.strategy, parameters: row.parameters }, armed);
  for (let i = 0; i < count; i++) {
    if (job.run(String(row.firstSeed + i))?.failure?.id === property) return true;
  }
  return false;
}
