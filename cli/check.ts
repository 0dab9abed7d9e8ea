/** `check`: reproduces the known failures, runs the plan, and says what came of it. */
import { join } from "node:path";
import type { Property } from "../properties/index.ts";
import type { Opening, PropertyResult, ProtocolCoverageFile, Results } from "../reports/index.ts";
import { drawSeed, matching } from "./arguments.ts";
import { runCampaign, type Campaign } from "./campaign.ts";
import { NO_BAIL, campaignCoverage, showCoverage, type CoverageShown } from "./coverage.ts";
import { crewFor, type CrewOptions } from "./crew.ts";
import { EngineFault, UsageError } from "./errors.ts";
import { exitOfSignal, worstOf, type Exit } from "./exit-codes.ts";
import { loadFindings } from "./findings.ts";
import { failuresOf, type Tally } from "./fold.ts";
import { commandOf } from "./command-text.ts";
import { Keeping, type KeepingOptions } from "./keeping.ts";
import type { Io } from "./io.ts";
import type { EngineLoader, Loaded } from "./load-engine.ts";
import { makePlan, type Plan } from "./plan.ts";
import { Progress } from "./progress.ts";
import { Reporting, type ReportingOptions } from "./reporters.ts";
import { reproduce } from "./reproduce.ts";
import { budgetFor } from "./shrinking.ts";
import { parseStrategy } from "./strategies.ts";
import { unknownName } from "./suggest.ts";
import { lostLine, lostResult } from "./lost.ts";
import { shardText } from "./units.ts";
import { exitOf, scenarioResults, strictOf, totalsOf, unreachedBy, type Judging, type Strictness } from "./verdicts.ts";

/** The options, checked for their form. */
export interface CheckOptions extends Strictness, CrewOptions, KeepingOptions, Omit<ReportingOptions, "strict" | "writes"> {
  readonly scenario: string | null;
  readonly strategy: string | null;
  readonly seed: number | null;
  readonly runs: number | null;
  readonly bail: boolean;
  readonly variant: string | null;
  /** Collect protocol coverage; how much of it is printed. */
  readonly coverage: CoverageShown | null;
}

