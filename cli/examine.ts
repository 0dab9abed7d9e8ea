/**
 * A failing run under the lens: it is replayed, which must fail in the same way, and the routines that were
 * running at its evidence give it its fingerprint.
 */
import type { Failure } from "../sim/index.ts";
import type { RunReport } from "../properties/index.ts";
import type { Case, EngineSet } from "./engine-set.ts";
import { EngineFault } from "./errors.ts";
import { Exit } from "./exit-codes.ts";
import { PASSED, fingerprint } from "./fingerprint.ts";

/** What a run came to, and its fingerprint ({@link PASSED}, `inconclusive`, or of the failure). */
export interface Examined {
  readonly report: RunReport;
  readonly failure: Failure | null;
  readonly fingerprint: string;
}

/** The fingerprint of a run that hit a bound. */
export const INCONCLUSIVE = "inconclusive";

/** Replays a case and says what it comes to now. `race`: look at the race with this id and message instead. */
export function examineCase(engine: EngineSet, what: Case): Examined {
  const report = engine.replay(what);
  if (report.outcome === "passed") return { report, failure: null, fingerprint: PASSED };
  if (report.failure === null) return { report, failure: null, fingerprint: INCONCLUSIVE };
  return { report, ...examineFailure(engine, what, report, report.failure, report.evidence) };
}

/** The fingerprint of a failure that a run of this case had, confirmed by a replay. */
export function examineFailure(
  engine: EngineSet,
  what: Case,
  original: RunReport,
  failure: Failure,
  evidence: readonly number[],
): { readonly failure: Failure; readonly fingerprint: string } {
  const { run: report, stacks, thrown } = engine.stacks(what, evidence);
  const again = failure.kind === "Race"
    ? report.races.find((race) => sameFailure(race, failure))
    : report.failure;
  refuseOther(what, original, failure, report, again ?? null);
  return { failure, fingerprint: fingerprint(failure, stacks, failure.kind === "Race" ? null : thrown) };
}

/** The fingerprints of all races of a run, in their order, confirmed by one replay. */
export function examineRaces(engine: EngineSet, what: Case, original: RunReport): readonly string[] {
  const { races } = original;
  const { run: report, stacks } = engine.stacks(what, races.flatMap(({ sites = [] }) => sites));
  let at = 0;
  return races.map((race, i) => {
    refuseOther(what, original, race, report, report.races[i] ?? null);
    const { length } = race.sites ?? [];
    at += length;
    return fingerprint(race, stacks.slice(at - length, at));
  });
}

/** Throws when a replay did not come to the same failure by the same choices. */
function refuseOther(what: Case, original: RunReport, failure: Failure, report: RunReport, again: Failure | null): void {
  if (again !== null && sameFailure(again, failure) && report.hash === original.hash) return;
  throw new EngineFault(
    `the same choices ran differently in scenario ${what.scenario}: first `
      + `${told(failure)} after ${String(original.steps)} steps, then `
      + `${told(again ?? report.failure)} after ${String(report.steps)} steps`,
    Exit.Nondeterminism,
  );
}

const told = (failure: Failure | null): string =>
  failure === null ? "no failure" : `${failure.kind} ${failure.id}`;

const sameFailure = (a: Failure, b: Failure): boolean =>
  a.kind === b.kind && a.id === b.id && a.message === b.message;

/** The race with this fingerprint in a replay of the case; null when there is none. */
export function raceIn(engine: EngineSet, what: Case, wanted: string): Failure | null {
  const report = engine.replay(what);
  const found = report.races.find((race) =>
    examineFailure(engine, what, report, race, race.sites ?? []).fingerprint === wanted);
  return found ?? null;
}
