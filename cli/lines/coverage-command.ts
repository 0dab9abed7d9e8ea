/** `coverage`: which lines and branches of the C the runs of a plan reach, and in which contexts. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { NO_HITS, addHits } from "../../protocol/index.ts";
import type { PlanRow } from "../../reports/index.ts";
import { drawSeed, matching } from "../arguments.ts";
import { loadCounting } from "../bundled-engine.ts";
import { WorkerLost, crewFor, type Crew, type CrewOptions } from "../crew.ts";
import { EngineFault, UsageError, messageOf, oneLine, quote } from "../errors.ts";
import { Exit, exitOfSignal } from "../exit-codes.ts";
import { prepareFolder, readInput, writeWhole } from "../files.ts";
import { say, type Io } from "../io.ts";
import { runLengths } from "../lengths.ts";
import { makePlan, wantsLengths, type Plan } from "../plan.ts";
import { Progress } from "../progress.ts";
import { parseStrategy } from "../strategies.ts";
import { unitsOf, type Shard, type Unit } from "../units.ts";
import type { UnitLines } from "./count-unit.ts";
import { countedSources } from "./counted-sources.ts";
import { functionLines, loadFunctions, totalsOf } from "./functions.ts";
import { writeReports, type Sources } from "./istanbul.ts";
import { addLines, linesSchema, placesOf, samePlaces, withHits, type Lines } from "./places.ts";
import { readSeed } from "./seed-text.ts";
import { functionTable } from "./table.ts";

/** The options, checked for their form. */
export interface CoverageOptions extends CrewOptions {
  readonly scenario: string | null;
  readonly strategy: string | null;
  readonly seed: number | null;
  readonly runs: number | null;
  readonly shard: Shard | null;
  /** Folders of others to add up; null: run. */
  readonly merge: readonly string[] | null;
  readonly sources: string | null;
  readonly out: string;
  readonly json: boolean;
}

/** The file in `--out` that is merged. */
const LINES_FILE = "lines.json";

/** Runs the command; returns the exit code. */
export async function coverage(io: Io, options: CoverageOptions): Promise<Exit> {
  const functions = loadFunctions(io.root);
  const seeds = [...new Set(functions.map(({ seed }) => seed))];
  const { sources: given } = options;
  const sources: Sources = given === null ? null : new Map(seeds.map((seed) => [seed, readSeed(resolve(io.cwd, given), seed)]));
  const out = resolve(io.cwd, options.out);
  prepareFolder(out);
  const counted = options.merge === null ? await count(io, options) : merged(io, options.merge);
  if ("interrupted" in counted) return exitOfSignal(counted.interrupted);
  const rows = functionLines(functions, counted.places);
  const text = `${JSON.stringify({ ...counted, totals: totalsOf(rows), functions: rows }, null, 1)}\n`;
  const table = functionTable(rows);
  writeWhole(out, LINES_FILE, text);
  writeWhole(out, "functions.txt", `${table.join("\n")}\n`);
  writeReports(out, rows, sources);
  if (options.json) io.stdout.write(text);
  else say(io, [...table, `${String(counted.runs)} runs, ${String(counted.failed)} of them failed; ${told(options.out, sources)}`]);
  return Exit.Passed;
}

const told = (out: string, sources: Sources): string =>
  `${LINES_FILE}, functions.txt, lines.txt, lcov.info${sources === null ? "" : " and html/"} are in ${out}`;

interface Interrupted {
  readonly interrupted: "SIGINT" | "SIGTERM";
}

async function count(io: Io, options: CoverageOptions): Promise<Lines | Interrupted> {
  const sources = countedSources(io.root);
  const loaded = await loadCounting(io.root, sources);
  const names = loaded.engine.scenarios.map(({ name }) => name);
  const { scenario, strategy, runs, shard } = options;
  const request = {
    seed: options.seed ?? drawSeed(),
    scenarios: scenario === null ? loaded.engine.usual : matching("scenario", scenario, names),
    strategy: strategy === null ? null : parseStrategy(strategy),
    runs,
  };
  const crew = await crewFor(loaded, options);
  try {
    const lengths = wantsLengths(request) ? await runLengths(io, crew, request) : new Map<string, number>();
    const plan = makePlan({ ...request, lengthOf: (name) => lengths.get(name) ?? 0 });
    const sum = await runPlan(io, crew, plan, shard);
    if ("interrupted" in sum) return sum;
    const places = withHits(placesOf(sources.marks), sum.hits);
    return { schema: 1, version: io.version, seeds: [plan.seed], runs: sum.runs, failed: sum.failed, places: [...places] };
  } finally {
    await crew.close();
  }
}

/** Runs all units, on every lane of the crew; sums are the same in any order. */
async function runPlan(io: Io, crew: Crew, plan: Plan, shard: Shard | null): Promise<UnitLines | Interrupted> {
  const units = [...unitsOf(plan, shard ?? undefined)];
  const progress = new Progress(io.stderr, units.reduce((sum, unit) => sum + unit.count, 0));
  const heard: ("SIGINT" | "SIGTERM")[] = [];
  const stopListening = io.onSignal((signal) => heard.push(signal));
  let sum: UnitLines = { runs: 0, failed: 0, hits: NO_HITS };
  const lane = async (): Promise<void> => {
    for (let unit = units.shift(); unit !== undefined && heard.length === 0; unit = units.shift()) {
      const row = plan.rows[unit.row];
      if (row === undefined) continue;
      const told = await callOf(crew, unit, row);
      sum = { runs: sum.runs + told.runs, failed: sum.failed + told.failed, hits: addHits(sum.hits, told.hits) };
      progress.update(sum.runs, row.scenario, 0);
    }
  };
  try {
    await Promise.all(Array.from({ length: crew.lanes }, lane));
  } finally {
    progress.done();
    stopListening();
  }
  const [interrupted] = heard;
  return interrupted === undefined ? sum : { interrupted };
}

async function callOf(crew: Crew, unit: Unit, row: PlanRow): Promise<UnitLines> {
  try {
    return await crew.call("countLines", unit, row);
  } catch (error) {
    if (!(error instanceof WorkerLost)) throw error;
    throw new EngineFault(`${row.scenario}, ${row.strategy}: runs did not come back: ${oneLine(messageOf(error))}`);
  }
}

function merged(io: Io, folders: readonly string[]): Lines {
  const paths = folders.map((folder) => join(resolve(io.cwd, folder), LINES_FILE));
  const [first, ...others] = paths.map(readLines);
  if (first === undefined) throw new UsageError("--merge: name the folders to add up");
  return others.reduce((sum, each, i) => {
    if (each.version === first.version && samePlaces(each.places, first.places)) return addLines(sum, each);
    throw new UsageError(`${quote(paths[i + 1] ?? "")} is of another version of the model than ${quote(paths[0] ?? "")}`);
  }, first);
}

function readLines(path: string): Lines {
  if (!existsSync(path)) throw new UsageError(`--merge: there is no ${quote(path)}`);
  let value: unknown;
  try {
    value = JSON.parse(readInput(path));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${quote(path)} is no JSON: ${oneLine(messageOf(error))}`);
  }
  const read = linesSchema.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new UsageError(`${quote(path)} is no coverage of lines: ${oneLine(`${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`)}`);
}
