/**
 * What a check came to, as data: the content of `results.json`. Fields are added by later versions and never
 * changed. Everything but `timing` is a function of seed and plan.
 */
import type { FailureKind, StandstillKind } from "../sim/index.ts";
import type { CoverageTotals } from "./protocol-coverage.ts";

/** One row of the plan: the runs `firstSeed` to `firstSeed + runs - 1` of a scenario under a strategy. */
export interface PlanRow {
  readonly scenario: string;
  readonly strategy: string;
  readonly parameters: Readonly<Record<string, number | string>>;
  readonly firstSeed: number;
  readonly runs: number;
  /** Absent: sequential consistency. */
  readonly memory?: "tso" | "pso" | undefined;
}

/** A property that was armed. */
export interface PropertyResult {
  readonly name: string;
  readonly kind: "always" | "sometimes" | "eventually";
  /** What is promised, as one sentence. */
  readonly promise: string;
  /** Scenarios that can reach a *sometimes* property; empty: all. */
  readonly scenarios: readonly string[];
}

/** How a scenario came out. */
export type Verdict = "passed" | "failed" | "known" | "inconclusive" | "not-run";

/** One distinct failure of a scenario. */
export interface FailureResult {
  /** Id of the property, assertion or rule. */
  readonly property: string;
  readonly kind: FailureKind;
  readonly message: string;
  /** Replays its first run. */
  readonly token: string;
  readonly scenario: string;
  readonly steps: number;
  readonly switches: number;
  /** Listed in findings/. */
  readonly known: boolean;
  readonly fingerprint: string;
  /** Runs that failed so. */
  readonly runs: number;
}

/** One scenario. */
export interface ScenarioResult {
  readonly name: string;
  readonly runs: number;
  readonly steps: number;
  readonly switches: number;
  readonly distinctSchedules: number;
  readonly verdict: Verdict;
  readonly failures: readonly FailureResult[];
  /** Runs that hit a bound. */
  readonly inconclusiveRuns: number;
  /** What was behind the bounds, by name; a livelock is a failure. */
  readonly standstills: readonly { readonly why: StandstillKind; readonly runs: number }[];
  /** *Sometimes* properties that name this scenario and that no run reached. */
  readonly unreached: readonly string[];
}

/** One entry of findings/. */
export interface FindingResult {
  readonly name: string;
  readonly property: string;
  readonly fingerprint: string;
  /** `gone`: it does not reproduce under the variant. `not-tried`: of a scenario or variant that was not run. */
  readonly status: "known" | "stale" | "gone" | "not-tried";
}

/** A run that did not come back. */
export interface LostResult {
  readonly scenario: string;
  readonly strategy: string;
  readonly seed: number;
  readonly how: "died" | "out-of-memory" | "silent";
  /** Makes the run again. */
  readonly token: string;
}

/** One entry of regressions/. */
export interface RegressionResult {
  readonly name: string;
  readonly property: string;
  readonly fingerprint: string;
  /**
   * `reproduced`: it fails as recorded. `fixed`: the orderings that made it fail are reached, and it does not. `stale`: they
   * are not reached, so that nothing is known. `changed`: it fails, but not as recorded, or it hits a bound. `not-tried`: of
   * a scenario, variant or property that was not run.
   */
  readonly status: "reproduced" | "fixed" | "stale" | "changed" | "not-tried";
  /** How far its choices could be followed by meaning; null: it was run exactly as recorded, or not at all. */
  readonly matched: MatchedResult | null;
}

/** Choices of a regression that were followed by meaning. */
export interface MatchedResult {
  readonly choices: number;
  readonly matched: number;
  /** Those of which the same context went on, with another operation than was recorded. */
  readonly near: number;
  /** The first that did not mean the same, in words; null: all did. */
  readonly firstMiss: string | null;
}

/** What the runs of a row of the plan have shown of the happens-before classes. */
export interface RowClassesResult {
  readonly scenario: string;
  readonly strategy: string;
  /** Runs that were counted. */
  readonly runs: number;
  /** Distinct classes, and those that one run showed and no other. */
  readonly classes: number;
  readonly once: number;
  /** New classes of each 1,000 runs of the row, in plan order; the last may be fewer. */
  readonly newPerThousand: readonly number[];
  /** Good and Turing's estimate of the chance that one more run shows a new class; null where runs are not drawn. */
  readonly risk: number | null;
  /** The row ended because it had come to the risk that was wanted. */
  readonly reached: boolean;
}

/** How far the exploration got. */
export interface ClassesResult {
  /** Where rows were to end; null: with the plan. */
  readonly untilRisk: number | null;
  readonly rows: readonly RowClassesResult[];
  /** Distinct classes of each scenario, whatever found them. */
  readonly scenarios: readonly { readonly name: string; readonly classes: number }[];
}

/** New failures that come of one cause, whatever noticed them. */
export interface CauseResult {
  /** 16 hexadecimal digits: `explain` says the same of the first of the failures. */
  readonly class: string;
  readonly kind: FailureKind;
  readonly property: string;
  /** The root ordering of the first of the failures: what has to come after what for its run to pass; or that there is none. */
  readonly sentence: string;
  /** Runs that failed so, all scenarios and fingerprints together. */
  readonly runs: number;
  /** In plan order; `scenario`: the first that showed it. */
  readonly fingerprints: readonly { readonly fingerprint: string; readonly scenario: string; readonly runs: number }[];
}

/** Sums over the scenarios. */
export interface Totals {
  readonly scenarios: number;
  readonly runs: number;
  readonly steps: number;
  readonly switches: number;
  readonly distinctSchedules: number;
  /** Distinct new failures, distinct known ones. */
  readonly failures: number;
  readonly known: number;
  readonly stale: number;
  /** Regressions of which nothing is known any more. */
  readonly staleRegressions: number;
  /** Regressions that fail, as recorded or otherwise. */
  readonly regressions: number;
  readonly inconclusiveRuns: number;
  readonly verdict: Verdict;
}

/** `results.json`. */
export interface Results {
  readonly schema: 1;
  readonly version: string;
  readonly seed: number;
  readonly plan: readonly PlanRow[];
  readonly variant: string | null;
  readonly properties: readonly PropertyResult[];
  /** The plan was run to its end: false after a signal, `--bail` or a fault, when *not reached* is not known. */
  readonly complete: boolean;
  /** The share of the plan that was run, `i/n`; null: all of it. */
  readonly shard: string | null;
  readonly scenarios: readonly ScenarioResult[];
  /** New failures by their causes, in plan order; a regression that fails is told as that. */
  readonly causes: readonly CauseResult[];
  readonly findings: readonly FindingResult[];
  /** Runs that did not come back, in plan order. */
  readonly lost: readonly LostResult[];
  readonly regressions: readonly RegressionResult[];
  /** *Sometimes* properties that no run of this check reached. */
  readonly unreached: readonly string[];
  /** Protocol coverage in three numbers; null unless it was collected. Cells in `protocol-coverage.json`. */
  readonly coverage: CoverageTotals | null;
  /** Happens-before classes; null unless they were counted. */
  readonly classes: ClassesResult | null;
  /** The signal that ended the check early, or null. */
  readonly interrupted: "SIGINT" | "SIGTERM" | null;
  readonly totals: Totals;
  readonly timing: {
    readonly started: string;
    readonly seconds: number;
    readonly runsPerSecond: number;
  };
}
