/** Hunting a mutant, for the tests: runs of the default portfolio until the named property kills it. */
import type { Failure } from "../sim/index.ts";
import type { PlanRow } from "../reports/index.ts";
import { engine } from "./engine.ts";
import type { Case, EngineSet, Job, JobRun } from "./engine-set.ts";
import { makePlan } from "./plan.ts";
import { strategyInfo, type StrategySpec } from "./strategies.ts";

/** A run that killed a mutant. */
export interface Kill {
  /** Runs of the mutant up to and including this one. */
  readonly runs: number;
  readonly row: PlanRow;
  readonly seed: number;
  readonly run: JobRun;
  readonly failure: Failure;
  readonly what: Case;
}

/** What is looked for, and where. */
export interface Quarry {
  /** Id of the failure that kills. */
  readonly property: string;
  /** The only property armed; null: all. */
  readonly armed: string | null;
  readonly seed: number;
  /** Total, divided over the plan; null: the default plan. */
  readonly runs: number | null;
  /** Only these; empty: all. */
  readonly scenarios: readonly string[];
  /** Only runs that do not follow from those before them, as those of a complete search do. */
  readonly alone?: boolean;
}

/** A mutant, and who should kill it. */
export interface Hunt extends Quarry {
  readonly mutant: EngineSet;
  /** The unmutated model: what it does as well is no kill. */
  readonly original: EngineSet;
}

/** A run by itself: it depends on no plan and on no run before. */
export interface Place {
  readonly scenario: string;
  /** With every parameter that the plan would have completed. */
  readonly strategy: string;
  readonly parameters: StrategySpec["parameters"];
  readonly seed: number;
}

interface Track {
  readonly row: PlanRow;
  readonly job: Job;
  done: number;
  over: boolean;
}

/** Runs of each scenario's first row that tell whether it passes the mutated lines. */
const PROBES = 2;
const SLICE = 4;

/**
 * Runs the first runs of every scenario; then rows of scenarios in which the mutant did something else than the
 * original, a few at a time, then twice as many; then all the others. Each row's runs are those that `check` makes.
 */
export function hunt(request: Hunt): Kill | null {
  const tracks = open(request.mutant, request);
  const probed = probes(request);
  const touched = new Set<string>();
  let runs = 0;
  const slice = (track: Track, size: number): Kill | null => {
    for (let i = 0; i < size && !track.over; i++) {
      const { row, done } = track;
      const run = next(track);
      if (run === null) break;
      runs++;
      const original = probed.get(row)?.[done];
      if (original !== undefined && original !== traceOf(run)) touched.add(row.scenario);
      if (run.failure?.id !== request.property) continue;
      const about = aboutOf(run.failure);
      if (!failsToo(request, row, about)) return killOf(request, row, row.firstSeed + done, runs, run, run.failure);
      // The next run may be about another request.
      if (about === run.failure.id) track.over = true;
    }
    return null;
  };
  for (const track of tracks.filter(({ row }) => probed.has(row))) {
    const kill = slice(track, PROBES);
    if (kill !== null) return kill;
  }
  for (const likely of [true, false]) {
    const among = tracks.filter(({ row }) => touched.has(row.scenario) === likely);
    for (let size = SLICE; among.some(({ over }) => !over); size *= 2) {
      for (const track of among) {
        const kill = slice(track, size);
        if (kill !== null) return kill;
      }
    }
  }
  return null;
}

/** Makes this one run; null unless it kills the mutant, and the model does not fail so from the same seed. */
export function killAt(request: Hunt, place: Place): Kill | null {
  const row = { ...place, firstSeed: place.seed, runs: 1 };
  const run = next(trackOf(request.mutant, row, request.armed));
  if (run?.failure?.id !== request.property) return null;
  const own = next(trackOf(request.original, row, null))?.failure ?? null;
  if (own !== null && aboutOf(own) === aboutOf(run.failure)) return null;
  return killOf(request, row, place.seed, 1, run, run.failure);
}

/** After how many runs of the plan a *sometimes* property was reached; null: never. */
export function runsToReach(set: EngineSet, request: Quarry): number | null {
  const tracks = open(set, request);
  let runs = 0;
  for (let size = SLICE; tracks.some(({ over }) => !over); size *= 2) {
    for (const track of tracks) {
      for (let i = 0; i < size; i++) {
        const run = next(track);
        if (run === null) break;
        runs++;
        if (run.reached.includes(request.property)) return runs;
      }
    }
  }
  return null;
}

