import { describe, expect, it } from "vitest";
import { explore, type Program } from "../explorer.ts";
import type { Strategy } from "../strategy.ts";
import { account, crossedLocks, reorder, twoStage } from "../test-programs.ts";
import { Pct } from "./pct.ts";
import { Pos } from "./pos.ts";
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

// Golden numbers: exact probabilities of SCTBench programs, computed over all priority orders and change
// points (PCT) and all schedules (random walk); for POS, 200,000 samples of an independent implementation.

describe("random walk", () => {
  it.each<[string, Program, number]>([
    ["account_bad", account, 1 / 3],
    ["deadlock01_bad", crossedLocks, 1 / 2],
    ["reorder_3_bad", reorder(2, 1), 0.049383],
    ["reorder_4_bad", reorder(3, 1), 0.038086],
    ["twostage_bad", twoStage, 1 / 64],
  ])("finds %s with its exact probability", (_name, program, p) => {
    expect(Math.abs(frequency(program, new RandomWalk()) - p)).toBeLessThan(tolerance(p));
  });
});

describe("PCT", () => {
  it.each<[string, Program, number, number, number]>([
    ["account_bad", account, 14, 1, 1 / 3],
    ["deadlock01_bad", crossedLocks, 12, 2, 1 / 12],
    ["deadlock01_bad", crossedLocks, 12, 3, 7 / 48],
    ["reorder_3_bad", reorder(2, 1), 8, 2, 1 / 24],
    ["reorder_3_bad", reorder(2, 1), 8, 3, 13 / 192],
    ["reorder_4_bad", reorder(3, 1), 10, 2, 1 / 40],
    ["twostage_bad", twoStage, 14, 2, 3 / 28],
    ["twostage_bad", twoStage, 14, 3, 57 / 392],
  ])("finds %s with its exact probability (k %i, d %i)", (_name, program, steps, depth, p) => {
    const found = frequency(program, new Pct({ depth, steps }));

    expect(Math.abs(found - p)).toBeLessThan(tolerance(p));
  });

  it("never finds at depth 1 what needs two ordering constraints", () => {
    expect(frequency(reorder(2, 1), new Pct({ depth: 1 }))).toBe(0);
  });

  it("learns the length of a run from the runs before", () => {
    const learned = frequency(reorder(2, 1), new Pct({ depth: 2 }));

    expect(learned).toBeGreaterThan(0);
  });
});

describe("POS", () => {
  it.each<[string, Program, number]>([
    ["account_bad", account, 0.3324],
    ["deadlock01_bad", crossedLocks, 0.3338],
    ["reorder_3_bad", reorder(2, 1), 0.0997],
    ["reorder_4_bad", reorder(3, 1), 0.0796],
    ["twostage_bad", twoStage, 0.0837],
  ])("finds %s as often as an independent implementation", (_name, program, p) => {
    const slack = 4 * Math.sqrt((p * (1 - p)) / 200_000);

    expect(Math.abs(frequency(program, new Pos()) - p)).toBeLessThan(tolerance(p) + slack);
  });
});
