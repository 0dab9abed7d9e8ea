/** Failures by their causes, and in the order in which they tell most. */
import type { FailureReport } from "./anatomy.ts";
import type { Ending } from "./reporter.ts";
import type { CauseResult, RegressionResult } from "./results.ts";
import { count, oneLine } from "./text.ts";

/** The cause of a new failure; undefined for what is none. */
export const causeOf = (causes: readonly CauseResult[], fingerprint: string): CauseResult | undefined =>
  causes.find(({ fingerprints }) => fingerprints.some((one) => one.fingerprint === fingerprint));

/** `class 55a7dc384d211511, 1024 runs of Violation no-lost-start: passes if …`. */
export const causeText = ({ class: name, kind, property, runs, sentence }: CauseResult): string =>
  oneLine(`class ${name}, ${count(runs, "run")} of ${kind} ${property}: ${sentence}`);

/**
 * New failures, one of each cause before the second of any, then regressions; among these the first of every kind and id, then
 * the second ones, and so on.
 */
export function mostTelling({ failures, results }: Ending): readonly FailureReport[] {
  const old = new Set(results.regressions.map((regression) => reportOn(regression, failures)));
  const also = new Set(results.causes.flatMap(({ fingerprints }) => fingerprints.slice(1).map(({ fingerprint }) => fingerprint)));
  const news = failures.filter((report) => !old.has(report));
  return [
    ...promisesFirst(news.filter(({ fingerprint }) => !also.has(fingerprint))),
    ...promisesFirst(news.filter(({ fingerprint }) => also.has(fingerprint))),
    ...promisesFirst(failures.filter((report) => old.has(report))),
  ];
}

/** Ten races do not hide a broken promise. */
function promisesFirst(reports: readonly FailureReport[]): readonly FailureReport[] {
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
