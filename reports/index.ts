/** Reports: results, failures and stories as text. Knows no kernel. */
export { anatomy, type FailureReport, type RunSize } from "./anatomy.ts";
export { interleaving } from "./interleaving.ts";
export { resultsJson } from "./json.ts";
export type {
  FailureResult,
  FindingResult,
  PlanRow,
  Results,
  ScenarioResult,
  Totals,
  Verdict,
} from "./results.ts";
export type { Story, StoryRow } from "./story.ts";
export { columns, findingLines, scenarioTable, summaryLine } from "./summary.ts";
export { PLAIN_PAINT, count, wrap, type Paint } from "./text.ts";
