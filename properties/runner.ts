/**
 * One run with every promise armed: boot, workload, invariants while it runs, and at quiescence the stuck check
 * and what must hold then. The only place where a scenario and the properties meet.
 */
import {
  checkStuck,
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
  type Recording,
  type RunResult,
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
}

/** Runs once. */
export function runOnce(request: RunRequest): RunReport {
  const { strategy, recording, limits, properties, memory = "sc" } = request;
  const x = executionUnder(memory, strategy, recording, limits);
  request.onCreated?.(x);
  const reached = new Set<string>();
  let world: World | null = null;
  let armed: readonly Property[] = [];
  const result = x.run(
    () => {
      world = request.start(x);
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
