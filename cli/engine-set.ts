/**
 * Everything of a check that depends on the model, the scenarios and the properties, behind one interface: a
 * variant is bundled into a second one of these, and the rest of the command line does not notice.
 */
import { DEFAULT_LIMITS, Recording, Replay, RunLength, TraceHasher } from "../sim/index.ts";
import type { Choices, Execution, Failure, MemoryModel, Strategy } from "../sim/index.ts";
import {
  COUNTING,
  Collector,
  NO_COVERAGE,
  beginHits,
  endHits,
  takeHits,
  type LineHits,
  type ProtocolCoverage,
} from "../protocol/index.ts";
import { boundedOf, underMemory, type Config, type Scenario, type World } from "../scenarios/index.ts";
import { runOnce, type Property, type RunReport } from "../properties/index.ts";
import type { RunEvents, Story } from "../reports/index.ts";
import { ALL_STOCK, scenarioNamed, starterOf, withVersions, type EngineParts, type Origins } from "./engine-parts.ts";
import { performers } from "./performers.ts";
import type { Stack } from "./stack.ts";
import { beginning, judged } from "./prepare.ts";
import { NOTHING_WANTED, type Wanted } from "./wanted.ts";
import { strategyInfo, type RunSpec } from "./strategies.ts";
import { timedEngine, type TimedEngine } from "./timed-engine.ts";
import type { SourcePlaces } from "./source-places.ts";
import { replayWithEvents, replayWithStacks, replayWithStory } from "./watched.ts";

/** What decides a run completely: the content of a token. */
export interface Case {
  readonly scenario: string;
  readonly config: Config;
  readonly choices: Choices;
  /** The only property that was armed; null: all were. */
  readonly property: string | null;
}

/** A case before anybody has chosen. */
export type Setting = Omit<Case, "choices">;

/** Many runs of one scenario under one strategy. */
export interface Job {
  /** The next run; null when the strategy has nothing more to explore. */
  run(seed: string): JobRun | null;
  /** Where the strategy stands, if its runs follow from one another: data that can be cloned; else null. */
  checkpoint(): unknown;
  /** About how many executions of a complete search are left; null: it is none. Asked between two runs. */
  left(): number | null;
  /** Orders of a complete search that were planned and could not come about: then others may be missing. */
  infeasible(): number;
  /** Protocol coverage of the runs since this was last called; nothing unless the job was opened for it. */
  takeCoverage(): ProtocolCoverage;
}

/** How a case is run again. */
export interface ReplayOptions {
  /** Sees the execution before boot. */
  readonly onCreated?: ((x: Execution) => void) | undefined;
  /** Sees the world when it has booted, with its workload about to go on. */
  readonly onBooted?: ((x: Execution, world: World) => void) | undefined;
  /** Called after boot, before the first choice. */
  readonly onReady?: (() => void) | undefined;
}

/** A run of a case, with what it was made of. */
export interface Ran extends RunReport {
  /** The raw log; valid until the next run of a case, that of {@link EngineSet.stacks} until the next of these. */
  readonly log: Int32Array;
  /** For the names of what the log speaks of. */
  readonly x: Execution;
}

/** A finished run of a job; its log is valid until the next run of any job. */
export interface JobRun extends Ran {
  readonly config: Config;
  /** Its happens-before class, if the job was opened for it. */
  readonly traceClass: bigint | null;
}

/** A replayed run. */
export interface Replayed extends Ran {
  /** The strategy that replayed, for what it says of itself. */
  readonly strategy: Replay;
}

/** A replay with the kernel routines that were running at its evidence. */
export interface Stacks {
  readonly run: Replayed;
  /** One for each piece of evidence. */
  readonly stacks: readonly Stack[];
  /** Where the failure that ended the run was noticed; null when none did, or at quiescence. */
  readonly thrown: Stack | null;
}

