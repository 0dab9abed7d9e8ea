/**
 * Adds up the batches of a plan, in plan order, or the parts of its shards. What it comes to is a function of
 * the plan: it does not depend on who ran which run.
 */
import { NO_COVERAGE, mergeCoverage, type ProtocolCoverage } from "../protocol/index.ts";
import type { StandstillKind } from "../sim/index.ts";
import type { Batch, Look, Sighting, Shown } from "./batch.ts";
import { Distinct } from "./distinct.ts";
import { keysOf, signatureOf } from "./lens.ts";

/** A distinct failure, with the shortest run that showed it: the one a reader gets the most out of. */
export interface Seen extends Shown {
  readonly fingerprint: string;
  /** Number in the plan of the run that is shown, and of the first that failed so. */
  readonly at: number;
  readonly first: number;
  /** How many runs failed so. */
  readonly runs: number;
}

/** What is counted for a scenario. */
export interface Tally {
  readonly name: string;
  runs: number;
  steps: number;
  switches: number;
  inconclusiveRuns: number;
  /** Why runs were inconclusive: how many of each. */
  readonly standstills: Map<StandstillKind, number>;
  readonly distinct: Distinct;
  readonly reached: Set<string>;
  /** Protocol coverage, of nothing unless it is collected. */
  coverage: ProtocolCoverage;
  /** Failures by fingerprint; those of {@link looks} and {@link unlooked} apart. */
  readonly failures: Map<string, Seen>;
  /** Runs with a race that showed for the first time, or whose turn it was as well. */
  readonly looks: Look[];
  /** What each key was at its first look. */
  readonly firsts: Map<string, readonly string[]>;
  /** Runs with the same races, not looked at. */
  readonly unlooked: Map<string, number>;
}

/** A scenario of which nothing has run. */
export const emptyTally = (name: string): Tally => ({
  name,
  runs: 0,
  steps: 0,
  switches: 0,
  inconclusiveRuns: 0,
  standstills: new Map(),
  distinct: new Distinct(),
  reached: new Set(),
  coverage: NO_COVERAGE,
  failures: new Map(),
  looks: [],
  firsts: new Map(),
  unlooked: new Map(),
});

/** Adds the next batch of the plan; returns the fingerprints of the failures that its runs count for. */
export function addBatch(tally: Tally, batch: Batch): readonly string[] {
  tally.runs += batch.runs;
  tally.steps += batch.steps;
  tally.switches += batch.switches;
  tally.inconclusiveRuns += batch.inconclusiveRuns;
  addStandstills(tally, batch.standstills);
  for (const hash of batch.hashes) tally.distinct.add(hash);
  for (const name of batch.reached) tally.reached.add(name);
  tally.coverage = mergeCoverage(tally.coverage, batch.coverage);
  for (const [signature, runs] of batch.unlooked) addUnlooked(tally, signature, runs);
  for (const sighting of batch.sightings) addSighting(tally.failures, sighting);
  const counted = batch.looks.filter((look) => addLook(tally, look));
  return [...batch.sightings, ...counted.flatMap(({ sightings }) => sightings)].map(({ fingerprint }) => fingerprint);
}

/** Adds a look, in plan order; false when it was nobody's turn and its races had all been seen: then it is none. */
export function addLook(tally: Tally, look: Look): boolean {
  const fresh = look.keys.filter(([key]) => !tally.firsts.has(key));
  if (fresh.length === 0 && !look.due) {
    addUnlooked(tally, signatureOf(look.keys.map(([key]) => key)), 1);
    return false;
  }
  tally.looks.push(look);
  for (const [key, fingerprint] of fresh) {
    tally.firsts.set(key, [...new Set([...(tally.firsts.get(key) ?? []), fingerprint])]);
  }
  return true;
}

/** Adds runs that stood still. */
export function addStandstills({ standstills }: Tally, more: Batch["standstills"]): void {
  for (const [why, runs] of more) standstills.set(why, (standstills.get(why) ?? 0) + runs);
}

export function addUnlooked(tally: Tally, signature: string, runs: number): void {
  tally.unlooked.set(signature, (tally.unlooked.get(signature) ?? 0) + runs);
}

function addSighting(failures: Map<string, Seen>, { fingerprint, at, shown }: Sighting): void {
  const before = failures.get(fingerprint);
  if (before !== undefined) {
    addSeen(failures, { ...(shown ?? before), fingerprint, at: shown === null ? before.at : at, first: at, runs: 1 });
  } else if (shown !== null) {
    failures.set(fingerprint, { ...shown, fingerprint, at, first: at, runs: 1 });
  }
}

/** Adds a failure to those of its kind: of the runs the shortest is shown, the earlier of equals. */
export function addSeen(failures: Map<string, Seen>, seen: Seen): void {
  const before = failures.get(seen.fingerprint);
  if (before === undefined) {
    failures.set(seen.fingerprint, seen);
    return;
  }
  const shorter = seen.run.steps - before.run.steps || seen.at - before.at;
  const runs = before.runs + seen.runs;
  failures.set(seen.fingerprint, { ...(shorter < 0 ? seen : before), first: Math.min(before.first, seen.first), runs });
}

/** All failures of a scenario, in the order in which the plan first shows them. */
export function failuresOf(tally: Tally): readonly Seen[] {
  const failures = new Map(tally.failures);
  for (const { sightings } of tally.looks) for (const sighting of sightings) addSighting(failures, sighting);
  for (const [signature, runs] of tally.unlooked) {
    const fingerprints = new Set(keysOf(signature).flatMap((key) => tally.firsts.get(key) ?? []));
    for (const fingerprint of fingerprints) {
      const seen = failures.get(fingerprint);
      if (seen !== undefined) failures.set(fingerprint, { ...seen, runs: seen.runs + runs });
    }
  }
  return [...failures.values()].sort((a, b) => a.first - b.first || (a.fingerprint < b.fingerprint ? -1 : 1));
}
