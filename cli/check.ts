/** `check`: reproduces the known failures, runs the plan, and says what came of it. */
import { join } from "node:path";
import type { MemoryModel } from "../sim/index.ts";
import type { Opening } from "../reports/index.ts";
import { drawSeed, matching } from "./arguments.ts";
import { runCampaign } from "./campaign.ts";
import { commandOf } from "./command-text.ts";
import { conclude, type ConcludeOptions } from "./conclude.ts";
import { NO_BAIL, campaignCoverage } from "./coverage.ts";
import { crewFor, type Crew, type CrewOptions } from "./crew.ts";
import { UsageError } from "./errors.ts";
import type { Exit } from "./exit-codes.ts";
import { loadFindings, type Finding } from "./findings.ts";
import { failuresOf, type Tally } from "./fold.ts";
import { Keeping, type KeepingOptions } from "./keeping.ts";
import type { Io } from "./io.ts";
import { Known } from "./known.ts";
import type { EngineLoader, Loaded } from "./load-engine.ts";
import { Looking } from "./looking.ts";
import { runLengths } from "./lengths.ts";
import { lostLine, lostResult } from "./lost.ts";
import { PART_FILE, partText } from "./part.ts";
import { LONG_TIMES, makePlan, wantsLengths, type Plan, type PlanRequest } from "./plan.ts";
import { Progress } from "./progress.ts";
import { Reporting, type ReportingOptions } from "./reporters.ts";
import { reproduce } from "./reproduce.ts";
import { parseStrategy } from "./strategies.ts";
import { unknownName } from "./suggest.ts";
import { RowClasses } from "./row-classes.ts";
import { strictOf } from "./verdicts.ts";

/** The options, checked for their form. */
export interface CheckOptions extends ConcludeOptions, CrewOptions, KeepingOptions, Omit<ReportingOptions, "strict" | "writes"> {
  readonly scenario: string | null;
  readonly strategy: string | null;
  readonly seed: number | null;
  readonly runs: number | null;
  /** The plan with more runs. */
  readonly long: boolean;
  readonly bail: boolean;
  /** Count happens-before classes. */
  readonly classes: boolean;
  /** End a row of the plan where a new class is so unlikely; null: with the plan. */
  readonly untilRisk: number | null;
  readonly variant: string | null;
  readonly memory: MemoryModel;
  /** The stock scenarios too, where a project has its own. */
  readonly stock: boolean;
}

const NO_SHARDED_BAIL = "--bail and --shard do not go together: a shard does not know where the others would stop";

const NO_COVERED_RISK = "--coverage and --until-risk do not go together: make the rows again that --until-risk prints, with --coverage";

const distinctFailures = (tallies: readonly Tally[]): number =>
  tallies.reduce((sum, { failures }) => sum + failures.size, 0);

/** Runs the command; returns the exit code. */
export async function check(io: Io, load: EngineLoader, options: CheckOptions): Promise<Exit> {
  if (options.coverage !== null && options.bail) throw new UsageError(NO_BAIL);
  if (options.shard !== null && options.bail) throw new UsageError(NO_SHARDED_BAIL);
  if (options.coverage !== null && options.untilRisk !== null) throw new UsageError(NO_COVERED_RISK);
  const loaded = await load(io, options.variant);
  const request = requestOf(loaded, options);
  const crew = await crewFor(loaded, options);
  try {
    return await checkWith(io, load, loaded, crew, request, options);
  } finally {
    await crew.close();
  }
}

