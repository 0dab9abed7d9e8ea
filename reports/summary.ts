/** The end of a check: a table of the scenarios and a sentence. */
import Table from "cli-table3";
import { causeText } from "./classes.ts";
import { faultOf, type Fault } from "./reporter.ts";
import type { CauseResult, FailureResult, FindingResult, LostResult, MatchedResult, RegressionResult, Results, ScenarioResult, Verdict } from "./results.ts";
import { PLAIN_PAINT, count, oneLine, type Paint } from "./text.ts";

const NO_BORDERS = {
  "top": "", "top-mid": "", "top-left": "", "top-right": "",
  "bottom": "", "bottom-mid": "", "bottom-left": "", "bottom-right": "",
  "left": "", "left-mid": "", "mid": "", "mid-mid": "",
  "right": "", "right-mid": "", "middle": "  ",
};

/** Rows of cells as aligned columns; numbers to the right. */
export function columns(rows: readonly (readonly string[])[], right: readonly number[] = []): readonly string[] {
  const first = rows[0];
  if (first === undefined) return [];
  const table = new Table({
    chars: NO_BORDERS,
    style: { "padding-left": 0, "padding-right": 0, "head": [], "border": [] },
    colAligns: first.map((_, i) => (right.includes(i) ? "right" : "left")),
  });
  table.push(...rows.map((row) => [...row]));
  return table.toString().split("\n").map((line) => line.trimEnd());
}

/** Verdict and remark of a scenario as cells. */
export const verdictCells = (result: ScenarioResult): readonly [verdict: string, remark: string] =>
  [result.verdict, remark(result)];

/** The table at the end of a check. */
export function scenarioTable(scenarios: readonly ScenarioResult[], paint: Paint = PLAIN_PAINT): readonly string[] {
  const head = ["scenario", "runs", "distinct schedules", "steps", "verdict"];
  const rows = scenarios.map((result) => [
    result.name,
    String(result.runs),
    String(result.distinctSchedules),
    String(result.steps),
    [paintVerdict(result.verdict, paint), remark(result)].join("  ").trimEnd(),
  ]);
  return columns([head.map(paint.bold), ...rows], [1, 2, 3]);
}

function paintVerdict(verdict: Verdict, paint: Paint): string {
  if (verdict === "passed") return paint.green(verdict);
  if (verdict === "failed") return paint.red(verdict);
  return paint.yellow(verdict);
}

function remark({ failures, inconclusiveRuns, standstills, unreached }: ScenarioResult): string {
  const byName = new Map<string, FailureResult[]>();
  for (const failure of failures) {
    const name = `${failure.property}${failure.known ? " (known)" : ""}`;
    const list = byName.get(name);
    if (list === undefined) byName.set(name, [failure]);
    else list.push(failure);
  }
  const parts = [...byName].map(([name, [first, ...more]]) =>
    more.length === 0 ? `${name} in ${count(first?.runs ?? 0, "run")}` : `${name}, ${String(more.length + 1)} distinct`);
  if (inconclusiveRuns > 0) {
    const why = standstills.map(({ why: each, runs }) => `${each} ${String(runs)}`).join(", ");
    parts.push(`${count(inconclusiveRuns, "run")} hit a bound${why === "" ? "" : ` (${why})`}`);
  }
  if (unreached.length > 0) parts.push(`not reached: ${unreached.join(", ")}`);
  return parts.join("; ");
}

/** New failures by their causes: a line for each, and under it where it shows. */
export function causeLines(causes: readonly CauseResult[]): readonly string[] {
  if (causes.length === 0) return [];
  const rows = (cause: CauseResult): readonly string[] => columns(cause.fingerprints.map(({ fingerprint, scenario, runs }) =>
    [`    ${fingerprint}`, oneLine(scenario), count(runs, "run")]));
  return ["new failures by cause", ...causes.flatMap((cause) => [`  ${causeText(cause)}`, ...rows(cause)])];
}

/** What became of the findings. */
export function findingLines(findings: readonly FindingResult[]): readonly string[] {
  const told: Readonly<Record<FindingResult["status"], string>> = {
    "known": "known, reproduced",
    "stale": "stale: it no longer reproduces",
    "gone": "does not reproduce under this variant",
    "not-tried": "not tried",
  };
  const rows = findings
    .filter(({ status }) => status !== "not-tried")
    .map(({ name, property, status }) => [`  ${name}`, property, told[status]]);
  return rows.length === 0 ? [] : ["findings", ...columns(rows)];
}

