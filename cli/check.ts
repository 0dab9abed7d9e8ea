/** `check`: reproduces the known failures, runs the plan, and says what came of it. */
import { join, resolve } from "node:path";
import {
  anatomy,
  findingLines,
  resultsJson,
  scenarioTable,
  summaryLine,
  type Results,
} from "../reports/index.ts";
import { drawSeed, matching } from "./arguments.ts";
import { runCampaign, type Campaign, type Seen, type Tally } from "./campaign.ts";
import { reportSeen } from "./confirm.ts";
import { EngineFault, debugLines } from "./errors.ts";
import { exitOfSignal, type Exit } from "./exit-codes.ts";
import { prepareFolder, writeWhole } from "./files.ts";
import { loadFindings } from "./findings.ts";
import { paintOf, say, widthOf, type Io } from "./io.ts";
import type { EngineLoader, Loaded } from "./load-engine.ts";
import { makePlan, planLines, type Plan } from "./plan.ts";
import { Progress } from "./progress.ts";
import { reproduce } from "./reproduce.ts";
import { budgetFor } from "./shrinking.ts";
import { parseStrategy } from "./strategies.ts";
import { unknownName } from "./suggest.ts";
import { writeToken } from "./tokens.ts";
import { exitOf, scenarioResults, totalsOf, unreachedBy, type Judging, type Strictness } from "./verdicts.ts";

/** The options, checked for their form. */
export interface CheckOptions extends Strictness {
  readonly scenario: string | null;
  readonly property: string | null;
  readonly strategy: string | null;
  readonly seed: number | null;
  readonly runs: number | null;
  readonly bail: boolean;
  readonly variant: string | null;
  readonly reporters: readonly ("console" | "json")[];
  /** Null: the usual folder, made only if something is written. */
  readonly out: string | null;
  readonly json: boolean;
}

/** Rows of a story in a list of failures; a replay shows more. */
const ROWS_MAX = 80;
const USUAL_OUT = "interlock-out";

/** Runs the command; returns the exit code. */
export async function check(io: Io, load: EngineLoader, options: CheckOptions): Promise<Exit> {
  const loaded = await load(io, options.variant);
  const plan = planOf(loaded, options);
  const findings = loadFindings(join(io.root, "findings"));
  const out = outFolder(io, options);
  const human = options.json ? io.stderr : io.stdout;
  const tell = (lines: readonly string[]): void => say({ ...io, stdout: human }, lines);
  tell(opening(plan, loaded, options));

  const started = new Date();
  const heard: ("SIGINT" | "SIGTERM")[] = [];
  const stopListening = io.onSignal((signal) => heard.push(signal));
  const stopped = (): boolean => heard.length > 0;
  const scenarios = [...new Set(plan.rows.map((row) => row.scenario))];
  const reproduced = await reproduce(loaded, findings, scenarios, stopped);
  const known = new Set(findings.map(({ fingerprint }) => fingerprint));
  const progress = new Progress(io.stderr, plan.rows.reduce((sum, row) => sum + row.runs, 0));
  const campaign = await runCampaign(loaded.engine, plan, {
    property: options.property,
    endsAt: (fingerprint) => options.bail && !known.has(fingerprint),
    stopped,
    onProgress: (runs, row, tallies) => progress.update(runs, row.scenario, distinctFailures(tallies)),
  });
  progress.done();
  stopListening();

  const tokenOf = (seen: Seen): string => writeToken({ ...seen.what, ...loaded, fingerprint: seen.fingerprint });
  const signal = heard[0] ?? null;
  const judging: Judging = { known, tokenOf, sometimes: armedSometimes(loaded, options.property) };
  const results = resultsOf(plan, loaded, campaign, reproduced, judging, signal, started, io.version);
  const fault = campaign.fault ?? await showFailures(io, tell, loaded, campaign, judging, stopped);
  tell(closing(io, options, results, fault));
  if (out !== null && options.reporters.includes("json")) {
    tell([`written to ${writeWhole(out, "results.json", resultsJson(results))}`]);
  }
  if (options.json) io.stdout.write(resultsJson(results));
  tell([summaryLine(results)]);
  stopListening();
  return heard[0] === undefined ? exitOf(results, options, fault?.exit ?? null) : exitOfSignal(heard[0]);
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
  });
}

