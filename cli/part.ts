/**
 * `part.json`: what a shard of a plan came to, complete enough that all shards together are as one check. Everything
 * in it but `timing` is a function of seed, plan and shard.
 */
import type { FindingResult, LostResult, PlanRow, RegressionResult, Results } from "../reports/index.ts";
import type { Batch, Look, Shown } from "./batch.ts";
import type { Campaign, LostRun } from "./campaign.ts";
import type { Counted } from "./conclude.ts";
import { EngineFault } from "./errors.ts";
import type { Exit } from "./exit-codes.ts";
import { addLook, addSeen, addStandstills, addUnlooked, emptyTally, type Seen, type Tally } from "./fold.ts";
import type { RowAsText } from "./row-classes.ts";
import { readToken } from "./tokens.ts";
import type { Shard } from "./units.ts";

/** The name of the file in a shard's folder. */
export const PART_FILE = "part.json";

/** A shown run as text: the token says what was run. */
export type PartShown = Omit<Shown, "what">;

/** A scenario's counts. */
export interface PartScenario {
  readonly name: string;
  readonly runs: number;
  readonly steps: number;
  readonly switches: number;
  readonly inconclusiveRuns: number;
  readonly standstills: Batch["standstills"];
  /** 64-bit hashes of the distinct choice sequences, ascending, little-endian, base64. */
  readonly hashes: string;
  readonly reached: readonly string[];
  readonly failures: readonly (PartShown & Pick<Seen, "fingerprint" | "at" | "first" | "runs">)[];
  readonly looks: readonly (Omit<Look, "sightings"> & {
    readonly sightings: readonly (PartShown & { readonly fingerprint: string })[];
  })[];
  readonly unlooked: readonly (readonly [signature: string, runs: number])[];
}

/** The file. */
export interface Part {
  readonly format: 1;
  readonly version: string;
  readonly code: string;
  readonly variant: string | null;
  readonly property: string | null;
  readonly seed: number;
  readonly plan: readonly PlanRow[];
  readonly shard: Shard;
  readonly complete: boolean;
  readonly interrupted: Results["interrupted"];
  readonly fault: { readonly message: string; readonly exit: number } | null;
  readonly scenarios: readonly PartScenario[];
  /** Happens-before classes of the rows of the plan; null unless they were counted. */
  readonly classes: { readonly untilRisk: number | null; readonly rows: readonly RowAsText[] } | null;
  readonly findings: readonly FindingResult[];
  readonly regressions: readonly RegressionResult[];
  /** With the number of the run in the plan. */
  readonly lost: readonly (LostResult & Pick<LostRun, "at">)[];
  readonly timing: Pick<Results["timing"], "started" | "seconds">;
}

/** The text of the file. */
export function partText(counted: Counted, { lost }: Campaign, shard: Shard, version: string): string {
  const { loaded: { code, variant }, plan, property, campaign: { tallies, complete }, findings, regressions, interrupted, timing } = counted;
  const { fault } = counted;
  const numbers = lost.map(({ at }) => at).sort((a, b) => a - b);
  const part: Part = {
    format: 1,
    version,
    code,
    variant,
    property,
    seed: plan.seed,
    plan: plan.rows,
    shard,
    complete,
    interrupted,
    fault: fault === null ? null : { message: fault.message, exit: fault.exit },
    scenarios: tallies.map(partScenario),
    classes: counted.classes === null ? null : { untilRisk: counted.classes.untilRisk, rows: counted.classes.asText() },
    findings,
    regressions,
    lost: counted.lost.map((each, i) => ({ ...each, at: numbers[i] ?? 0 })),
    timing,
  };
  return `${JSON.stringify(part)}\n`;
}

/** The first fault of the parts, as it was. */
export function faultOf(parts: readonly Part[]): EngineFault | null {
  const fault = parts.find((part) => part.fault !== null)?.fault ?? null;
  return fault === null ? null : new EngineFault(fault.message, fault.exit as Exit);
}

/** A scenario's counts as data. */
export function partScenario(tally: Tally): PartScenario {
  const { name, runs, steps, switches, inconclusiveRuns } = tally;
  return {
    name,
    runs,
    steps,
    switches,
    inconclusiveRuns,
    standstills: [...tally.standstills].sort(([a], [b]) => (a < b ? -1 : 1)),
    hashes: Buffer.from(tally.distinct.sorted().buffer).toString("base64"),
    reached: [...tally.reached].sort(),
    failures: [...tally.failures.values()]
      .sort((a, b) => a.first - b.first || (a.fingerprint < b.fingerprint ? -1 : 1))
      .map((seen) => ({ ...shownOf(seen), fingerprint: seen.fingerprint, at: seen.at, first: seen.first, runs: seen.runs })),
    looks: tally.looks.map(({ at, due, keys, sightings }) => ({
      at,
      due,
      keys,
      sightings: sightings.map(({ fingerprint, shown }) => ({ ...shownOf(shown as Shown), fingerprint })), // looks show all
    })),
    unlooked: [...tally.unlooked].sort(([a], [b]) => (a < b ? -1 : 1)),
  };
}

const shownOf = ({ failure, run, strategy, seed, token }: Shown): PartShown => ({ failure, run, strategy, seed, token });

/** The counts of a scenario in all parts, added up. */
export async function mergedTally(name: string, parts: readonly PartScenario[]): Promise<Tally> {
  const tally = emptyTally(name);
  for (const part of parts) {
    tally.runs += part.runs;
    tally.steps += part.steps;
    tally.switches += part.switches;
    tally.inconclusiveRuns += part.inconclusiveRuns;
    addStandstills(tally, part.standstills);
    for (const hash of hashesOf(part.hashes)) tally.distinct.add(hash);
    for (const reached of part.reached) tally.reached.add(reached);
    for (const [signature, runs] of part.unlooked) addUnlooked(tally, signature, runs);
    for (const seen of part.failures) addSeen(tally.failures, { ...seen, what: await readToken(seen.token) });
  }
  const looks = parts.flatMap((part) => part.looks).sort((a, b) => a.at - b.at);
  for (const look of looks) {
    const sightings = await Promise.all(look.sightings.map(async (shown) => ({
      fingerprint: shown.fingerprint,
      at: look.at,
      shown: { ...shown, what: await readToken(shown.token) },
    })));
    addLook(tally, { ...look, sightings });
  }
  return tally;
}

function hashesOf(text: string): BigUint64Array {
  const bytes = Uint8Array.from(Buffer.from(text, "base64"));
  return new BigUint64Array(bytes.buffer, 0, Math.floor(bytes.length / 8));
}
