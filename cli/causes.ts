/** New failures, grouped by their causes: a thousand failing seeds of one bug are one line with a count. */
import type { CauseResult, FailureReport } from "../reports/index.ts";
import type { Confirmed } from "./confirm.ts";
import { failuresOf, type Tally } from "./fold.ts";

/** A failure that was confirmed. */
export interface Explained {
  readonly report: Pick<FailureReport, "failure" | "fingerprint" | "scenario">;
  readonly why: Confirmed["why"];
}

/** Failures by their places among all, ascending, and the classes of any of them. */
interface Group {
  readonly members: readonly number[];
  readonly classes: ReadonlySet<string>;
}

/**
 * These failures by their causes, in their order: two are of one when they share a class, or when others come between that share
 * one with each. What findings/ lists is not among them, so that nothing new can be hidden behind it.
 */
export function groupedByCause(explained: readonly Explained[], tallies: readonly Tally[]): readonly CauseResult[] {
  let groups: readonly Group[] = [];
  explained.forEach(({ why: { classes } }, at) => {
    const isSame = (group: Group): boolean => classes.some((one) => group.classes.has(one));
    const same = groups.filter(isSame);
    groups = [
      ...groups.filter((group) => !isSame(group)),
      { members: [...same.flatMap(({ members }) => members), at].sort((a, b) => a - b), classes: new Set([...same.flatMap((group) => [...group.classes]), ...classes]) },
    ];
  });
  const runs = runsOf(tallies);
  return groups
    .toSorted((a, b) => (a.members[0] as number) - (b.members[0] as number)) // groups are of one at least
    .map(({ members }) => causeOf(members.map((at) => explained[at] as Explained), runs));
}

function causeOf(members: readonly Explained[], runs: ReadonlyMap<string, number>): CauseResult {
  const [{ report: { failure }, why }] = members as [Explained, ...Explained[]]; // groups are of one at least
  const fingerprints = members.map(({ report: { fingerprint, scenario } }) => ({ fingerprint, scenario, runs: runs.get(fingerprint) ?? 0 }));
  return {
    class: why.classes[0] ?? "",
    kind: failure.kind,
    property: failure.id,
    sentence: why.sentence,
    // A run ends with its failure; of its races each is of a cause of its own.
    runs: fingerprints.reduce((sum, each) => sum + each.runs, 0),
    fingerprints,
  };
}

/** How many runs of all scenarios failed so. */
function runsOf(tallies: readonly Tally[]): ReadonlyMap<string, number> {
  const runs = new Map<string, number>();
  for (const seen of tallies.flatMap(failuresOf)) runs.set(seen.fingerprint, (runs.get(seen.fingerprint) ?? 0) + seen.runs);
  return runs;
}