/** A folder that something will be written to, proven writable before the first step. */
function outFolder(io: Io, { out, reporters }: CheckOptions): string | null {
  if (out === null && !reporters.includes("json")) return null;
  const folder = resolve(io.cwd, out ?? USUAL_OUT);
  prepareFolder(folder);
  return folder;
}

function opening(plan: Plan, { variant }: Loaded, { property }: CheckOptions): readonly string[] {
  const total = plan.rows.reduce((sum, row) => sum + row.runs, 0);
  const only = property === null ? "" : `, only ${property}`;
  return [
    `seed ${String(plan.seed)}${variant === null ? "" : `, variant ${variant}`}${only}`,
    `plan ${String(total)} runs: strategy, runs, first seed`,
    ...planLines(plan),
    "",
  ];
}

const distinctFailures = (tallies: readonly Tally[]): number =>
  tallies.reduce((sum, { failures }) => sum + failures.size, 0);

function armedSometimes({ engine }: Loaded, only: string | null): Judging["sometimes"] {
  return engine.properties
    .filter((property) => property.kind === "sometimes")
    .filter(({ name }) => only === null || name === only);
}

function resultsOf(
  plan: Plan,
  { engine, variant }: Loaded,
  campaign: Campaign,
  findings: Results["findings"],
  judging: Judging,
  interrupted: Results["interrupted"],
  started: Date,
  version: string,
): Results {
  const scenarios = scenarioResults(campaign, judging);
  const unreached = unreachedBy(campaign, judging, engine.scenarios);
  const seconds = (Date.now() - started.getTime()) / 1000;
  const totals = totalsOf(scenarios, findings, unreached);
  const runsPerSecond = seconds > 0 ? Math.round(totals.runs / seconds) : 0;
  return {
    schema: 1,
    version,
    seed: plan.seed,
    plan: plan.rows,
    variant,
    scenarios,
    findings,
    unreached,
    interrupted,
    totals,
    timing: { started: started.toISOString(), seconds, runsPerSecond },
  };
}

/** Prints every distinct new failure once; the fault if the engine contradicts itself while doing so. */
async function showFailures(
  io: Io,
  tell: (lines: readonly string[]) => void,
  loaded: Loaded,
  campaign: Campaign,
  { known }: Judging,
  stopped: () => boolean,
): Promise<EngineFault | null> {
  const all = campaign.tallies.flatMap(({ failures }) => [...failures.values()]);
  const distinct = new Map(all.toReversed().map((seen) => [seen.fingerprint, seen]));
  const news = all.filter((seen) => distinct.get(seen.fingerprint) === seen && !known.has(seen.fingerprint));
  for (const seen of news) {
    const report = reportSeen(loaded, seen, stopped() ? 0 : budgetFor(news.length));
    if (report instanceof EngineFault) return report;
    tell([...anatomy(report, widthOf(io.stdout), paintOf(io.stdout), ROWS_MAX), ""]);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return null;
}

function closing(
  io: Io,
  { json }: CheckOptions,
  results: Results,
  fault: EngineFault | null,
): readonly string[] {
  const paint = paintOf(json ? io.stderr : io.stdout);
  const findings = findingLines(results.findings);
  return [
    ...scenarioTable(results.scenarios, paint),
    ...(findings.length > 0 ? ["", ...findings] : []),
    ...(results.unreached.length > 0 ? ["", `not reached by any run: ${results.unreached.join(", ")}`] : []),
    ...(fault === null ? [] : ["", `fault of Interlock, not of the kernel: ${fault.message}`, ...debugLines(fault)]),
    "",
  ];
}
