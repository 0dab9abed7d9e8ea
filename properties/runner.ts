/**
 * One run with every promise armed: boot, workload, invariants while it runs, and at quiescence the stuck check
 * and what must hold then. The only place where a scenario and the properties meet.
 */
import {
  checkStuck,
  ProgressWatch,
  Recording,
  Replay,
  choicesHash,
  executionUnder,
  fail,
  findRaces,
  raceFailure,
  type Choices,
  type Execution,
  type Failure,
  type Limits,
  type MemoryModel,
  type RunResult,
  type Standstill,
  type StandstillKind,
  type Strategy,
} from "../sim/index.ts";
import type { World } from "../scenarios/index.ts";
import type { Property } from "./property.ts";

/** Everything that decides a run, and where it is recorded. */
export interface RunRequest {
  /** Boots the machine and starts the workload. */
  readonly start: (x: Execution) => World;
  /** Has begun already: `begin` said there is something to explore. */
  readonly strategy: Strategy;
  readonly limits: Limits;
  /** Default `sc`. */
  readonly memory?: MemoryModel | undefined;
  /** Reused from run to run; what it holds belongs to the last one. */
  readonly recording: Recording;
  readonly properties: readonly Property[];
  /** Sees the execution before boot: the place to hook an observer. */
  readonly onCreated?: ((x: Execution) => void) | undefined;
  /** Sees the world when it has booted, with its workload about to go on. */
  readonly onBooted?: ((x: Execution, world: World) => void) | undefined;
  /** Called after boot and before the first choice. */
  readonly onReady?: (() => void) | undefined;
}

/** What one run came to. */
export interface RunReport extends RunResult {
  readonly choices: Choices;
  /** 64-bit hash of the choices. */
  readonly hash: bigint;
  /** Names of the *sometimes* properties that were reached. */
  readonly reached: readonly string[];
  /** Races seen on the way; they do not end a run. */
  readonly races: readonly Failure[];
  /**
   * Places in the log of the operations the failure is about: its sites (the last operation of every
   * stuck context), or else the last operation of the context that failed. Empty for a broken promise at quiescence.
   */
  readonly evidence: readonly number[];
  /** Why the run hit a bound; null when it hit none. A livelock is a failure. */
  readonly standstill: StandstillKind | null;
}

/** Runs once. A run that hits a bound is made once more, and watched. */
export function runOnce(request: RunRequest): RunReport {
  const report = made(request);
  const { bound } = report;
  if (bound === null || bound === "covered") return report;
  const { kind, failure } = explained(request, report.choices, bound);
  if (failure === null) return { ...report, standstill: kind };
  const site = { step: report.steps, now: report.site?.now ?? 0, context: null };
  return { ...report, outcome: "failed", bound: null, failure, site, standstill: kind, evidence: failure.sites ?? [] };
}

/** Why a run with these choices hits a bound. */
function explained(request: RunRequest, choices: Choices, bound: "steps" | "progress"): Standstill {
  const strategy = new Replay(choices);
  strategy.begin();
  const watches: ProgressWatch[] = [];
  const { start, limits, memory, properties } = request;
  made({
    start,
    limits,
    memory,
    properties,
    strategy,
    recording: new Recording(),
    onCreated(x) {
      const watch = new ProgressWatch(x);
      watches.push(watch);
      x.observer = watch;
    },
  });
  return (watches[0] as ProgressWatch).explain(bound); // a run makes one
}

function made(request: RunRequest): RunReport {
  const { strategy, recording, limits, properties, memory = "sc" } = request;
  const x = executionUnder(memory, strategy, recording, limits);
  request.onCreated?.(x);
  const reached = new Set<string>();
  let world: World | null = null;
  let armed: readonly Property[] = [];
  const result = x.run(
    () => {
      world = request.start(x);
      request.onBooted?.(x, world);
      const { system } = world;
      armed = properties.filter((property) => (property.system === "xnu") === (system === "xnu"));
      for (const property of armed) arm(property, world, reached);
      request.onReady?.();
    },
    () => {
      checkStuck(x);
      for (const property of armed) judgeAtEnd(property, world as World, reached);
    },
  );
  strategy.end?.(x);
  const choices = recording.choices;
  return {
    ...result,
    choices,
    hash: choicesHash(choices),
    reached: [...reached],
    races: findRaces(x).map(raceFailure),
    evidence: evidenceOf(x, result),
    standstill: null,
  };
}

function arm(property: Property, world: World, reached: Set<string>): void {
  if (property.kind === "always") property.watch(world, () => judge(property, world));
  else if (property.kind === "sometimes") property.watch(world, () => reached.add(property.name));
}

function judgeAtEnd(property: Property, world: World, reached: Set<string>): void {
  if (property.kind !== "sometimes") judge(property, world);
  else if (property.seenAtEnd?.(world) === true) reached.add(property.name);
}

function judge(property: Exclude<Property, { kind: "sometimes" }>, world: World): void {
  const broken = property.holds(world);
  if (broken !== null) fail("Violation", property.name, property.promise, broken);
}

function evidenceOf(x: Execution, { failure, site }: RunResult): readonly number[] {
  if (failure === null) return [];
  if (failure.sites !== undefined) return failure.sites;
  return site === null || site.context === null ? [] : [x.current.pendingAt];
}
