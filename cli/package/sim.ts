/**
 * `interlock/sim`: the simulated machine. What a driver's and an actor's routines are made of, and what explores a
 * program that needs no kernel.
 */
export {
  Gate,
  Op,
  Struct,
  atomic,
  explore,
  fail,
  frozen,
  guardedBy,
  misuse,
  perCpu,
  perCpuCounter,
  published,
  strategyNamed,
  word,
  type Context,
  type Execution,
  type Explored,
  type ExploredRun,
  type Fact,
  type Failure,
  type FailureKind,
  type Guard,
  type Plan,
  type Processor,
  type Program,
  type Routine,
  type Step,
  type Strategy,
} from "../../sim/index.ts";
