/** How many different executions a program has. */
import { Dpor, Recording, TraceHasher, explore, type Execution, type Limits } from "../sim/index.ts";
import type { Compiled } from "./compile.ts";
import { EqualWritesHasher } from "./equal-writes.ts";
import { ReadsFromHasher } from "./reads-from.ts";

/** What an exploration found. */
export interface Counts {
  /** Traces of executions in which nobody waits for ever, and of the others: Mazurkiewicz's, under TSO and PSO Shasha and Snir's. */
  readonly complete: number;
  readonly blocked: number;
  /** Reads-from maps of complete executions, and of all. */
  readonly readsFromComplete: number;
  readonly readsFrom: number;
  /** Traces of complete executions in which stores of the same value commute; not counted unless asked for. */
  readonly equalWritesCommute: number;
  /** Executions that were explored, and those among them that were cut for having been seen. */
  readonly executions: number;
  readonly cut: number;
  /** Executions in which an assertion does not hold. */
  readonly violating: number;
}

/** Why a program could not be counted. */
export interface NotCounted {
  readonly why: string;
}

/** An execution that is part of the count, for whoever wants to look at it. */
export type Visit = (x: Execution, blocked: boolean) => void;

/** Small programs have short executions; more steps than this is a loop without a bound. */
export const LIMITS: Limits = { stepsMax: 10_000, noProgressMax: 10_000, ticksMax: 0 };

/** How far a count may go. */
export interface CountOptions {
  /** At most so many executions. Default: ten million. */
  readonly executionsMax?: number;
  /** Count {@link Counts.equalWritesCommute}? Default false. */
  readonly equalWrites?: boolean;
  /** Sees one execution of each trace. */
  readonly onTrace?: Visit;
}

/** Counts everything, by visiting every trace. Cost: linear in the executions explored; memory, in the traces. */
export function countTraces(program: Compiled, options: CountOptions = {}): Counts | NotCounted {
  const { executionsMax = 10_000_000, onTrace = NOTHING } = options;
  const strategy = new Dpor();
  const traces = new TraceHasher();
  const maps = new ReadsFromHasher();
  const commuting = options.equalWrites === true ? new EqualWritesHasher(program) : null;
  const coarser = new Set<bigint>();
  const complete = new Set<bigint>();
  const blocked = new Set<bigint>();
  const mapsComplete = new Set<bigint>();
  const mapsAll = new Set<bigint>();
  let violating = 0;
  let why: string | null = null;
  const { finished } = explore({ program, strategy, seed: "1", runs: executionsMax, limits: LIMITS, recording: new Recording() }, (run) => {
    if (run.bound === "covered") return undefined;
    if (run.outcome !== "passed") {
      why = run.failure?.message ?? `an execution has more than ${String(LIMITS.stepsMax)} steps`;
      return "stop";
    }
    const isBlocked = program.isBlocked;
    const seen = isBlocked ? blocked : complete;
    const map = maps.hash(run.x);
    const trace = program.memory === "sc" ? traces.hash(run.x) : maps.trace;
    if (seen.has(trace)) return undefined;
    seen.add(trace);
    if (program.violations.length > 0) violating++;
    mapsAll.add(map);
    if (!isBlocked) mapsComplete.add(map);
    if (commuting !== null && !isBlocked) coarser.add(commuting.hash(run.x));
    onTrace(run.x, isBlocked);
    return undefined;
  });
  if (why !== null) return { why };
  if (!finished) return { why: `more than ${String(executionsMax)} executions` };
  return {
    complete: complete.size,
    blocked: blocked.size,
    readsFromComplete: mapsComplete.size,
    readsFrom: mapsAll.size,
    equalWritesCommute: coarser.size,
    executions: strategy.executions,
    cut: strategy.covered,
    violating,
  };
}

const NOTHING: Visit = () => undefined;
