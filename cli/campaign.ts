/**
 * The run loop of a check. The runs are synchronous; between them the event loop gets its turn every few
 * milliseconds of work, so that signals are seen and progress is shown. What is run never depends on the clock.
 */
import type { Failure } from "../sim/index.ts";
import type { PlanRow } from "../reports/index.ts";
import { Distinct } from "./distinct.ts";
import type { Case, EngineSet, Job, JobRun } from "./engine-set.ts";
import { EngineFault, isEngineFault, messageOf } from "./errors.ts";
import { examineFailure } from "./examine.ts";
import { Exit, type Exit as ExitCode } from "./exit-codes.ts";
import type { Plan } from "./plan.ts";

/** A run that showed a failure. */
interface Sighting {
  failure: Failure;
  what: Case;
  run: JobRun;
  strategy: string;
  seed: number;
}

/** A distinct failure, with the shortest run that showed it: the one a reader gets the most out of. */
export interface Seen extends Sighting {
  readonly fingerprint: string;
  /** How many runs failed so, and the last of them: a run counts once. */
  runs: number;
  lastSeed: number;
}

/** What is counted for a scenario. */
export interface Tally {
  readonly name: string;
  runs: number;
  steps: number;
  switches: number;
  inconclusiveRuns: number;
  readonly distinct: Distinct;
  readonly failures: Map<string, Seen>;
  readonly reached: Set<string>;
  /** Races by what can be told of them without a replay. */
  readonly races: Map<string, RaceLook>;
}

/** How often a race was seen, and what it was when it was last looked at. */
interface RaceLook {
  seen: number;
  last: Seen;
}

/** What the loop needs besides the plan. */
export interface CampaignOptions {
  readonly property: string | null;
  /** Stop at the first failure for which this is true. */
  readonly endsAt: (fingerprint: string) => boolean;
  /** Asked between runs: true ends the campaign. */
  readonly stopped: () => boolean;
  readonly onProgress: (runs: number, row: PlanRow, tallies: readonly Tally[]) => void;
}

/** How a campaign went. */
export interface Campaign {
  readonly tallies: readonly Tally[];
  /** False when it was ended early. */
  readonly complete: boolean;
  readonly fault: EngineFault | null;
}

const SLICE_MS = 15;

/** Runs the plan in its order. */
export async function runCampaign(
  engine: EngineSet,
  plan: Plan,
  options: CampaignOptions,
): Promise<Campaign> {
  const tallies = makeTallies(plan);
  let runs = 0;
  let sliceEnds = performance.now() + SLICE_MS;
  try {
    for (const row of plan.rows) {
      const tally = tallies.get(row.scenario);
      if (tally === undefined || row.runs === 0) continue;
      const spec = { name: row.strategy, parameters: row.parameters };
      const job = engine.open(row.scenario, spec, options.property);
      for (let i = 0; i < row.runs; i++) {
        const run = runNext(job, row, row.firstSeed + i);
        if (run === null) break;
        runs++;
        if (count(engine, tally, row, row.firstSeed + i, run, options)) {
          return { tallies: [...tallies.values()], complete: false, fault: null };
        }
        if (performance.now() < sliceEnds) continue;
        options.onProgress(runs, row, [...tallies.values()]);
        await eventLoop();
        if (options.stopped()) return { tallies: [...tallies.values()], complete: false, fault: null };
        sliceEnds = performance.now() + SLICE_MS;
      }
    }
  } catch (error) {
    return { tallies: [...tallies.values()], complete: false, fault: asFault(error) };
  }
  return { tallies: [...tallies.values()], complete: true, fault: null };
}

function makeTallies(plan: Plan): Map<string, Tally> {
  const names = new Set(plan.rows.map(({ scenario }) => scenario));
  return new Map([...names].map((name) => [name, {
    name,
    runs: 0,
    steps: 0,
    switches: 0,
    inconclusiveRuns: 0,
    distinct: new Distinct(),
    failures: new Map(),
    reached: new Set(),
    races: new Map(),
  }]));
}

const eventLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function runNext(job: Job, row: PlanRow, seed: number): JobRun | null {
  try {
    return job.run(String(seed));
  } catch (error) {
    const where = `${row.scenario}, ${row.strategy}, seed ${String(seed)}`;
    throw new EngineFault(`internal error in ${where}: ${messageOf(error)}`, Exit.EngineFault, error);
  }
}

const asFault = (error: unknown): EngineFault =>
  isEngineFault(error)
    ? error
    : new EngineFault(`internal error: ${messageOf(error)}`, Exit.EngineFault, error);

/** Adds a run to its scenario; true when the campaign is to end here. */
function count(
  engine: EngineSet,
  tally: Tally,
  row: PlanRow,
  seed: number,
  run: JobRun,
  options: CampaignOptions,
): boolean {
  tally.runs++;
  tally.steps += run.steps;
  tally.switches += run.switches;
  tally.distinct.add(run.hash);
  for (const name of run.reached) tally.reached.add(name);
  if (run.outcome === "inconclusive") tally.inconclusiveRuns++;
  const failures = run.failure === null ? run.races : [...run.races, run.failure];
  let ends = false;
  for (const failure of failures) {
    const seen = failure.kind === "Race"
      ? seeRace(tally, failure, seed, () => see(engine, tally, row, seed, run, failure, options))
      : see(engine, tally, row, seed, run, failure, options);
    ends ||= options.endsAt(seen.fingerprint);
  }
  return ends;
}

function see(
  engine: EngineSet,
  tally: Tally,
  row: PlanRow,
  seed: number,
  run: JobRun,
  failure: Failure,
  options: CampaignOptions,
): Seen {
  refuseOurOwn(failure, row, seed);
  const { config, choices } = run;
  const what: Case = { scenario: row.scenario, config, choices, property: options.property };
  const evidence = failure === run.failure ? run.evidence : (failure.sites ?? []);
  const { fingerprint } = examineFailure(engine, what, run, failure, evidence);
  const before = tally.failures.get(fingerprint);
  const sighting: Sighting = { failure, what, run, strategy: row.strategy, seed };
  if (before !== undefined) {
    if (run.steps < before.run.steps) Object.assign(before, sighting);
    countRun(before, seed);
    return before;
  }
  const seen: Seen = { ...sighting, fingerprint, runs: 1, lastSeed: seed };
  tally.failures.set(fingerprint, seen);
  return seen;
}

function countRun(seen: Seen, seed: number): void {
  if (seen.lastSeed !== seed) seen.runs++;
  seen.lastSeed = seed;
}

/** Looks at the same word, contexts and kinds of access before most of them are taken for what they were. */
const LOOKS = 64;

/**
 * A race that is benign is in nearly every run, and where its accesses stand shows only on a replay. After the
 * first looks at the same accesses by the same contexts every so-manieth is looked at: by count, not by clock.
 */
function seeRace(tally: Tally, failure: Failure, seed: number, look: () => Seen): Seen {
  const key = JSON.stringify([failure.message, failure.facts]);
  const known = tally.races.get(key);
  if (known === undefined) {
    const last = look();
    tally.races.set(key, { seen: 1, last });
    return last;
  }
  known.seen++;
  if (known.seen <= LOOKS || known.seen % LOOKS === 0) known.last = look();
  else countRun(known.last, seed);
  return known.last;
}

/** `Misuse` and `Divergence` say nothing about the kernel: they end the check. */
function refuseOurOwn(failure: Failure, row: PlanRow, seed: number): void {
  const exits: Readonly<Record<string, ExitCode>> = {
    Misuse: Exit.EngineFault,
    Divergence: Exit.Nondeterminism,
  };
  const exit = exits[failure.kind];
  if (exit === undefined) return;
  const facts = failure.facts.map(([label, value]) => `; ${label}: ${value}`).join("");
  throw new EngineFault(
    `${failure.kind} ${failure.id} in ${row.scenario}, ${row.strategy}, seed ${String(seed)}: ${failure.message}${facts}`,
    exit,
  );
}
