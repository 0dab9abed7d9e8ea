/**
 * A failing run under the lens: it is replayed, which must fail in the same way, and the routines that were
 * running at its evidence give it its fingerprint.
 */
import type { Failure } from "../sim/index.ts";
import type { RunReport } from "../properties/index.ts";
import { firstDifference } from "./difference.ts";
import type { Case, EngineSet, Ran } from "./engine-set.ts";
import { EngineFault } from "./errors.ts";
import { Exit } from "./exit-codes.ts";
import { PASSED, fingerprint, siteTexts } from "./fingerprint.ts";

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
  original: FirstRun,
  failure: Failure,
  evidence: readonly number[],
): { readonly failure: Failure; readonly fingerprint: string } {
  const { run, stacks, thrown } = engine.stacks(what, evidence);
  confirmSame(what, original, failure, run);
  return { failure, fingerprint: fingerprint(failure, stacks, failure.kind === "Race" ? null : thrown) };
}

/** The fingerprints of all races of a run, in their order, confirmed by one replay. */
export function examineRaces(engine: EngineSet, what: Case, original: RunReport & FirstRun): readonly string[] {
  const { races } = original;
  const { run, stacks } = engine.stacks(what, races.flatMap(({ sites = [] }) => sites));
  let at = 0;
  return races.map((race, i) => {
    confirmSame(what, original, race, run, run.races[i] ?? null);
    const { length } = race.sites ?? [];
    at += length;
    return fingerprint(race, stacks.slice(at - length, at));
  });
}

/** What is compared of a run that is repeated. */
export interface FirstRun {
  readonly steps: number;
  readonly hash: bigint;
  /** The raw log, if it is still there: then the first difference can be told. */
  readonly log?: Int32Array | null;
}

/** Throws an {@link EngineFault} when a replay did not come to the same failure by the same choices. */
export function confirmSame(
  what: Case,
  first: FirstRun,
  failure: Failure,
  run: Ran,
  again: Failure | null = counterpart(run, failure),
): void {
  if (again !== null && sameFailure(again, failure) && run.hash === first.hash) return;
  const { log } = first;
  const where = log === undefined || log === null ? null : firstDifference(log, run.log, run.x);
  throw new EngineFault(
    `Divergence: the same choices ran differently in scenario ${what.scenario}: first `
      + `${told(failure)} after ${String(first.steps)} steps, then `
      + `${told(again ?? run.failure)} after ${String(run.steps)} steps; `
      + `first difference ${where ?? "not in what was announced: in the values it came to"}`,
    Exit.Nondeterminism,
  );
}

/** What a run has in place of a failure. */
const counterpart = (run: Ran, failure: Failure): Failure | null =>
  failure.kind === "Race" ? (run.races.find((race) => sameFailure(race, failure)) ?? null) : run.failure;

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

/** Where the accesses of the race with this fingerprint stand in a replay of the case; null when there is none. */
export function sitesIn(engine: EngineSet, what: Case, wanted: string): readonly string[] | null {
  const race = raceIn(engine, what, wanted);
  return race === null ? null : siteTexts(race, engine.stacks(what, race.sites ?? []).stacks);
}

/** The failure with this fingerprint in a replay of the case, race or not; null when there is none. */
export function failureWith(
  engine: EngineSet,
  what: Case,
  wanted: string,
): { readonly failure: Failure; readonly run: RunReport } | null {
  const now = examineCase(engine, what);
  const { report: run } = now;
  if (now.failure !== null && now.fingerprint === wanted) return { failure: now.failure, run };
  const race = run.races.length === 0 ? null : raceIn(engine, what, wanted);
  return race === null ? null : { failure: race, run };
}
