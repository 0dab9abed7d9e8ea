/** New failures, grouped by their causes: a thousand failing seeds of one bug are one line with a count. */
import type { CauseResult, FailureReport } from "../reports/index.ts";
import type { Confirmed } from "./confirm.ts";
import { failuresOf, type Tally } from "./fold.ts";

/** A failure that was confirmed. */
export interface Explained {
  readonly report: Pick<FailureReport, "failure" | "fingerprint" | "scenario">;
  readonly why: Confirmed["why"];
}

interface Group {
  readonly members: Explained[];
  readonly classes: Set<string>;
}

/**
 * The causes of these failures, in their order: two are of one when they share a class, or when others come between that share
 * one with each. What findings/ lists is not among them, so that nothing new can be hidden behind it.
 */
export function causesOf(explained: readonly Explained[], tallies: readonly Tally[]): readonly CauseResult[] {
  const groups: Group[] = [];
  for (const each of explained) {
    const { classes } = each.why;
    const [first, ...others] = groups.filter((group) => classes.some((one) => group.classes.has(one)));
    const group = first ?? { members: [], classes: new Set() };
    if (first === undefined) groups.push(group);
    for (const other of others) {
      group.members.push(...other.members);
      for (const one of other.classes) group.classes.add(one);
      groups.splice(groups.indexOf(other), 1);
    }
    group.members.push(each);
    for (const one of classes) group.classes.add(one);
  }
  const runs = runsOf(tallies);
  const order = new Map(explained.map((each, at) => [each, at]));
  return groups.map(({ members }) => causeOf(members.toSorted((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0)), runs));
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
