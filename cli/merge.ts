/** `merge`: the shards of a plan, each run somewhere, become what one check of the plan would have been. */
import { join, resolve } from "node:path";
import type { LostResult, Opening } from "../reports/index.ts";
import { conclude, type ConcludeOptions } from "./conclude.ts";
import { mergedCoverage } from "./coverage-merge.ts";
import { ownThread } from "./crew.ts";
import { UsageError, quote } from "./errors.ts";
import type { Exit } from "./exit-codes.ts";
import { loadFindings } from "./findings.ts";
import type { Io } from "./io.ts";
import { failuresOf } from "./fold.ts";
import { Known } from "./known.ts";
import { Keeping, type KeepingOptions } from "./keeping.ts";
import type { EngineLoader } from "./load-engine.ts";
import { Looking } from "./looking.ts";
import { readPart } from "./part-schema.ts";
import { PART_FILE, faultOf, mergedTally, type Part } from "./part.ts";
import type { Plan } from "./plan.ts";
import { Reporting, type ReportingOptions } from "./reporters.ts";
import { RowClasses } from "./row-classes.ts";
import { shardText } from "./units.ts";
import { strictOf } from "./verdicts.ts";

/** The options, checked for their form. */
export interface MergeOptions extends ConcludeOptions, Pick<KeepingOptions, "regressions">,
  Omit<ReportingOptions, "strict" | "writes"> {}

/** Runs the command; returns the exit code. */
export async function merge(io: Io, load: EngineLoader, folders: readonly string[], options: MergeOptions): Promise<Exit> {
  const paths = folders.map((folder) => resolve(io.cwd, folder));
  const parts = paths.map(readPart);
  const first = parts[0] as Part; // the command line wants one at least
  refuseStrangers(parts, folders);
  const { seed, plan: rows, variant, property } = first;
  const loaded = await load(io, variant);
  if (loaded.code !== first.code) {
    throw new UsageError(`${quote(join(folders[0] ?? "", PART_FILE))} was made by other code than this: merge with what made it`);
  }
  const plan = { seed, rows };
  const keeping = await Keeping.open(io, { ...options, property, shard: null });
  const reporting = await Reporting.open(io, { ...options, strict: strictOf(options) }, new Looking(io, loaded));
  const opening: Opening = { version: io.version, seed, plan: rows, variant, property };
  await reporting.begin(opening);

  const heard: ("SIGINT" | "SIGTERM")[] = [];
  const stopListening = io.onSignal((signal) => heard.push(signal));
  const listed = new Known(loaded.engine, loadFindings(join(io.root, "findings")));
  const known = listed.fingerprints;
  const regressions = agreed(parts.map((part) => part.regressions));
  keeping.join({ load, loaded, crew: ownThread(loaded), plan, reporting, known, stopped: () => heard.length > 0, command: "" }, regressions);
  const tallies = await Promise.all(first.scenarios.map(({ name }, i) =>
    mergedTally(name, parts.map(({ scenarios }) => scenarios[i]).filter((part) => part !== undefined))));
  for (const seen of tallies.flatMap(failuresOf)) listed.meet(seen);
  const exit = await conclude({
    loaded,
    plan,
    property,
    shard: null,
    campaign: { tallies, complete: parts.every(({ complete }) => complete) },
    lost: parts.flatMap(({ lost }) => lost).sort((a, b) => a.at - b.at).map(lostOf),
    findings: agreed(parts.map((part) => part.findings)),
    regressions,
    known,
    classes: mergedClasses(plan, parts),
    covered: mergedCoverage(paths, first.scenarios.map(({ name }) => name)),
    interrupted: parts.find(({ interrupted }) => interrupted !== null)?.interrupted ?? null,
    fault: faultOf(parts),
    timing: {
      started: parts.map(({ timing }) => timing.started).sort()[0] ?? "",
      seconds: parts.reduce((sum, { timing }) => sum + timing.seconds, 0),
    },
  }, { io, keeping, reporting, signal: () => heard[0] ?? null }, options);
  stopListening();
  return exit;
}

/** What all shards have counted; null when they did not. */
function mergedClasses(plan: Plan, parts: readonly Part[]): RowClasses | null {
  const counted = parts.flatMap(({ classes }) => (classes === null ? [] : [classes]));
  const [first] = counted;
  if (first === undefined) return null;
  const classes = new RowClasses(plan, first.untilRisk);
  for (const { rows } of counted) classes.join(rows);
  return classes;
}

const lostOf = ({ scenario, strategy, seed, how, token }: LostResult): LostResult => ({ scenario, strategy, seed, how, token });

/** Every shard of one plan, once each. */
function refuseStrangers(parts: readonly Part[], folders: readonly string[]): void {
  const first = parts[0] as Part; // one at least
  const planOf = ({ version, code, variant, property, seed, plan, shard, scenarios, classes }: Part): string =>
    JSON.stringify([version, code, variant, property, seed, plan, shard.of, scenarios.map(({ name }) => name), classes?.untilRisk ?? (classes === null)]);
  const stranger = parts.findIndex((part) => planOf(part) !== planOf(first));
  if (stranger >= 0) {
    const [one, other] = [folders[0] ?? "", folders[stranger] ?? ""].map(quote);
    throw new UsageError(`${String(one)} and ${String(other)} are no shards of one plan: version, code, variant, property, seed, runs, --classes, --until-risk or number of shards differ`);
  }
  const had = new Set<number>();
  for (const [i, { shard }] of parts.entries()) {
    if (had.has(shard.index)) throw new UsageError(`shard ${shardText(shard)} is there twice: ${quote(folders[i] ?? "")} is the second`);
    had.add(shard.index);
  }
  const { of } = first.shard;
  const missing = Array.from({ length: of }, (_, i) => i + 1).filter((index) => !had.has(index));
  if (missing.length === 0) return;
  const names = missing.slice(0, 10).map((index) => shardText({ index, of })).join(", ");
  throw new UsageError(`shards are missing: ${names}${missing.length > 10 ? ", ..." : ""}; give the folder of each`);
}

/** What shards say of the same things; one that was interrupted has not tried them all. */
function agreed<T extends { readonly status: string }>(lists: readonly (readonly T[])[]): readonly T[] {
  const [first = []] = lists;
  return first.map((entry, i) => lists.map((list) => list[i] ?? entry).find(({ status }) => status !== "not-tried") ?? entry);
}
