/** Failures in the order in which they tell most. */
import type { FailureReport } from "./anatomy.ts";
import type { Ending } from "./reporter.ts";
import type { RegressionResult } from "./results.ts";

/** New failures, then regressions; of each the first of every kind and id, then the second ones, and so on. */
export function mostTelling({ failures, results }: Ending): readonly FailureReport[] {
  const old = new Set(results.regressions.map((regression) => reportOn(regression, failures)));
  return [
    ...classesFirst(failures.filter((report) => !old.has(report))),
    ...classesFirst(failures.filter((report) => old.has(report))),
  ];
}

/** Ten races do not hide a broken promise. */
function classesFirst(reports: readonly FailureReport[]): readonly FailureReport[] {
  const seen = new Map<string, number>();
  const ranked = reports.map((report, at) => {
    const key = `${report.failure.kind} ${report.failure.id}`;
    const rank = seen.get(key) ?? 0;
    seen.set(key, rank + 1);
    return { report, rank, at };
  });
  return ranked.sort((a, b) => a.rank - b.rank || a.at - b.at).map(({ report }) => report);
}

/** What was told of a regression; undefined for one that was told elsewhere, or passes. */
export const reportOn = ({ name, status }: RegressionResult, failures: readonly FailureReport[]): FailureReport | undefined =>
  status !== "reproduced" && status !== "changed"
    ? undefined
    : failures.find(({ kept }) => kept?.split(",")[0]?.endsWith(`/${name}.json`) === true);
