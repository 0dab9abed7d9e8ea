/**
 * A check as test cases, for formats that know nothing else: for every scenario one case per property, and one per kind
 * of failure that the simulated machine finds by itself, so that a failure of any kind has a place.
 */
import { anatomy, type FailureReport } from "./anatomy.ts";
import { causeOf, causeText, reportOn } from "./classes.ts";
import { faultLine, type Ending, type Strict } from "./reporter.ts";
import type { FailureResult, FindingResult, PropertyResult, RegressionResult, Results, ScenarioResult } from "./results.ts";
import { matchedText } from "./summary.ts";
import { count } from "./text.ts";

/**
 * `known`: only failures that findings/ lists. `skipped`: nothing can be said. `error`: Interlock is at fault, or was
 * not let finish.
 */
export type CaseStatus = "passed" | "failed" | "known" | "skipped" | "error";

/** One scenario under one property, or the like. */
export interface Case {
  readonly name: string;
  readonly status: CaseStatus;
  /** Kind of failure; empty if there is none. */
  readonly type: string;
  /** One sentence, empty if passed. */
  readonly message: string;
  /** The evidence: counterexamples as printed; may be empty. */
  readonly text: string;
}

/** The cases of a scenario, or others that belong together. */
export interface Suite {
  readonly name: string;
  readonly scenario: ScenarioResult | null;
  readonly cases: readonly Case[];
}

/** All cases. Which there are depends on what was asked for, not on what came of it. */
export function suitesOf(ending: Ending): readonly Suite[] {
  const { results, strict } = ending;
  const regressions = results.regressions
    .filter(({ status }) => status !== "not-tried")
    .map((regression) => regressionCase(regression, ending));
  const findings = results.findings.filter(({ status }) => status !== "not-tried").map((finding) => findingCase(finding, strict));
  return [
    { name: "interlock", scenario: null, cases: [checkCase(ending)] },
    ...results.scenarios.map((scenario) => ({ name: scenario.name, scenario, cases: scenarioCases(scenario, ending) })),
    ...(regressions.length > 0 ? [{ name: "regressions", scenario: null, cases: regressions }] : []),
    ...(findings.length > 0 ? [{ name: "findings", scenario: null, cases: findings }] : []),
  ];
}

const PASSED = { status: "passed", type: "", message: "", text: "" } as const;

/** Was the check itself in order? */
function checkCase({ results, fault }: Ending): Case {
  const error = (type: string, message: string, text = ""): Case => ({ name: "check", status: "error", type, message, text });
  if (fault !== null) return error("Fault", faultLine(fault), fault.details.join("\n"));
  if (results.interrupted !== null) return error("Interrupted", `interrupted by ${results.interrupted}`);
  if (results.totals.runs === 0) return error("NothingRan", "nothing ran");
  return { name: "check", ...PASSED };
}

/** What the machine watches without being asked to. */
const MACHINE = ["Panic", "Discipline", "Race", "Memory", "Stuck"] as const;

function scenarioCases(scenario: ScenarioResult, ending: Ending): readonly Case[] {
  const { properties } = ending.results;
  const able = properties.filter(({ scenarios }) => scenarios.length === 0 || scenarios.includes(scenario.name));
  const names = new Set(able.map(({ name }) => name));
  const ofMachine: ReadonlySet<string> = new Set(MACHINE);
  const homeless = scenario.failures.filter(({ kind, property }) =>
    !ofMachine.has(kind) && !(kind === "Violation" && names.has(property)));
  const failing = (wanted: (failure: FailureResult) => boolean): readonly FailureResult[] => scenario.failures.filter(wanted);
  return [
    ...able.map((property) => judged(
      property.name,
      scenario,
      failing((failure) => failure.kind === "Violation" && failure.property === property.name),
      ending,
      property,
    )),
    ...MACHINE.map((kind) => judged(kind, scenario, failing((failure) => failure.kind === kind), ending)),
    ...[...new Set(homeless.map(({ property }) => property))].map((name) =>
      judged(name, scenario, homeless.filter(({ property }) => property === name), ending)),
    boundCase(scenario, ending),
  ];
}

function judged(
  name: string,
  scenario: ScenarioResult,
  failures: readonly FailureResult[],
  ending: Ending,
  property: PropertyResult | null = null,
): Case {
  const news = failures.filter(({ known }) => !known);
  const [first] = news.length > 0 ? news : failures;
  if (first !== undefined) return failedCase(name, first, news.length > 0 ? news : failures, ending);
  const open = property === null ? null : openQuestion(property, scenario, ending.results);
  const failed = open === NOT_REACHED && ending.strict.inconclusive;
  if (open !== null) return { name, status: failed ? "failed" : "skipped", type: "Inconclusive", message: open, text: "" };
  const blank = untold(scenario);
  return blank === null ? { name, ...PASSED } : { name, status: "skipped", type: "Inconclusive", message: blank, text: "" };
}

