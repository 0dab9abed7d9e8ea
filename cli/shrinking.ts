/** Shrinking a failing case within a budget: the same fingerprint with fewer switches and fewer choices. */
import { shrink, type Attempt, type Choices, type Failure } from "../sim/index.ts";
import type { RunReport } from "../properties/index.ts";
import type { Case, EngineSet } from "./engine-set.ts";
import { examineFailure } from "./examine.ts";

/** The smaller case, and the failure as it shows there. */
export interface SmallerCase {
  readonly what: Case;
  readonly failure: Failure;
  /** False when the budget allowed nothing. */
  readonly tried: boolean;
}

/** Replays that are spent on all failures of a check together, and on each at least and at most. */
const ALL = 3000;
const LEAST = 60;
const MOST = 600;

/** Replays for each of so many failures. */
export const budgetFor = (failures: number): number =>
  Math.max(LEAST, Math.min(MOST, Math.floor(ALL / Math.max(1, failures))));

/** Makes a case smaller. Deterministic: the budget is counted in replays. */
export function smallerCase(
  engine: EngineSet,
  what: Case,
  failure: Failure,
  fingerprint: string,
  budget: number,
): SmallerCase {
  if (budget === 0) return { what, failure, tried: false };
  const found = new Map<Choices, Failure>();
  const attempt = (choices: Choices): Attempt | null => {
    const candidate = { ...what, choices };
    const run = engine.replay(candidate);
    const same = sameIn(engine, { ...what, choices: run.choices }, run, failure, fingerprint);
    if (same === null) return null;
    found.set(run.choices, same);
    return { choices: run.choices, switches: run.switches, steps: run.steps };
  };
  const best = shrink({ choices: what.choices, attempt, budget });
  if (best === null) return { what, failure, tried: false };
  return {
    what: { ...what, choices: best.choices },
    failure: found.get(best.choices) ?? failure,
    tried: true,
  };
}

/** The failure of the run that has the fingerprint; null when there is none. */
function sameIn(
  engine: EngineSet,
  what: Case,
  run: RunReport,
  { kind, id }: Failure,
  fingerprint: string,
): Failure | null {
  const candidates = kind === "Race" ? run.races : run.failure === null ? [] : [run.failure];
  for (const each of candidates) {
    if (each.kind !== kind || each.id !== id) continue;
    const evidence = kind === "Race" ? (each.sites ?? []) : run.evidence;
    if (examineFailure(engine, what, run, each, evidence).fingerprint === fingerprint) return each;
  }
  return null;
}
