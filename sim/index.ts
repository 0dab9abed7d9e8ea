/** The engine's public surface; the only file other folders may import. */
export { Context, Processor, type ContextOptions } from "./context.ts";
export { Execution } from "./execution.ts";
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
export type { Observer } from "./observer.ts";
export type { Outcome, RunResult } from "./run-result.ts";
export { type Effect } from "./turn.ts";
export { Gate, type Guard } from "./gate.ts";
export { DEFAULT_LIMITS, type Limits } from "./limits.ts";
export * from "./memory.ts";
export * from "./operation.ts";
export { SWITCH, type Point, type Routine, type Step } from "./point.ts";
export { Recording, choicesHash, entries, type Choices, type Entry } from "./recording.ts";
export { Draws, rng, type Rng } from "./rng.ts";
export type { Strategy } from "./strategy.ts";
export { RandomWalk } from "./strategies/random-walk.ts";
export { PCT_DEPTH_MAX, Pct, type PctOptions } from "./strategies/pct.ts";