/** `37 of 41 choices matched, first miss at enter ifsq_lock by netisr 0`. */
export function matchedText({ choices, matched, near, firstMiss }: MatchedResult): string {
  if (choices === 0) return "no choices to match: it is the default schedule";
  const also = near === 0 ? "" : ` (${String(near)} more by their context alone)`;
  const miss = firstMiss === null ? "" : `, first miss at ${firstMiss}`;
  return `${String(matched)} of ${count(choices, "choice")} matched${also}${miss}`;
}

/** What became of the regressions. */
export function regressionLines(regressions: readonly RegressionResult[]): readonly string[] {
  const told: Readonly<Record<RegressionResult["status"], string>> = {
    "reproduced": "reproduced: it still fails",
    "fixed": "fixed",
    "stale": "stale: what made it fail is not reached any more",
    "changed": "changed: it fails in another way than recorded, or hits a bound",
    "not-tried": "not tried",
  };
  const rows = regressions
    .filter(({ status }) => status !== "not-tried")
    .map(({ name, property, status, matched }) =>
      [`  ${name}`, property, matched === null ? told[status] : `${told[status]}; ${matchedText(matched)}`]);
  return rows.length === 0 ? [] : ["regressions", ...columns(rows)];
}

/** Distinct failures that neither findings/ nor a regression that fails names. */
export function newFailures({ scenarios, regressions }: Results): number {
  const old = new Set(regressions.filter(({ status }) => status === "reproduced").map(({ fingerprint }) => fingerprint));
  const failures = scenarios.flatMap((scenario) => scenario.failures).filter(({ known }) => !known);
  return new Set(failures.map(({ fingerprint }) => fingerprint).filter((fingerprint) => !old.has(fingerprint))).size;
}

function regressionText({ regressions }: Results): readonly string[] {
  const tried = regressions.filter(({ status }) => status !== "not-tried").length;
  if (tried === 0) return [];
  const having = (wanted: RegressionResult["status"]): number => regressions.filter(({ status }) => status === wanted).length;
  const told = (["reproduced", "changed", "stale", "fixed"] as const)
    .filter((status) => having(status) > 0)
    .map((status) => `${String(having(status))} ${status}`);
  return [`${count(tried, "regression")}: ${told.join(", ")}`];
}

const HOW: Readonly<Record<LostResult["how"], string>> = {
  "died": "its worker died",
  "out-of-memory": "its worker ran out of memory",
  "silent": "it was given up",
};

/** Runs that did not come back. */
export const lostLines = (lost: readonly LostResult[]): readonly string[] =>
  lost.length === 0 ? [] : ["runs that did not come back", ...lost.flatMap(({ scenario, strategy, seed, how, token }) => [
    `  ${scenario}, ${strategy}, seed ${String(seed)}: ${HOW[how]}`,
    `    npx interlock replay ${token}`,
  ])];

/** What a check comes to: behind a fault the runs say nothing of the kernel. */
function headOf({ totals, interrupted }: Results, fault: Fault | null): string {
  if (fault !== null) return `no verdict, ${faultOf(fault)}`;
  return interrupted === null ? totals.verdict : `interrupted by ${interrupted}`;
}

/** The last line of a check. */
export function summaryLine(results: Results, fault: Fault | null = null): string {
  const { totals, seed } = results;
  const parts = [
    `${count(totals.runs, "run")} of ${count(totals.scenarios, "scenario")}`,
    count(totals.distinctSchedules, "distinct schedule"),
    count(newFailures(results), "new failure"),
    `${String(totals.known)} known`,
    ...regressionText(results),
    ...(totals.stale > 0 ? [`${String(totals.stale)} stale`] : []),
    ...(totals.inconclusiveRuns > 0 ? [`${String(totals.inconclusiveRuns)} inconclusive`] : []),
    ...(results.lost.length > 0 ? [`${count(results.lost.length, "run")} did not come back`] : []),
  ];
  return `${headOf(results, fault)}: ${parts.join(", ")} (seed ${String(seed)})`;
}