const lengths = new Map<string, number>();

/** Runs of a mutant are about as long as those of the model. */
function lengthOf(scenario: string): number {
  const length = lengths.get(scenario) ?? engine.runLength(scenario);
  lengths.set(scenario, length);
  return length;
}

function rowsOf({ scenarios: all }: EngineSet, { seed, runs, scenarios, alone = false }: Quarry): readonly PlanRow[] {
  const { rows } = makePlan({ seed, scenarios: all.map(({ name }) => name), strategy: null, runs, lengthOf });
  return rows.filter(({ scenario, strategy }) =>
    (scenarios.length === 0 || scenarios.includes(scenario)) && !(alone && strategyInfo(strategy).exhaustive));
}

const open = (set: EngineSet, quarry: Quarry): readonly Track[] =>
  rowsOf(set, quarry).map((row) => trackOf(set, row, quarry.armed));

const trackOf = (set: EngineSet, row: PlanRow, armed: string | null): Track =>
  ({ row, job: set.open(row.scenario, { name: row.strategy, parameters: row.parameters }, armed), done: 0, over: row.runs === 0 });

function next(track: Track): JobRun | null {
  if (track.over) return null;
  const run = track.job.run(String(track.row.firstSeed + track.done));
  track.done++;
  track.over = run === null || track.done >= track.row.runs;
  return run;
}

/** What a run did, in short. */
const traceOf = ({ hash, steps, outcome }: JobRun): string => `${outcome} ${String(steps)} ${String(hash)}`;

const traces = new Map<string, ReadonlyMap<string, readonly string[]>>();

interface Probes {
  has(row: PlanRow): boolean;
  /** What the original did in the first runs of a row; undefined for rows that are not probed. */
  get(row: PlanRow): readonly string[] | undefined;
}

/** The first rows of all scenarios; kept from hunt to hunt. */
function probes({ original, ...quarry }: Hunt): Probes {
  const key = JSON.stringify([quarry.seed, quarry.runs, quarry.scenarios]);
  let known = traces.get(key);
  if (known === undefined) {
    const tracks = open(original, { ...quarry, armed: null });
    const first = tracks.filter(({ row }, i) => row.scenario !== tracks[i - 1]?.row.scenario);
    known = new Map(first.map((track) => {
      const runs = Array.from({ length: PROBES }, () => next(track));
      return [rowKey(track.row), runs.map((run) => (run === null ? "" : traceOf(run)))];
    }));
    traces.set(key, known);
  }
  const found = known;
  return { has: (row) => found.has(rowKey(row)), get: (row) => found.get(rowKey(row)) };
}

const rowKey = ({ scenario, strategy }: PlanRow): string => `${scenario} ${strategy}`;

function killOf(request: Hunt, row: PlanRow, seed: number, runs: number, run: JobRun, failure: Failure): Kill {
  const { config, choices } = run;
  const what = { scenario: row.scenario, config, choices, property: request.armed };
  return { runs, row, seed, run, failure, what };
}

/** The id of a failure, and which control request it is about, if it is about one: each has lines of its own. */
const aboutOf = ({ id, facts }: Failure): string =>
  [id, ...facts.filter(([label, value]) => label === "request" && /^SIOC\w+$/.test(value)).map(([, value]) => value)].join(" ");

/** Does the unmutated model fail in the same way anywhere in the plan of the row's scenario? */
function failsToo(request: Hunt, { scenario }: PlanRow, about: string): boolean {
  const { original, seed, runs } = request;
  const key = JSON.stringify([scenario, seed, runs]);
  const known = ownFailures.get(key) ?? failuresOf(original, { ...request, armed: null, scenarios: [scenario] });
  ownFailures.set(key, known);
  return known.has(about);
}

const ownFailures = new Map<string, ReadonlySet<string>>();

function failuresOf(set: EngineSet, quarry: Quarry): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const track of open(set, quarry)) {
    for (let run = next(track); run !== null; run = next(track)) if (run.failure !== null) ids.add(aboutOf(run.failure));
  }
  return ids;
}
