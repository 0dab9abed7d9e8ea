/** Counts by schedules: all of them, or the traces that schedules within a bound reach. */
import { Dpor, Exhaustive, Recording, SleepSets, TraceHasher, explore, type Strategy } from "../sim/index.ts";
import { Compiled } from "./compile.ts";
import { LIMITS } from "./count.ts";
import { EqualWritesHasher } from "./equal-writes.ts";
import { Unsupported, type Block, type Source } from "./language.ts";

const EXECUTIONS_MAX = 5_000_000;

/** Runs everything that a strategy has; throws {@link Unsupported} where that cannot be counted. */
function runAll(program: Compiled, strategy: Strategy, visit: (x: Parameters<TraceHasher["hash"]>[0]) => void): number {
  let why: string | null = null;
  const plan = { program, strategy, seed: "1", runs: EXECUTIONS_MAX, limits: LIMITS, recording: new Recording() };
  const { runs, finished } = explore(plan, ({ x, outcome, failure, bound }) => {
    if (bound === "covered") return undefined;
    if (outcome !== "passed") {
      why = failure?.message ?? "an execution is too long";
      return "stop";
    }
    visit(x);
    return undefined;
  });
  if (why !== null) throw new Unsupported(why);
  if (!finished) throw new Unsupported(`more than ${String(EXECUTIONS_MAX)} executions`);
  return runs;
}

/** Schedules, every one. */
export const schedulesOf = (source: Source): number =>
  runAll(new Compiled(source, { failing: false }), new Exhaustive(), () => undefined);

/** Executions of source-DPOR: a figure of the search, which depends on the order in which it looks. */
export function exploredBySourceSets(source: Source): { readonly executions: number; readonly cut: number } {
  const strategy = new Dpor("source");
  const executions = runAll(new Compiled(source, { failing: false }), strategy, () => undefined);
  return { executions, cut: strategy.covered };
}

/** Traces of complete executions that a strategy reaches; equal stores commute in them, or not. */
function tracesReached(source: Source, strategy: Strategy, commuting: boolean): number {
  const program = new Compiled(source, { failing: false });
  const hasher = commuting ? new EqualWritesHasher(program) : new TraceHasher();
  const seen = new Set<bigint>();
  runAll(program, strategy, (x) => {
    if (!program.isBlocked) seen.add(hasher.hash(x));
  });
  return seen.size;
}

/** Traces within 0, 1, 2 … preemptions. */
export const withinPreemptions = (source: Source, bounds: number): readonly number[] =>
  Array.from({ length: bounds }, (_, k) => tracesReached(source, new Exhaustive(k), false));

/** Traces within 0, 1, 2 … delays of a round-robin scheduler. As in Concuerror, stores of the same value commute. */
export const withinDelays = (source: Source, bounds: number): readonly number[] =>
  Array.from({ length: bounds }, (_, delays) => tracesReached(source, new SleepSets({ delays, sleeping: false }), true));

/**
 * Executions within 0, 1, 2 … delays that a search with sleep sets begins, cut ones included, and the cut ones: a figure of
 * the search and not of the program. As Concuerror has it, main starts the threads one by one, and their ends are steps.
 */
export function begunWithinDelays(source: Source, bounds: number): { readonly begun: readonly number[]; readonly cut: readonly number[] } {
  const main: Block = source.threads.map((_, i) => ["spawn", i + 1] as const);
  const threads = [main, ...source.threads.map((thread): Block => [...thread, ["yield"]])];
  const counts = Array.from({ length: bounds }, (_, delays) => {
    const strategy = new SleepSets({ delays });
    const begun = runAll(new Compiled({ ...source, threads }, { startsAtOnce: true }), strategy, () => undefined);
    return { begun, cut: strategy.cuts };
  });
  return { begun: counts.map(({ begun }) => begun), cut: counts.map(({ cut }) => cut) };
}
