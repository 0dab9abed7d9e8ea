/**
 * What a worker can be asked for besides runs of a plan. Everything that runs an author's code is done by a worker, so
 * that code which does not come back, or takes its thread along, cannot take the check along.
 */
import type { MemoryModel } from "../sim/index.ts";
import type { PlanRow } from "../reports/index.ts";
import { confirm, type Confirmed, type Failing, type Origin } from "./confirm.ts";
import { EngineFault } from "./errors.ts";
import type { Exit } from "./exit-codes.ts";
import { countLines, type UnitLines } from "./lines/count-unit.ts";
import type { Loaded } from "./load-engine.ts";
import type { Unit } from "./units.ts";

/** As data: a class of errors does not cross threads. */
type Answer<T> = { readonly answer: T } | { readonly fault: { readonly message: string; readonly exit: Exit } };

const CALLS = {
  runLength: ({ engine }: Loaded, scenario: string, memory?: MemoryModel): number => engine.runLength(scenario, memory),
  confirm: (loaded: Loaded, failing: Failing, origin: Origin, budget: number): Confirmed | EngineFault =>
    confirm(loaded, failing, origin, budget),
  countLines: ({ engine }: Loaded, unit: Unit, row: PlanRow): UnitLines => countLines(engine, unit, row),
} as const;

type Calls = typeof CALLS;
/** What can be asked for. */
export type CallName = keyof Calls;
/** What a call takes besides the engine set. */
export type CallArguments<N extends CallName> = Calls[N] extends (loaded: Loaded, ...args: infer A) => unknown ? A : never;
/** What it answers. */
export type CallResult<N extends CallName> = ReturnType<Calls[N]>;

/** Answers a call in this thread. */
export function answer<N extends CallName>(loaded: Loaded, name: N, args: CallArguments<N>): Answer<CallResult<N>> {
  const call = CALLS[name] as (loaded: Loaded, ...args: unknown[]) => CallResult<N>; // args are those of the name
  const result = call(loaded, ...args);
  if (result instanceof EngineFault) return { fault: { message: result.message, exit: result.exit } };
  return { answer: result };
}

/** What the answer says. */
export const resultOf = <N extends CallName>(told: Answer<CallResult<N>>): CallResult<N> =>
  "fault" in told ? (new EngineFault(told.fault.message, told.fault.exit) as CallResult<N>) : told.answer;