/** Runs the command; returns the exit code. */
export async function check(io: Io, load: EngineLoader, options: CheckOptions): Promise<Exit> {
  if (options.coverage !== null && options.bail) throw new UsageError(NO_BAIL);
  const loaded = await load(io, options.variant);
  const plan = planOf(loaded, options);
  const findings = loadFindings(join(io.root, "findings"));
  const keeping = await Keeping.open(io, options);
  const reporting = await Reporting.open(io, { ...options, strict: strictOf(options), writes: options.coverage !== null });
  await reporting.begin(openingOf(io, plan, loaded, options));

  const started = new Date();
  const heard: ("SIGINT" | "SIGTERM")[] = [];
  const brake = new AbortController();
  const stopListening = io.onSignal((signal) => {
    heard.push(signal);
    brake.abort();
  });
  const stopped = (): boolean => heard.length > 0;
  const known = new Set(findings.map(({ fingerprint }) => fingerprint));
  const command = commandOf(options, plan.seed);
  const kept = await keeping.begin({ load, loaded, plan, reporting, known, stopped, command });
  const scenarios = [...new Set(plan.rows.map((row) => row.scenario))];
  const reproduced = await reproduce(loaded, findings, scenarios, stopped);
  const progress = new Progress(io.stderr, plan.rows.reduce((sum, row) => sum + row.runs, 0));
  const crew = await crewFor(loaded, options);
  const campaign = await runCampaign(crew, plan, {
    property: options.property,
    shard: options.shard,
    coverage: options.coverage !== null,
    endsAt: options.bail ? (fingerprint) => keeping.isNew(fingerprint) : null,
    signal: brake.signal,
    onBatch: (batch) => {
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
  await crew.close();
  progress.done();
  stopListening();

  const signal = heard[0] ?? null;
  const judging: Judging = { known, sometimes: armedSometimes(loaded, options.property) };
  const covered = options.coverage === null ? null : campaignCoverage(io, plan, loaded, campaign);
  const results = resultsOf(plan, loaded, options, campaign, reproduced, kept.regressions, judging, covered, signal, started, io.version);
  const faults = [kept.fault, campaign.fault, await showFailures(reporting, keeping, campaign, stopped)];
  const fault = faults.find((each) => each !== null) ?? null;
  if (covered !== null) showCoverage(io, reporting, covered, options.coverage);
  const ofReporters = await reporting.end(results, fault);
  keeping.end(signal ?? (campaign.complete ? "complete" : "ended early"));
  stopListening();
  if (heard[0] !== undefined) return exitOfSignal(heard[0]);
  return worstOf([exitOf(results, options, fault?.exit ?? null), ...(ofReporters === null ? [] : [ofReporters])]);
}

function planOf({ engine }: Loaded, { scenario, property, strategy, seed, runs }: CheckOptions): Plan {
  const names = engine.scenarios.map(({ name }) => name);
  const properties = engine.properties.map(({ name }) => name);
  if (property !== null && !properties.includes(property)) throw unknownName("property", property, properties);
  return makePlan({
    seed: seed ?? drawSeed(),
    scenarios: scenario === null ? names : matching("scenario", scenario, names),
    strategy: strategy === null ? null : parseStrategy(strategy),
    runs,
    lengthOf: (name) => engine.runLength(name),
  });
}

function openingOf(io: Io, plan: Plan, { variant }: Loaded, { property }: CheckOptions): Opening {
  return { version: io.version, seed: plan.seed, plan: plan.rows, variant, property };
}

/** The properties that are armed, or only the one. */
const armed = ({ engine }: Loaded, only: string | null): readonly Property[] =>
  engine.properties.filter(({ name }) => only === null || name === only);

function armedSometimes(loaded: Loaded, only: string | null): Judging["sometimes"] {
  return armed(loaded, only).filter((property) => property.kind === "sometimes");
}

const asResult = (property: Property): PropertyResult => {
  const { name, kind, promise } = property;
  return { name, kind, promise, scenarios: property.kind === "sometimes" ? property.scenarios : [] };
};

const distinctFailures = (tallies: readonly Tally[]): number =>
  tallies.reduce((sum, { failures }) => sum + failures.size, 0);

function resultsOf(
  plan: Plan,
  loaded: Loaded,
  { property, shard }: CheckOptions,
  campaign: Campaign,
  findings: Results["findings"],
  regressions: Results["regressions"],
  judging: Judging,
  covered: ProtocolCoverageFile | null,
  interrupted: Results["interrupted"],
  started: Date,
  version: string,
): Results {
  const scenarios = scenarioResults(campaign, judging);
  const unreached = unreachedBy(campaign, judging, loaded.engine.scenarios);
  const seconds = (Date.now() - started.getTime()) / 1000;
  const totals = totalsOf(scenarios, findings, regressions, unreached);
  const runsPerSecond = seconds > 0 ? Math.round(totals.runs / seconds) : 0;
  return {
    schema: 1,
    version,
    seed: plan.seed,
    plan: plan.rows,
    variant: loaded.variant,
    shard: shard === null ? null : shardText(shard),
    properties: armed(loaded, property).map(asResult),
    complete: campaign.complete,
    scenarios,
    findings,
    regressions,
    lost: campaign.lost.toSorted((a, b) => a.at - b.at).map((lost) => lostResult(loaded, lost, property)),
    unreached,
    coverage: covered?.totals ?? null,
    interrupted,
    totals,
    timing: { started: started.toISOString(), seconds, runsPerSecond },
  };
}

/** Tells of every distinct new failure once; the fault if the engine contradicts itself while doing so. */
async function showFailures(
  reporting: Reporting,
  keeping: Keeping,
  campaign: Campaign,
  stopped: () => boolean,
): Promise<EngineFault | null> {
  const all = campaign.tallies.flatMap(failuresOf);
  const distinct = new Map(all.toReversed().map((seen) => [seen.fingerprint, seen]));
  const news = all.filter((seen) => distinct.get(seen.fingerprint) === seen && keeping.isNew(seen.fingerprint));
  let fault: EngineFault | null = null;
  for (const seen of news) {
    const report = keeping.report(seen, stopped() ? 0 : budgetFor(news.length));
    if (report instanceof EngineFault) fault ??= report;
    else await reporting.failure(report);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return fault;
}
