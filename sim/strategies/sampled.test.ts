import { describe, expect, it } from "vitest";
import { explore, type Program } from "../explorer.ts";
import type { Strategy } from "../strategy.ts";
import { crossedLocks, reorder } from "../test-programs.ts";
import { Pct } from "./pct.ts";
import { RandomWalk } from "./random-walk.ts";

const RUNS = 20_000;

/** How often a program fails, and how far from `expected` chance alone may lead (4 sigma). */
function frequency(program: Program, strategy: Strategy): number {
  let failed = 0;
  explore({ program, strategy, seed: "sampled", runs: RUNS }, (run) => {
    if (run.outcome === "failed") failed++;
    return undefined;
  });
  return failed / RUNS;
}

const tolerance = (p: number): number => 4 * Math.sqrt((p * (1 - p)) / RUNS);

// How often random walk, PCT and POS find the bugs of SCTBench is held against exact probabilities in programs/schedules.

describe("random walk", () => {
  it("finds deadlock01_bad with its exact probability", () => {
    expect(Math.abs(frequency(crossedLocks, new RandomWalk()) - 1 / 2)).toBeLessThan(tolerance(1 / 2));
  });
});

describe("PCT", () => {
  it.each([
    [2, 1 / 12],
    [3, 7 / 48],
  ])("finds deadlock01_bad with its exact probability (d %i, k 12)", (depth, p) => {
    expect(Math.abs(frequency(crossedLocks, new Pct({ depth, steps: 12 })) - p)).toBeLessThan(tolerance(p));
  });

  it("never finds at depth 1 what needs two ordering constraints", () => {
    expect(frequency(reorder(2, 1), new Pct({ depth: 1 }))).toBe(0);
  });

  it("learns the length of a run from the runs before", () => {
    const learned = frequency(reorder(2, 1), new Pct({ depth: 2 }));

    expect(learned).toBeGreaterThan(0);
  });
});