/** The seam. */
export interface EngineSet {
  /** Calls back before every run and every replay: a sign of life. */
  onRun(heard: () => void): void;
  readonly scenarios: readonly Scenario[];
  readonly properties: readonly Property[];
  readonly origins: Origins;
  /** Names of the scenarios that are checked when nobody selects any. */
  readonly usual: readonly string[];
  scenario(name: string): Scenario;
  /**
   * `property`: arm only this one; null: all. `checkpoint`: go on where another job stood; null: begin. What is not
   * `wanted` costs nothing.
   */
  open(scenario: string, spec: RunSpec, property: string | null, checkpoint?: unknown, wanted?: Wanted): Job;
  /** The configuration record of the run that a job of this strategy makes of this seed. */
  configOf(scenario: string, spec: RunSpec, seed: string): Config;
  /** Steps that runs of the scenario have at most, from their first choice on, as some random walks show: the k of PCT. */
  runLength(scenario: string, memory?: MemoryModel): number;
  replay(what: Case, options?: ReplayOptions): Replayed;
  /** One run of a setting under a strategy of the caller's; it begins here, with the seed. */
  runUnder(what: Setting, strategy: Strategy, seed: string): Ran;
  /** Shrinks the record that a seed draws, as fast-check does: `fails` is asked of it and of smaller ones. */
  shrinkConfig(scenario: string, seed: string, fails: (config: Config) => boolean): void;
  /** Replays, and names the kernel routines that were running when these operations were announced. */
  stacks(what: Case, evidence: readonly number[]): Stacks;
  /** Replays, and writes the story down, to the operation at `until` in the log or to the end. */
  story(what: Case, until?: number): { readonly run: Replayed; readonly story: Story };
  /**
   * Replays, and makes the list of events; the counting build knows the lines of the C as well. `about`: the failure it is
   * read for, where that is not what ends the run.
   */
  events(what: Case, places: SourcePlaces, about: Failure | null): { readonly run: Replayed; readonly events: RunEvents };
  /** Which marks of the lines of the C the runs of jobs have passed since this was last asked; only the counting build has any. */
  takeHits(): LineHits;
  readonly timed: TimedEngine;
}

/** Random walks that tell how long the runs of a scenario are. */
const LENGTH_RUNS = 8;

/** Makes an engine set. */
export function makeEngineSet(parts: EngineParts): EngineSet {
  const { scenarios, configFor, shrinkConfig, origins = ALL_STOCK } = parts;
  const usual = parts.usual ?? scenarios.map(({ name }) => name);
  const properties = withVersions(parts.properties, scenarios);
  const armed = armedBy(properties, scenarios);
  const starter = starterOf(parts);
  const scenario = (name: string): Scenario => scenarioNamed(scenarios, name);
  const configOf: EngineSet["configOf"] = (name, spec, seed) => {
    const subject = scenario(name);
    return underMemory(strategyInfo(spec.name).exhaustive ? (spec.bounded === true ? boundedOf(subject) : subject.smallest) : configFor(subject, seed), spec.memory);
  };
  const [forRuns, forReplays, forLooks] = [new Recording(), new Recording(), new Recording()] as const;
  let heard = (): void => undefined;
  const ran: Runner = (setting, strategy, recording, options) => {
    heard();
    const subject = scenario(setting.scenario);
    return runSetting(armed.get(subject.name) ?? [], (x) => starter.start(x, subject, setting.config), setting, strategy, recording, options);
  };
  const replayInto = (recording: Recording): ReplayFunction => (what, options) => {
    starter.check(scenario(what.scenario), what.config);
    const strategy = new Replay(what.choices);
    strategy.begin();
    return { ...ran(what, strategy, recording, options), strategy };
  };
  const replay = replayInto(forReplays);
  return {
    onRun(hear) {
      heard = hear;
    },
    scenarios,
    properties,
    origins,
    usual,
    scenario,
    open(name, spec, property, checkpoint = null, { coverage, classes } = NOTHING_WANTED) {
      starter.check(scenario(name));
      const strategy = strategyInfo(spec.name).make(spec.parameters);
      if (checkpoint !== null) strategy.resume?.(checkpoint);
      const hasher = classes ? new TraceHasher() : null;
      const begin = beginning(strategy, (other, seed) => void ran({ scenario: name, config: configOf(name, spec, seed), property: null }, other, forRuns));
      const job = (options: ReplayOptions): Omit<Job, "takeCoverage"> => ({
        run(seed) {
          if (!begin(seed)) return null;
          const config = configOf(name, spec, seed);
          return counted(options, (these) =>
            classed(judged(strategy, ran({ scenario: name, config, property }, strategy, forRuns, these)), config, hasher));
        },
        ...searchOf(strategy),
      });
      return coverage ? coveredJob(name, property, new Collector(parts.listen), replay, job) : { ...job({}), ...UNCOVERED };
    },
    configOf,
    runLength: (name, memory) => longest((seed, strategy) => {
      ran({ scenario: name, config: underMemory(configFor(scenario(name), seed), memory), property: null }, strategy, forRuns);
    }),
    replay,
    runUnder(what, strategy, seed) {
      strategy.begin(seed);
      return ran(what, strategy, forReplays);
    },
    shrinkConfig: (name, seed, fails) => shrinkConfig(scenario(name), seed, fails),
    stacks: (what, evidence) => replayWithStacks(replayInto(forLooks), what, evidence),
    story: (what, until) => replayWithStory(replay, what, until),
    events: (what, places, about) => replayWithEvents(replay, what, places, about),
    takeHits,
    timed: timedEngine(parts, starter),
  };
}

