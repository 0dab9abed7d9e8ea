import { describe, expect, it } from "vitest";
import { executionUnder } from "../buffered-execution.ts";
import { explore, runProgram, type Program } from "../explorer.ts";
import { Recording } from "../recording.ts";
import type { RunResult } from "../run-result.ts";
import { account, crossedLocks, reorder } from "../test-programs.ts";
import { TraceHasher } from "../trace-class.ts";
import { Traced } from "./dpor/traced.ts";
import { Following } from "./following.ts";
import { RandomWalk } from "./random-walk.ts";
import { Dpor } from "./dpor/index.ts";
import type { Strategy } from "../strategy.ts";

const hasher = new TraceHasher();

function traced(program: Program, inner: Strategy): { readonly strategy: Traced; readonly result: RunResult; readonly choices: string; readonly trace: bigint } {
  const strategy = new Traced(inner);
  const recording = new Recording();
  strategy.begin("seed");
  const x = executionUnder("sc", strategy, recording);
  const result = runProgram(x, program);
  strategy.end(x);
  return { strategy, result, choices: JSON.stringify(recording.choices), trace: hasher.hash(x) };
}

const PROGRAMS = { account, crossedLocks, reorder: reorder(2, 1) };

describe("a traced run", () => {
  it.each(Object.entries(PROGRAMS))("of %s is followed to the same choices", (_name, program) => {
    const run = traced(program, new RandomWalk());
    expect(traced(program, new Following(run.strategy.course)).choices).toBe(run.choices);
  });

  it.each(Object.entries(PROGRAMS))("of %s leads to every trace, reversal by reversal", (_name, program) => {
    const wanted = new Set<bigint>();
    explore({ program, strategy: new Dpor(), seed: "none", runs: 100_000 }, ({ x, failure }) => {
      // Behind a failure, traces differ by what was cut off.
      if (failure === null) wanted.add(hasher.hash(x));
      return undefined;
    });
    const seen = new Set<bigint>();
    const left = [traced(program, new RandomWalk())];
    for (let run = left.pop(); run !== undefined; run = left.pop()) {
      if (seen.has(run.trace)) continue;
      seen.add(run.trace);
      for (const { course } of run.strategy.reversals) left.push(traced(program, new Following(course)));
    }
    expect([...wanted].filter((trace) => !seen.has(trace))).toEqual([]);
    expect(wanted.size).toBeGreaterThan(0);
  });
});
