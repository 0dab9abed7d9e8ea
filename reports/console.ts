/** The reporter for people: plan, failures as documents, and a table at the end. */
import { anatomy } from "./anatomy.ts";
import { openingLines } from "./opening.ts";
import { faultLine, type Ending, type Reporter } from "./reporter.ts";
import { causeLines, findingLines, lostLines, regressionLines, scenarioTable } from "./summary.ts";
import { PLAIN_PAINT, type Paint } from "./text.ts";

/** Rows of a story in a list of failures; a replay shows more. */
const LISTED_ROWS_MAX = 80;

/** Lines for a terminal of a width, or for a log. The summary line is left to whoever prints last. */
export const consoleReporter = (width: number, paint: Paint = PLAIN_PAINT): Reporter => ({
  begin: (opening) => ({ print: [...openingLines(opening), ""] }),
  failure: (report) => ({ print: [...anatomy(report, width, paint, LISTED_ROWS_MAX), ""] }),
  end: (ending) => ({ print: [...closingLines(ending, paint), ""] }),
});

function closingLines({ results, fault }: Ending, paint: Paint): readonly string[] {
  const causes = causeLines(results.causes);
  const regressions = regressionLines(results.regressions);
  const findings = findingLines(results.findings);
  return [
    ...scenarioTable(results.scenarios, paint),
    ...(causes.length > 0 ? ["", ...causes] : []),
    ...(regressions.length > 0 ? ["", ...regressions] : []),
    ...(findings.length > 0 ? ["", ...findings] : []),
    ...(results.lost.length > 0 ? ["", ...lostLines(results.lost)] : []),
    ...(results.unreached.length > 0 ? ["", `not reached by any run: ${results.unreached.join(", ")}`] : []),
    ...(fault === null ? [] : ["", faultLine(fault), ...fault.details]),
  ];
}
