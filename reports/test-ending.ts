/** Endings for the tests of reporters: what a check may come to, and what nobody would call his scenario. */
import fc from "fast-check";
import type { Failure } from "../sim/index.ts";
import type { FailureReport } from "./anatomy.ts";
import type { Ending } from "./reporter.ts";
import type { CauseResult, FailureResult, Results, ScenarioResult } from "./results.ts";
import type { StoryRow } from "./story.ts";

const row = (column: number, depth: number, kind: StoryRow["kind"], text: string): StoryRow =>
  ({ column, depth, kind, text });

/** A broken promise, told. */
export function reportOf(scenario = "two-senders", change: Partial<FailureReport> = {}, failure: Partial<Failure> = {}): FailureReport {
  return {
    failure: { kind: "Violation", id: "no-lost-start", message: "A packet waits and nobody starts.", facts: [["ifsq_len", "1"]], ...failure },
    scenario,
    site: { step: 19, now: 48_210, context: "netisr 0" },
    story: {
      columns: ["cpu 0", "cpu 1"],
      rows: [
        row(0, 0, "context", "[netisr 0]"),
        row(0, 0, "call", "ifq_dispatch"),
        row(0, 1, "op", "enter ifsq_lock"),
        row(0, 1, "switch", "switch (preempted at exit ifsq_lock)"),
        row(1, 0, "context", "[send 1]"),
        row(1, 0, "call", "ifsq_devstart"),
        row(0, 1, "call", "ifsq_ifstart_try"),
        row(0, 2, "failure", "<- no-lost-start"),
      ],
    },
    token: `ilk1:${scenario}`,
    fingerprint: "c07306262df53c34",
    found: { steps: 131, switches: 9, strategy: "pct:d=3,k=0", seed: 4, runs: 12 },
    shrunk: { steps: 19, switches: 2, also: [] },
    kept: null,
    ...change,
  };
}

/** What results say of a failure. */
export function resultOf({ failure, scenario, token, fingerprint }: FailureReport, known = false): FailureResult {
  const { id, kind, message } = failure;
  return { property: id, kind, message, token, scenario, steps: 131, switches: 9, known, fingerprint, runs: 12 };
}

/** What results say of its cause, which shows in other ways too. */
export function causeResult({ failure, scenario, fingerprint }: FailureReport, others: readonly FailureReport[] = []): CauseResult {
  const { id, kind } = failure;
  const also = others.map((other) => ({ fingerprint: other.fingerprint, scenario: other.scenario, runs: 1000 }));
  return {
    class: "00112233445566aa",
    kind,
    property: id,
    sentence: `passes if ${id} comes later`,
    runs: 12 + 1000 * others.length,
    fingerprints: [{ fingerprint, scenario, runs: 12 }, ...also],
  };
}

/** A scenario's result. */
export const scenarioOf = (name: string, change: Partial<ScenarioResult> = {}): ScenarioResult => ({
  name,
  runs: 80,
  steps: 4000,
  switches: 300,
  distinctSchedules: 77,
  verdict: "passed",
  failures: [],
  inconclusiveRuns: 0,
  standstills: [],
  unreached: [],
  ...change,
});

/** The results of a check of these scenarios under three properties. */
export function resultsOf(scenarios: readonly ScenarioResult[], change: Partial<Results> = {}): Results {
  const failures = scenarios.flatMap((scenario) => scenario.failures);
  return {
    schema: 1,
    version: "0.0.0",
    seed: 7,
    plan: [],
    variant: null,
    properties: [
      { name: "no-lost-start", kind: "eventually", promise: "Nobody waits for ever.", scenarios: [] },
      { name: "queue-limit", kind: "always", promise: "A queue has a limit.", scenarios: [] },
      { name: "ring-fills", kind: "sometimes", promise: "The ring fills.", scenarios: ["two-senders"] },
    ],
    complete: true,
    shard: null,
    scenarios,
    causes: [],
    findings: [],
    lost: [],
    regressions: [],
    coverage: null,
    classes: null,
    unreached: [],
    interrupted: null,
    totals: {
      scenarios: scenarios.length,
      runs: scenarios.reduce((sum, { runs }) => sum + runs, 0),
      steps: 4000,
      switches: 300,
      distinctSchedules: 77,
      failures: failures.filter(({ known }) => !known).length,
      known: failures.filter(({ known }) => known).length,
      stale: 0,
      staleRegressions: 0,
      regressions: 0,
      inconclusiveRuns: 0,
      verdict: failures.length > 0 ? "failed" : "passed",
    },
    timing: { started: "2026-01-02T03:04:05.000Z", seconds: 1.5, runsPerSecond: 53 },
    ...change,
  };
}

/** An ending without a fault; by default nothing but failures counts. */
export const endingOf = (results: Results, change: Partial<Ending> = {}): Ending =>
  ({ results, failures: [], fault: null, strict: { stale: false, inconclusive: false }, ...change });

/** One scenario that failed in the way of `report`, one that passed. */
export function failedEnding(report = reportOf()): Ending {
  const failed = scenarioOf(report.scenario, { verdict: "failed", failures: [resultOf(report)] });
  return endingOf(resultsOf([failed, scenarioOf("one-sender")], { causes: [causeResult(report)] }), { failures: [report] });
}

const PIECES = [
  "]]>", "<!--", "-->", "<![CDATA[", "&amp;", "&", "<", ">", "\"", "'", "%", ":", ",", "::error::", "#", "\\", "---", "...", "```", "|",
  "\n", "\r", "\r\n", "\t", " ", "", "\u0000", "\u001b[31m", "\u0085", "\u2028", "\ufeff", "\ufffe", "\ud800", "\udfff", "😀", "ok 1", "1..3", " # todo ",
];

/** Text that is markup somewhere, or is no text at all. */
const hostile = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { maxLength: 6 }).map((pieces) => pieces.join("")),
  fc.string({ unit: "binary", maxLength: 12 }),
);

/** A failed check in which every name and message is hostile. */
export const hostileEnding = fc.record({ scenario: hostile, id: hostile, message: hostile, fact: hostile, told: hostile })
  .map(({ scenario, id, message, fact, told }) => failedEnding(reportOf(
    scenario,
    { token: `ilk1:${told}`, story: { columns: [told], rows: [row(0, 0, "op", told), row(0, 0, "call", fact)] } },
    { id, message, facts: [[fact, told], [told, fact]] },
  )));