/** A run of a job, with its happens-before class if somebody hashes it. */
const classed = (run: Ran, config: Config, hasher: TraceHasher | null): JobRun =>
  ({ ...run, config, traceClass: hasher === null ? null : hasher.hash(run.x) });

/** The properties of each scenario. */
const armedBy = (properties: readonly Property[], scenarios: readonly Scenario[]): ReadonlyMap<string, readonly Property[]> =>
  new Map(scenarios.map(({ name }) => [name, properties.filter((property) => applies(property, name))]));

/** Nobody looks for what a scenario cannot reach. */
const applies = (property: Property, scenario: string): boolean =>
  property.kind !== "sometimes" || property.scenarios.length === 0 || property.scenarios.includes(scenario);

type ReplayFunction = EngineSet["replay"];
type Runner = (setting: Setting, strategy: Strategy, recording: Recording, options?: ReplayOptions) => Ran;

/** One run. The strategy has begun. */
function runSetting(
  properties: readonly Property[],
  start: (x: Execution) => World,
  { property, config }: Setting,
  strategy: Strategy,
  recording: Recording,
  { onCreated, onBooted, onReady }: ReplayOptions = {},
): Ran {
  const created: Execution[] = [];
  const report = runOnce({
    start,
    onBooted,
    strategy,
    limits: DEFAULT_LIMITS,
    memory: config.memory,
    recording,
    properties: property === null ? properties : properties.filter(({ name }) => name === property),
    onCreated(x) {
      created.push(x);
      onCreated?.(x);
    },
    onReady,
  });
  return { ...report, log: recording.log, x: created[0] as Execution }; // a run makes one
}

/** Of some random walks. */
function longest(walk: (seed: string, strategy: Strategy) => void): number {
  const strategy = new RunLength();
  for (let i = 0; i < LENGTH_RUNS; i++) {
    const seed = `length/${String(i)}`;
    strategy.begin(seed);
    walk(seed, strategy);
  }
  return strategy.longest;
}

/** A run of a job; in the counting build, the marks that it passes count. */
function counted<T>(options: ReplayOptions, run: (options: ReplayOptions) => T): T {
  if (!COUNTING) return run(options);
  try {
    return run({ ...options, onCreated: beginHits });
  } finally {
    endHits();
  }
}

const UNCOVERED: Pick<Job, "takeCoverage"> = { takeCoverage: () => NO_COVERAGE };

const searchOf = (strategy: Strategy): Pick<Job, "checkpoint" | "left" | "infeasible"> =>
  ({ checkpoint: () => strategy.checkpoint?.() ?? null, left: () => strategy.left ?? null, infeasible: () => strategy.infeasible ?? 0 });

/** A job whose runs are collected. Some of them are replayed, to learn which routines perform what. */
function coveredJob(
  scenario: string,
  property: string | null,
  collector: Collector,
  replay: ReplayFunction,
  job: (options: ReplayOptions) => Omit<Job, "takeCoverage">,
): Job {
  const { run, ...others } = job({ onBooted: (x, world) => collector.begin(x, world) });
  return {
    run(seed) {
      const report = run(seed);
      if (report === null) return null;
      collector.finish();
      if (Collector.samples(report.hash)) {
        const { x, routines } = performers(replay, { scenario, property, config: report.config, choices: report.choices });
        collector.learn(x, routines);
      }
      return report;
    },
    ...others,
    takeCoverage: () => ({ [scenario]: collector.take() }),
  };
}
