/** The job summary of GitHub Actions, in Markdown. GitHub shows nothing of one that is too large, so it is cut to fit. */
import { anatomy, type FailureReport } from "./anatomy.ts";
import { suitesOf, type Suite } from "./cases.ts";
import { causeText, mostTelling } from "./classes.ts";
import { faultOf, type Ending } from "./reporter.ts";
import type { CauseResult, FindingResult, RegressionResult } from "./results.ts";
import { summaryLine, verdictCells } from "./summary.ts";
import { count, oneLine, printable } from "./text.ts";

/** The summary; what does not fit into `room` bytes is left out and counted. */
export function jobSummary(ending: Ending, room: number): string {
  const { results, failures, fault } = ending;
  const blocks = [
    `## Interlock: ${fault === null ? results.totals.verdict : faultOf(fault)}`,
    inline(summaryLine(results, fault)),
    ...suitesOf(ending).flatMap(errorsOf),
    tableOf(ending),
    ...findingsBlock(results.findings),
    ...regressionsBlock(results.regressions),
    ...causesBlock(results.causes),
    ...(failures.length === 0 ? [] : [`### ${count(failures.length, "failure")}`]),
    ...mostTelling(ending).map(failureBlock),
  ];
  return fitted(blocks, room);
}

/** What went wrong with Interlock itself. */
const errorsOf = ({ name, cases }: Suite): readonly string[] =>
  cases.filter(({ status }) => status === "error").map((one) => `**${inline(`${name}: ${one.name}`)}** ${inline(one.message)}`);

function tableOf({ results }: Ending): string {
  const rows = results.scenarios.map((scenario) => {
    const [verdict, remark] = verdictCells(scenario);
    return [scenario.name, String(scenario.runs), String(scenario.distinctSchedules), String(scenario.steps), verdict, remark];
  });
  return [
    "| scenario | runs | distinct schedules | steps | verdict | |",
    "|---|--:|--:|--:|---|---|",
    ...rows.map((cells) => `| ${cells.map(inline).join(" | ")} |`),
  ].join("\n");
}

function findingsBlock(findings: readonly FindingResult[]): readonly string[] {
  if (findings.length === 0) return [];
  const having = (wanted: FindingResult["status"]): readonly FindingResult[] =>
    findings.filter(({ status }) => status === wanted);
  const stale = having("stale").map(({ name }) => name);
  const line = `Findings: ${String(having("known").length)} known, ${String(stale.length)} stale, `
    + `${String(having("gone").length)} gone under this variant, ${String(having("not-tried").length)} not tried.`;
  return [stale.length === 0 ? line : `${line} Stale: ${inline(stale.join(", "))}.`];
}

function regressionsBlock(regressions: readonly RegressionResult[]): readonly string[] {
  const tried = regressions.filter(({ status }) => status !== "not-tried");
  if (tried.length === 0) return [];
  const open = tried.filter(({ status }) => status !== "fixed").map(({ name, status }) => `${name} (${status})`);
  const line = `Regressions: ${String(tried.length - open.length)} fixed, ${String(open.length)} open.`;
  return [open.length === 0 ? line : `${line} Open: ${inline(open.join(", "))}.`];
}

const causesBlock = (causes: readonly CauseResult[]): readonly string[] =>
  causes.length === 0 ? [] : [`### ${count(causes.length, "cause")}`, causes.map((cause) => `* ${inline(causeText(cause))}${shownBy(cause)}`).join("\n")];

const shownBy = ({ fingerprints }: CauseResult): string =>
  fingerprints.length === 1 ? "" : `; it shows in ${String(fingerprints.length)} ways`;

/** Width and length of a counterexample in the summary. */
const WIDTH = 120;
const ROWS_MAX = 80;

function failureBlock(report: FailureReport): string {
  const { failure, scenario, token } = report;
  return [
    `**${inline(`${failure.kind} ${failure.id}`)}** in ${inline(scenario)}: ${inline(failure.message)}`,
    "",
    fenced([`npx interlock replay ${token}`], "sh"),
    "",
    "<details><summary>counterexample</summary>",
    "",
    fenced(anatomy(report, WIDTH, undefined, ROWS_MAX), "text"),
    "",
    "</details>",
  ].join("\n");
}

/** Text that stands for itself inside a paragraph or a cell. */
const inline = (text: string): string =>
  oneLine(text)
    .replaceAll(/[\\`*_[\]|~]/g, "\\$&")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");

/** Text that stands for itself in a block: the fence is longer than any in it. */
function fenced(lines: readonly string[], language: string): string {
  const text = printable(lines.join("\n"));
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

/** Room that is kept for saying that something is missing. */
const NOTE_BYTES = 100;

function fitted(blocks: readonly string[], room: number): string {
  const bytes = new TextEncoder();
  let left = room - NOTE_BYTES;
  const kept = blocks.filter((block) => {
    const size = bytes.encode(block).length + 2;
    if (size > left) return false;
    left -= size;
    return true;
  });
  const missing = blocks.length - kept.length;
  if (missing > 0 && room >= NOTE_BYTES) kept.push(`${String(missing)} parts do not fit: they are in the log.`);
  return kept.map((block) => `${block}\n\n`).join("");
}