async function checkWith(io: Io, load: EngineLoader, loaded: Loaded, crew: Crew, request: Request, options: CheckOptions): Promise<Exit> {
  const findings = loadFindings(join(io.root, "findings"));
  const plan = await planOf(io, crew, request);
  const keeping = await Keeping.open(io, { ...options, wholeRows: options.untilRisk !== null });
  const reporting = await Reporting.open(io, { ...options, strict: strictOf(options), writes: options.coverage !== null || options.shard !== null }, new Looking(io, loaded));
  await reporting.begin(openingOf(io, plan, loaded, options));

  const started = new Date();
  const heard: ("SIGINT" | "SIGTERM")[] = [];
  const brake = new AbortController();
  const stopListening = io.onSignal((signal) => {
    heard.push(signal);
    brake.abort();
  });
  const stopped = (): boolean => heard.length > 0;
  const soFar = new Known(loaded.engine, findings);
  const command = commandOf(options, plan.seed);
  const kept = await keeping.begin({ load, loaded, crew, plan, reporting, known: soFar.fingerprints, stopped, command });
  const scenarios = [...new Set(plan.rows.map((row) => row.scenario))];
  const reproduced = await reproduce(loaded, findings, scenarios, stopped);
  const progress = new Progress(io.stderr, plan.rows.reduce((sum, row) => sum + row.runs, 0), io.env);
  const classes = options.classes || options.untilRisk !== null ? new RowClasses(plan, options.untilRisk) : null;
  const campaign = await runCampaign(crew, plan, {
    property: options.property,
    shard: options.shard,
    coverage: options.coverage !== null,
    classes,
    endsAt: options.bail ? (fingerprint) => keeping.isNew(fingerprint) : null,
    signal: brake.signal,
    onBatch: (batch) => {
      soFar.meetBatch(batch);
      keeping.batch(batch);
    },
    onTick: (done, workers) => {
      keeping.progress(done, workers);
    },
    onProgress: (runs, row, tallies) => progress.update(runs, row.scenario, distinctFailures(tallies)),
    onLost: (lost, why, again) => {
      progress.done();
      io.stderr.write(`interlock: ${lostLine(loaded, lost, options.property, why, again)}\n`);
    },
  });
  progress.done();
  stopListening();

  const interrupted = heard[0] ?? null;
  const counted = {
    loaded,
    plan,
    property: options.property,
    shard: options.shard,
    campaign,
    lost: campaign.lost.toSorted((a, b) => a.at - b.at).map((lost) => lostResult(loaded, lost, options.property)),
    findings: reproduced,
    regressions: kept.regressions,
    known: knownOf(loaded, findings, campaign.tallies),
    classes,
    covered: options.coverage === null ? null : campaignCoverage(io, plan, loaded, campaign),
    interrupted,
    fault: kept.fault ?? campaign.fault,
    timing: { started: started.toISOString(), seconds: (Date.now() - started.getTime()) / 1000 },
  };
  if (options.shard !== null) reporting.write(PART_FILE, partText(counted, campaign, options.shard, io.version));
  const exit = await conclude(counted, { io, keeping, reporting, signal: () => heard[0] ?? null }, options);
  keeping.end(interrupted ?? (campaign.complete ? "complete" : "ended early"));
  return exit;
}

/** What is known of the failures that are shown: whichever run came in first. */
function knownOf({ engine }: Loaded, findings: readonly Finding[], tallies: readonly Tally[]): ReadonlySet<string> {
  const known = new Known(engine, findings);
  for (const seen of tallies.flatMap(failuresOf)) known.meet(seen);
  return known.fingerprints;
}

/** A plan but for what has to be measured. */
type Request = Omit<PlanRequest, "lengthOf">;

function requestOf({ engine }: Loaded, { scenario, property, strategy, seed, runs, long, memory, stock }: CheckOptions): Request {
  if (long && runs !== null) throw new UsageError("--long and --runs do not go together: each says how many runs are made");
  const names = engine.scenarios.map(({ name }) => name);
  const properties = engine.properties.map(({ name }) => name);
  if (property !== null && !properties.includes(property)) throw unknownName("property", property, properties);
  return {
    seed: seed ?? drawSeed(),
    scenarios: scenario === null ? (stock ? names : engine.usual) : matching("scenario", scenario, names),
    strategy: strategy === null ? null : parseStrategy(strategy),
    runs,
    times: long ? LONG_TIMES : 1,
    memory,
  };
}

async function planOf(io: Io, crew: Crew, request: Request): Promise<Plan> {
  const lengths = wantsLengths(request) ? await runLengths(io, crew, request) : new Map<string, number>();
  return makePlan({ ...request, lengthOf: (name) => lengths.get(name) ?? 0 });
}

function openingOf(io: Io, plan: Plan, { variant }: Loaded, { property }: CheckOptions): Opening {
  return { version: io.version, seed: plan.seed, plan: plan.rows, variant, property };
}

