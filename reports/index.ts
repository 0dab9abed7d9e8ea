/** Reports: results, failures and stories as text. Knows no kernel. */
export { anatomy, type FailureReport } from "./anatomy.ts";
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
export { PLAIN_PAINT, count, type Paint } from "./text.ts";
