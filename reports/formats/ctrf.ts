/**
 * Common Test Report Format, which many dashboards read: the cases of {@link suitesOf}, and for those that failed the token and
 * the events that the failure is about. https://ctrf.io
 */
import { suitesOf, type Case, type CaseStatus } from "../cases.ts";
import type { Ending, Reporter } from "../reporter.ts";
import { eventId } from "../run-events.ts";
import { printable } from "../text.ts";
import type { ShownRun } from "./shown-run.ts";
import { shownRun } from "./shown-run.ts";

const STATUS: Readonly<Record<CaseStatus, "passed" | "failed" | "skipped" | "other">> =
  { passed: "passed", failed: "failed", known: "other", skipped: "skipped", error: "failed" };

type Test = Readonly<Record<string, unknown>> & { readonly status: string };

/** Writes `ctrf-report.json`. */
export function ctrfReporter(): Reporter {
  const runs: ShownRun[] = [];
  return {
    async failure(report, look) {
      runs.push(shownRun(report, await look.events()));
      return undefined;
    },
    end: (ending) => ({ files: { "ctrf-report.json": ctrfOf(ending, runs) } }),
  };
}

function ctrfOf(ending: Ending, runs: readonly ShownRun[]): string {
  const { results } = ending;
  const start = Date.parse(results.timing.started);
  const suites = suitesOf(ending);
  const tests = suites.flatMap(({ name: suite, cases }) => cases.map((one) =>
    testOf(one, suite, runs.filter(({ scenario, failure }) => scenario === suite && (failure?.id === one.name || failure?.kind === one.name)))));
  const { seed, variant } = results;
  return ctrf(tests, {
    version: results.version,
    start: Number.isNaN(start) ? 0 : start,
    milliseconds: Math.round(1000 * results.timing.seconds),
    extra: { seed, variant, runs: results.totals.runs },
  });
}

/** One replayed run as a report of a single test. */
export function ctrfOfRun(run: ShownRun, version: string): string {
  const { failure, scenario } = run;
  const one: Case = failure === null
    ? { name: scenario, status: "passed", type: "", message: "", text: "" }
    : { name: failure.id, status: "failed", type: failure.kind, message: failure.message, text: "" };
  return ctrf([testOf(one, scenario, failure === null ? [] : [run])], { version, start: 0, milliseconds: 0, extra: { token: run.token } });
}

interface About {
  readonly version: string;
  /** Milliseconds since 1970; 0: not known. */
  readonly start: number;
  readonly milliseconds: number;
  readonly extra: Readonly<Record<string, unknown>>;
}

function ctrf(tests: readonly Test[], { version, start, milliseconds, extra }: About): string {
  const count = (status: string): number => tests.filter((test) => test.status === status).length;
  const summary = {
    tests: tests.length,
    passed: count("passed"),
    failed: count("failed"),
    skipped: count("skipped"),
    pending: 0,
    other: count("other"),
    start,
    stop: start + milliseconds,
    duration: milliseconds,
  };
  const results = { tool: { name: "interlock", ...(version === "" ? {} : { version }) }, summary, tests, extra };
  return `${JSON.stringify({ reportFormat: "CTRF", specVersion: "0.0.0", generatedBy: "interlock", results }, null, 1)}\n`;
}

/** Single cases have no time of their own: runs are shared by all of a scenario. */
function testOf({ name, status, type, message, text }: Case, suite: string, runs: readonly ShownRun[]): Test {
  const shown = (words: string): string => (printable(words).trim() === "" ? "-" : printable(words));
  const failures = runs.map(({ token, fingerprint, events }) => ({ token, fingerprint, evidence: events.evidence.map(eventId) }));
  return {
    name: shown(name),
    status: STATUS[status],
    rawStatus: status,
    duration: 0,
    suite: [shown(suite)],
    ...(message === "" ? {} : { message: printable(message) }),
    ...(text === "" ? {} : { trace: printable(text) }),
    ...(type === "" ? {} : { tags: [type] }),
    ...(failures.length === 0 ? {} : { extra: { failures } }),
  };
}
