import { describe, expect, it } from "vitest";
import { explore, type Program } from "../explorer.ts";
import { fail } from "../failure.ts";
import { account, crossedLocks, independent, reorder, twoStage } from "../test-programs.ts";
import { Exhaustive } from "./exhaustive.ts";

interface Count {
  readonly executions: number;
  readonly failed: number;
  readonly distinct: number;
}

function count(program: Program, bound?: number): Count {
  const strategy = new Exhaustive(bound);
  const hashes = new Set<bigint>();
  let failed = 0;
  const { runs, finished } = explore(
    { program, strategy, seed: "none", runs: 1_000_000 },
    (run) => {
      hashes.add(run.hash());
      if (run.outcome === "failed") failed++;
      return undefined;
    },
  );
  expect(finished).toBe(true);
  expect(strategy.exhausted).toBe(true);
  expect(strategy.executions).toBe(runs);
  return { executions: runs, failed, distinct: hashes.size };
}

/** Interleavings of two threads by brute force, with their preemptions. */
function interleavings(a: number, b: number, bound: number): number {
  const walk = (left: readonly [number, number], last: number, preemptions: number): number => {
    if (preemptions > bound) return 0;
    if (left[0] === 0 && left[1] === 0) return 1;
    let sum = 0;
    for (const thread of [0, 1] as const) {
      if (left[thread] === 0) continue;
      const rest: [number, number] = [left[0], left[1]];
      rest[thread]--;
      const preempts = last >= 0 && last !== thread && left[last as 0 | 1] > 0;
      sum += walk(rest, thread, preemptions + (preempts ? 1 : 0));
    }
    return sum;
  };
  return walk([a, b], -1, 0);
}

describe("exhaustive search", () => {
  it.each([
    [[1, 1], 2],
    [[2, 2], 6],
    [[3, 3], 20],
    [[5, 5], 252],
    [[2, 3], 10],
    [[2, 2, 2], 90],
    [[1, 1, 1, 1], 24],
  ])("runs every interleaving of independent threads once (steps %j: %i)", (steps, expected) => {
    const { executions, distinct } = count(independent(...steps));

    expect(executions).toBe(expected);
    expect(distinct).toBe(expected);
  });

  it.each([
    [3, 3, 0, 2],
    [3, 3, 1, 6],
    [3, 3, 2, 14],
    [3, 3, 3, 18],
    [3, 3, 4, 20],
    [4, 2, 0, 2],
    [4, 2, 1, 6],
    [4, 2, 2, 12],
  ])("stops at the preemption bound (%i and %i steps, %i preemptions: %i)", (a, b, bound, expected) => {
    expect(interleavings(a, b, bound)).toBe(expected);

    expect(count(independent(a, b), bound).executions).toBe(expected);
  });

  // Golden numbers: SCTBench programs on sequentially consistent models, counted by independent enumeration.
  it.each<[string, Program, number, number]>([
    ["account_bad", account, 2, 6],
    ["deadlock01_bad", crossedLocks, 2, 6],
    ["reorder_3_bad", reorder(2, 1), 8, 162],
    ["reorder_4_bad", reorder(3, 1), 57, 6573],
    ["twostage_bad", twoStage, 1, 72],
  ])("agrees with the published counts of %s", (_name, program, failed, executions) => {
    expect(count(program)).toMatchObject({ executions, failed });
  });

  it("enumerates data choices as well", () => {
    const drawn: string[] = [];
    const program: Program = {
      setup(x) {
        drawn.push(`${String(x.draw(2))}${String(x.draw(3))}`);
      },
    };

    expect(count(program).executions).toBe(6);
    expect(drawn).toEqual(["00", "01", "02", "10", "11", "12"]);
  });

  it("goes on after failed runs, and finds every one", () => {
    const program: Program = {
      setup(x) {
        if (x.draw(3) === 1) fail("Violation", "one", "It was one.");
      },
    };

    expect(count(program)).toMatchObject({ executions: 3, failed: 1 });
  });

  it("needs one preemption for the reordered stores and none for the account", () => {
    expect(count(reorder(2, 1), 0).failed).toBe(0);
    expect(count(reorder(2, 1), 1).failed).toBeGreaterThan(0);
    expect(count(account, 0).failed).toBe(2);
    expect(count(crossedLocks, 0).failed).toBe(0);
    expect(count(crossedLocks, 1).failed).toBe(2);
  });

  it("reports a program that does not repeat itself", () => {
    let runs = 0;
    const program: Program = {
      setup(x) {
        x.draw(runs++ === 0 ? 2 : 3);
      },
    };
    const outcomes: unknown[] = [];

    explore({ program, strategy: new Exhaustive(), seed: "none", runs: 2 }, (run) => {
      outcomes.push(run.failure?.kind ?? null);
      return undefined;
    });

    expect(outcomes).toEqual([null, "Divergence"]);
  });
});
