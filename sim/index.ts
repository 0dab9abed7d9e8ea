/** The engine's public surface; the only file other folders may import. */
export { executionUnder } from "./buffered-execution.ts";
export { Context, Processor, type ContextOptions, type Waiting } from "./context.ts";
export { NO_COSTS, type Costs } from "./costs.ts";
export { describeOp, objectName } from "./describe.ts";
export { EventQueue, type Balance, type TimedEvent } from "./event-queue.ts";
export { Execution } from "./execution.ts";
export {
  explore,
  replay,
  type Explored,
  type ExploredRun,
  type Plan,
  type Program,
  type Replayed,
} from "./explorer.ts";
export {
  RunFailure,
  Inconclusive,
  fail,
  misuse,
  type Fact,
  type Failure,
  type FailureKind,
  type FailureSite,
  type Wait,
} from "./failure.ts";
export { Gate, type Guard } from "./gate.ts";
export type { Divided } from "./divided.ts";
export { NO_GUIDE, guideOf, type Guide, type Move, type Part } from "./guide.ts";
export { findRaces, type Race, type RaceAccess } from "./happens-before.ts";
export { Hash64, choicesHash } from "./hash.ts";
export { DEFAULT_LIMITS, type Limits } from "./limits.ts";
export { LogReader, type LogVisitor } from "./log-reader.ts";
export * from "./memory.ts";
export { MEMORY_MODELS, type MemoryModel } from "./memory-model.ts";
export { ProgressWatch, type Standstill, type StandstillKind } from "./no-progress.ts";
export type { Observer } from "./observer.ts";
export * from "./operation.ts";
export type { NamedChoice, NamedChoices, NamedDraw } from "./meanings.ts";
export {
  happenedIn,
  happeningKey,
  happeningText,
  orderingsOf,
  reversedIn,
  standingsIn,
  type Happened,
  type Happening,
  type Ordering,
  type Standing,
} from "./orderings.ts";
export { SWITCH, type Point, type Routine, type Step } from "./point.ts";
export { RaceDetector, type OnRace, type Order } from "./race-detector.ts";
export { raceFailure, raceSites, type LocatedRace, type RaceQuery } from "./race-sites.ts";
export { Recording, entries, type Choices, type Entry } from "./recording.ts";
export { Draws, rng, type Rng } from "./rng.ts";
export type { Outcome, RunResult } from "./run-result.ts";
export { calmer, scheduleOf, shrink, shrinkRequest, type Attempt, type ShrinkRequest, type Shrunk } from "./shrink.ts";
export type { Strategy } from "./strategy.ts";
export { DelayBounded } from "./strategies/delay-bounded.ts";
export { Dpor, type Reduction } from "./strategies/dpor/index.ts";
export { Traced, type Reversal, type TracedStep } from "./strategies/dpor/traced.ts";
export { Exhaustive } from "./strategies/exhaustive.ts";
export { STRATEGIES, strategyNamed, type StrategyInfo } from "./strategies/index.ts";
export {
  assigned,
  parameterRange,
  parameterValue,
  strategyParts,
  type StrategyParameter,
  type StrategyParameters,
} from "./strategies/parameters.ts";
export { Following, type Course } from "./strategies/following.ts";
export { Counted } from "./strategies/counted.ts";
export { Guided } from "./strategies/guided.ts";
export { Sparing } from "./strategies/sparing.ts";
export { Stretched } from "./strategies/stretched.ts";
export type { Stretch } from "./stretches.ts";
export { ByName, Naming, type Matched } from "./strategies/named.ts";
export { Pct, type PctOptions } from "./strategies/pct.ts";
export { Pos } from "./strategies/pos.ts";
export { Surw, touching } from "./strategies/surw.ts";
export { Urw } from "./strategies/urw.ts";
export { RandomWalk } from "./strategies/random-walk.ts";
export { Replay, type Departure } from "./strategies/replay.ts";
export { RunLength } from "./strategies/run-length.ts";
export { RoundBounded } from "./strategies/round-bounded.ts";
export { RoundRobin } from "./strategies/round-robin.ts";
export { SleepSets, type SleepSetOptions } from "./strategies/sleep-sets.ts";
export { Timed } from "./strategies/timed.ts";
export { Twice } from "./strategies/twice.ts";
export { checkStuck, stuckContexts, stuckFailure, waitingForEnvironment } from "./stuck.ts";
export {
  TokenError,
  decodeChoices,
  decodeToken,
  encodeChoices,
  encodeToken,
  type TokenData,
} from "./token.ts";
export { TraceHasher } from "./trace-class.ts";
export type { Effect } from "./turn.ts";
