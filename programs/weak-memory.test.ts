// Reductions under TSO and PSO, on shapes of the corpus.
import { describe, expect, it } from "vitest";
import { Dpor, MEMORY_MODELS, SleepSets, explore, type MemoryModel, type Strategy } from "../sim/index.ts";
import { Compiled } from "./compile.ts";
import { ReadsFromHasher } from "./reads-from.ts";
import { readThreads } from "./reading.ts";

const PROGRAMS = [
  ["store buffering", [[["st", "x", 1], ["ld", "a", "y"]], [["st", "y", 1], ["ld", "b", "x"]]], { sc: 3, tso: 4, pso: 4 }],
  ["message passing", [[["st", "x", 1], ["st", "y", 1]], [["ld", "a", "y"], ["ld", "b", "x"]]], { sc: 3, tso: 3, pso: 4 }],
  // The figures of the shapes "W x 1; R x | W x 2; W y 1 | W y 2; R x" and "W x 2; W y 1; R y; W y 3 | R y; W y 2".
  ["own loads", [[["st", "x", 1], ["ld", "a", "x"]], [["st", "x", 2], ["st", "y", 1]], [["st", "y", 2], ["ld", "b", "x"]]], null],
  ["own loads of a word that others store", [[["st", "x", 2], ["st", "y", 1], ["ld", "a", "y"], ["st", "y", 3]], [["ld", "b", "y"], ["st", "y", 2]]], null],
] as const;

/** Different traces, and complete executions, under a strategy. */
function explored(threads: readonly unknown[], memory: MemoryModel, strategy: Strategy, isCut: () => boolean): { traces: Set<bigint>; complete: number } {
  const program = new Compiled(readThreads({}, threads), { memory });
  const hasher = new ReadsFromHasher();
  const traces = new Set<bigint>();
  let complete = 0;
  const { finished } = explore({ program, strategy, seed: "1", runs: 100_000 }, (run) => {
    if (isCut()) return undefined;
    expect(run.outcome).toBe("passed");
    hasher.hash(run.x);
    traces.add(hasher.trace);
    complete++;
    return undefined;
  });
  expect(finished).toBe(true);
  return { traces, complete };
}

describe.each(PROGRAMS)("%s", (_name, threads, figures) => {
  it.each(MEMORY_MODELS)("has one complete execution for each trace in sleep sets, and the same traces in DPOR: %s", (memory) => {
    const sleeping = new SleepSets();
    const slept = explored(threads, memory, sleeping, () => sleeping.cut);
    const dpor = new Dpor();
    const reduced = explored(threads, memory, dpor, () => false);

    if (figures !== null) expect(slept.traces.size).toBe(figures[memory]);
    expect(slept.complete).toBe(slept.traces.size);
    expect(reduced.traces).toEqual(slept.traces);
    expect([dpor.infeasible, dpor.covered]).toEqual([0, 0]);
  });
});
