/** From counts to verdicts: what a campaign came to, and the exit code. */
import type { Scenario } from "../scenarios/index.ts";
import type { Property } from "../properties/index.ts";
import type {
  FailureResult,
  FindingResult,
  RegressionResult,
  Results,
  ScenarioResult,
  Strict,
  Totals,
  Verdict,
} from "../reports/index.ts";
import type { Campaign } from "./campaign.ts";
import { Exit, worstOf } from "./exit-codes.ts";
import { failuresOf, type Seen, type Tally } from "./fold.ts";

/** What the verdicts depend on besides the counts. */
export interface Judging {
  readonly known: ReadonlySet<string>;
  /** *Sometimes* properties that were armed. */
  readonly sometimes: readonly Extract<Property, { kind: "sometimes" }>[];
  /** Scenarios of which a run did not come back. */
  readonly lost: ReadonlySet<string>;
}

/** One scenario's result. */
function scenarioResult(tally: Tally, complete: boolean, judging: Judging): ScenarioResult {
  const failures = failuresOf(tally).map((seen) => failureResult(seen, judging));
  const unreached = judging.sometimes
    .filter(({ name, scenarios }) => scenarios.includes(tally.name) && !tally.reached.has(name))
    .map(({ name }) => name);
  const missing = complete && tally.runs > 0 ? unreached : [];
  return {
    name: tally.name,
    runs: tally.runs,
    steps: tally.steps,
    switches: tally.switches,
    distinctSchedules: tally.distinct.count,
    verdict: verdictOf(tally, failures, missing, judging.lost.has(tally.name)),
    failures,
    inconclusiveRuns: tally.inconclusiveRuns,
    standstills: [...tally.standstills].map(([why, runs]) => ({ why, runs })).sort((a, b) => (a.why < b.why ? -1 : 1)),
    unreached: missing,
  };
}

function verdictOf(
  tally: Tally,
  failures: readonly FailureResult[],
  unreached: readonly string[],
  lost: boolean,
): Verdict {
  if (failures.some(({ known }) => !known)) return "failed";
  if (lost) return "inconclusive";
  if (tally.runs === 0) return "not-run";
  if (failures.length > 0) return "known";
  return tally.inconclusiveRuns > 0 || unreached.length > 0 ? "inconclusive" : "passed";
}

function failureResult(seen: Seen, { known }: Judging): FailureResult {
  const { failure, run, what, token } = seen;
  return {
    property: failure.id,
    kind: failure.kind,
    message: failure.message,
    token,
    scenario: what.scenario,
    steps: run.steps,
    switches: run.switches,
    known: known.has(seen.fingerprint),
    fingerprint: seen.fingerprint,
    runs: seen.runs,
  };
}

/** What is judged. */
type Ended = Pick<Campaign, "tallies" | "complete">;

/** The results of all scenarios. */
export const scenarioResults = (campaign: Ended, judging: Judging): readonly ScenarioResult[] =>
  campaign.tallies.map((tally) => scenarioResult(tally, campaign.complete, judging));

/** *Sometimes* properties that some run should have reached and none did. */
export function unreachedBy(
  campaign: Ended,
  { sometimes }: Judging,
  scenarios: readonly Scenario[],
): readonly string[] {
  if (!campaign.complete) return [];
  const run = campaign.tallies.filter(({ runs }) => runs > 0);
  const names = scenarios.map(({ name }) => name);
  return sometimes
    .filter((property) => {
      const able = property.scenarios.length === 0 ? names : property.scenarios;
      const tried = run.filter(({ name }) => able.includes(name));
      return tried.length > 0 && !tried.some(({ reached }) => reached.has(property.name));
    })
    .map(({ name }) => name);
}

const WORST_FIRST: readonly Verdict[] = ["failed", "known", "inconclusive", "passed", "not-run"];

/** Sums. */
export function totalsOf(
  scenarios: readonly ScenarioResult[],
  findings: readonly FindingResult[],
  regressions: readonly RegressionResult[],
  unreached: readonly string[],
): Totals {
  const sum = (of: (result: ScenarioResult) => number): number =>
    scenarios.reduce((total, result) => total + of(result), 0);
  const distinct = (known: boolean): number =>
    new Set(scenarios.flatMap(({ failures }) =>
      failures.filter((failure) => failure.known === known).map(({ fingerprint }) => fingerprint))).size;
  const failing = regressions.filter(({ status }) => status === "reproduced" || status === "changed").length;
  const staleRegressions = regressions.filter(({ status }) => status === "stale").length;
  const verdicts: Verdict[] = [...scenarios.map(({ verdict }) => verdict), ...(failing > 0 ? ["failed" as const] : [])];
  const worst = WORST_FIRST.find((verdict) => verdicts.includes(verdict)) ?? "not-run";
  return {
    scenarios: scenarios.length,
    runs: sum(({ runs }) => runs),
    steps: sum(({ steps }) => steps),
    switches: sum(({ switches }) => switches),
    distinctSchedules: sum(({ distinctSchedules }) => distinctSchedules),
    failures: distinct(false),
    known: distinct(true),
    stale: findings.filter(({ status }) => status === "stale").length,
    staleRegressions,
    regressions: failing,
    inconclusiveRuns: sum(({ inconclusiveRuns }) => inconclusiveRuns),
    verdict: worst === "passed" && unreached.length + staleRegressions > 0 ? "inconclusive" : worst,
  };
}

/** Options that turn a report into an exit code. */
export interface Strictness {
  readonly stale: "report" | "fail";
  readonly inconclusive: "report" | "fail";
}

/** The same, as reporters are told. */
export const strictOf = ({ stale, inconclusive }: Strictness): Strict =>
  ({ stale: stale === "fail", inconclusive: inconclusive === "fail" });

/** The exit code of a check that no signal ended. */
export function exitOf(results: Results, { stale, inconclusive }: Strictness, fault: Exit | null): Exit {
  const { totals } = results;
  const open = totals.inconclusiveRuns > 0 || results.unreached.length > 0
    || results.scenarios.some((scenario) => scenario.unreached.length > 0);
  const applies: readonly [boolean, Exit][] = [
    [fault !== null, fault ?? Exit.EngineFault],
    [results.lost.length > 0, Exit.EngineFault],
    [totals.failures > 0 || totals.regressions > 0, Exit.Failed],
    [totals.stale + totals.staleRegressions > 0 && stale === "fail", Exit.Stale],
    [open && inconclusive === "fail", Exit.Inconclusive],
    [totals.runs === 0, Exit.NothingRan],
  ];
  return worstOf(applies.filter(([holds]) => holds).map(([, exit]) => exit));
}
