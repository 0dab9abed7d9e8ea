/** Reports: results, failures and stories as text. Knows no kernel. */
export { anatomy, type FailureReport, type RunSize } from "./anatomy.ts";
export { githubReporter, type GithubSeat, type Place } from "./github.ts";
export { interleaving } from "./interleaving.ts";
export { chart } from "./chart.ts";
export { csv } from "./csv.ts";
export { consoleReporter } from "./console.ts";
export { htmlReporter, type HtmlSeat } from "./html/reporter.ts";
export { markOf, notesOf } from "./html/notes.ts";
export { pageHtml, type PageCode, type PageHead } from "./html/page.ts";
export type { PageCase, PageData, PageRun, SourceRange } from "./html/page-data.ts";
export { jsonReporter, resultsJson } from "./json.ts";
export { junitReporter } from "./junit.ts";
export { strategyText } from "./opening.ts";
export { chromeTrace } from "./formats/chrome-trace.ts";
export { ctrfOfRun, ctrfReporter } from "./formats/ctrf.ts";
export { mermaid } from "./formats/mermaid.ts";
export { mermaidReporter, traceReporter } from "./formats/run-reporters.ts";
export { sarif, sarifReporter } from "./formats/sarif.ts";
export type { Ending, Fault, Look, Opening, Output, Reporter, Strict, Told } from "./reporter.ts";
export { coverageLines } from "./coverage-table.ts";
export {
  protocolCoverageJson,
  type BranchRow,
  type CoverageTotals,
  type Empty,
  type EmptyBranch,
  type EmptyErrno,
  type EmptyOrder,
  type ErrnoRow,
  type OperationRow,
  type OrderRow,
  type ProtocolCoverageFile,
  type ScenarioCoverageRow,
} from "./protocol-coverage.ts";
export type {
  CauseResult,
  ClassesResult,
  FailureResult,
  FindingResult,
  LostResult,
  MatchedResult,
  PlanRow,
  PropertyResult,
  RegressionResult,
  Results,
  RowClassesResult,
  ScenarioResult,
  Totals,
  Verdict,
} from "./results.ts";
export { NO_PLACE, type EventPlace, type RunEvents } from "./run-events.ts";
export type { Story, StoryRow } from "./story.ts";
export { columns, matchedText, summaryLine } from "./summary.ts";
export { tapReporter } from "./tap.ts";
export { PLAIN_PAINT, count, type Paint } from "./text.ts";