function failedCase(name: string, first: FailureResult, failures: readonly FailureResult[], ending: Ending): Case {
  const { kind, known, message, fingerprint } = first;
  const more = failures.length > 1 ? ` (and ${String(failures.length - 1)} more distinct)` : "";
  const finding = ending.results.findings.find((entry) => entry.fingerprint === fingerprint);
  return {
    name,
    status: known ? "known" : "failed",
    type: kind,
    message: `${known ? `known finding ${finding?.name ?? fingerprint}: ` : ""}${message}${more}`,
    // Only some formats ask, and it is long.
    get text() {
      return failures.map((failure) => evidence(failure, ending)).join("\n\n");
    },
  };
}

/** Width and length of a counterexample in a file. */
const WIDTH = 120;
const ROWS_MAX = 80;

const asPrinted = (report: FailureReport): string => anatomy(report, WIDTH, undefined, ROWS_MAX).join("\n");

/** The failure as it was printed, with its cause; what was told of another scenario, or is known, is named and can be replayed. */
function evidence(failure: FailureResult, { failures, results }: Ending): string {
  const report = failures.find(({ fingerprint }) => fingerprint === failure.fingerprint);
  const cause = causeOf(results.causes, failure.fingerprint);
  const because = cause === undefined ? [] : [`  ${causeText(cause)}`];
  if (report?.scenario === failure.scenario) return [asPrinted(report), ...because].join("\n");
  return [
    `${failure.kind}  ${failure.property}  in ${failure.scenario}`,
    `  ${failure.message}`,
    ...(report === undefined ? [] : ["", `  Its interleaving is told with scenario ${report.scenario}.`]),
    "",
    `  replay     npx interlock replay ${failure.token}`,
    `  found by   ${count(failure.runs, "run")} failed so`,
    `  finding    ${failure.fingerprint}`,
    ...because,
  ].join("\n");
}

const NOT_REACHED = "not reached by any run";

/** Why a *sometimes* property is not known to be reachable; null when it was reached. */
function openQuestion({ name, kind }: PropertyResult, scenario: ScenarioResult, results: Results): string | null {
  if (kind !== "sometimes" || scenario.runs === 0) return null;
  if (!results.complete) return "the check ended before its plan";
  return scenario.unreached.includes(name) || results.unreached.includes(name) ? NOT_REACHED : null;
}

/** Why nothing at all can be said of a scenario; null when something can. */
function untold({ runs, inconclusiveRuns }: ScenarioResult): string | null {
  if (runs === 0) return "not run";
  return inconclusiveRuns === runs ? "every run hit a bound" : null;
}

/** Did all runs come back, and end by themselves? */
function boundCase({ name: scenario, runs, inconclusiveRuns }: ScenarioResult, { results, strict }: Ending): Case {
  const name = "Bound";
  const lost = results.lost.filter((one) => one.scenario === scenario);
  if (lost.length > 0) {
    const text = lost.map(({ strategy, seed, how, token }) =>
      `${how}  ${strategy}, seed ${String(seed)}\n  replay     npx interlock replay ${token}`).join("\n");
    return { name, status: "error", type: "Lost", message: `${count(lost.length, "run")} did not come back`, text };
  }
  if (runs > 0 && inconclusiveRuns === 0) return { name, ...PASSED };
  const message = runs === 0 ? "not run" : `${String(inconclusiveRuns)} of ${count(runs, "run")} hit a bound`;
  const status = runs > 0 && strict.inconclusive ? "failed" : "skipped";
  return { name, status, type: "Inconclusive", message, text: "" };
}

function regressionCase(regression: RegressionResult, { failures, strict }: Ending): Case {
  const { name, status, matched } = regression;
  if (status === "fixed") return { name, ...PASSED };
  if (status === "stale") {
    const message = `what made it fail is not reached any more${matched === null ? "" : `; ${matchedText(matched)}`}`;
    return { name, status: strict.stale ? "failed" : "skipped", type: "Stale", message, text: "" };
  }
  const report = reportOn(regression, failures);
  const message = status === "reproduced" ? "it still fails" : "it fails in another way than recorded, or hits a bound";
  return { name, status: "failed", type: "Regression", message, text: report === undefined ? "" : asPrinted(report) };
}

function findingCase({ name, status }: FindingResult, strict: Strict): Case {
  switch (status) {
    case "known":
      return { name, ...PASSED };
    case "stale":
      return { name, status: strict.stale ? "failed" : "skipped", type: "Stale", message: "it no longer reproduces", text: "" };
    case "gone":
      return { name, status: "skipped", type: "Gone", message: "it does not reproduce under this variant", text: "" };
    case "not-tried":
      return { name, status: "skipped", type: "NotTried", message: "its scenario was not run", text: "" };
  }
}
