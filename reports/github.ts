/**
 * GitHub Actions: annotations by workflow command, and a job summary. GitHub shows ten annotations of a step, so the
 * ten that tell most come first.
 */
import type { FailureReport } from "./anatomy.ts";
import { suitesOf, type Case } from "./cases.ts";
import { causeOf, causeText, mostTelling } from "./classes.ts";
import { jobSummary } from "./job-summary.ts";
import type { Ending, Reporter } from "./reporter.ts";
import type { CauseResult } from "./results.ts";
import { count, printable } from "./text.ts";

/** A line of a source file; the path as GitHub knows it, relative to the repository. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** What the reporter must be told about the world. */
export interface GithubSeat {
  /** Where the first of these routines that is known is written, else where the scenario is; null: unknown. */
  readonly placeOf: (routines: readonly string[], scenario: string) => Place | null;
  /** Bytes the job summary may still grow by. */
  readonly room: number;
}

/** Annotates and summarises. */
export const githubReporter = (seat: GithubSeat): Reporter => ({
  end: (ending) => ({ print: annotations(ending, seat), summary: jobSummary(ending, seat.room) }),
});

const ANNOTATIONS_MAX = 10;

/** One workflow command for each class of failure, the worst first, and a plain line if there are more than ten. */
function annotations(ending: Ending, seat: GithubSeat): readonly string[] {
  const suites = suitesOf(ending);
  const told = (level: "error" | "warning", wanted: (one: Case) => boolean): readonly string[] =>
    suites.flatMap(({ name, cases }) =>
      cases.filter(wanted).map((one) => command(level, null, `${name}: ${one.name}`, one.message)));
  const all = [
    ...told("error", ({ status }) => status === "error"),
    ...mostTelling(ending).map((report) => annotation(report, ending.results.causes, seat)),
    ...told("error", ({ status, text }) => status === "failed" && text === ""),
    ...told("warning", ({ status, type }) => status === "skipped" && type === "Stale"),
  ];
  const more = all.length - ANNOTATIONS_MAX;
  return more <= 0 ? all : [...all.slice(0, ANNOTATIONS_MAX), `${count(more, "more annotation")} left out: see the job summary`];
}

function annotation(report: FailureReport, causes: readonly CauseResult[], { placeOf }: GithubSeat): string {
  const { failure, scenario, token } = report;
  const cause = causeOf(causes, report.fingerprint);
  const lines = [
    failure.message,
    ...failure.facts.map(([label, value]) => `${label}: ${value}`),
    ...(cause === undefined ? [] : [causeText(cause)]),
    `replay: npx interlock replay ${token}`,
  ];
  return command("error", placeOf(routinesOf(report), scenario), `${failure.kind} ${failure.id} in ${scenario}`, lines.join("\n"));
}

/** Routines that ran where the failure was noticed, innermost first; none at quiescence. */
function routinesOf({ site, story }: FailureReport): readonly string[] {
  const rows = story?.rows ?? [];
  const last = rows.at(-1);
  if (last === undefined || (site !== null && site.context === null)) return [];
  const routines: string[] = [];
  let depth = last.kind === "call" ? last.depth + 1 : last.depth;
  for (const row of rows.toReversed()) {
    if (row.column !== last.column || row.kind !== "call" || row.depth >= depth) continue;
    routines.push(row.text);
    depth = row.depth;
  }
  return routines;
}

/** A workflow command. Its syntax has no quotes: what would end a property or the line is percent-encoded. */
function command(level: "error" | "warning", place: Place | null, title: string, message: string): string {
  const properties: readonly (readonly [string, string])[] = [
    ...(place === null ? [] : [["file", place.file], ["line", String(place.line)]] as const),
    ["title", title],
  ];
  const list = properties.map(([name, value]) => `${name}=${escapedProperty(value)}`).join(",");
  return `::${level} ${list}::${escapedData(message)}`;
}

const escapedData = (text: string): string =>
  printable(text).replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");

const escapedProperty = (text: string): string =>
  escapedData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
