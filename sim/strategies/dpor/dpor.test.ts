import { describe, expect, it } from "vitest";
import type { Execution } from "../../execution.ts";
import { explore, type Program } from "../../explorer.ts";
import { fail } from "../../failure.ts";
import { Gate } from "../../gate.ts";
import { Struct, atomic, type Atomic } from "../../memory.ts";
import { Op } from "../../operation.ts";
import type { Routine } from "../../point.ts";
import type { Strategy } from "../../strategy.ts";
import { crossedLocks, independent, reorder, twoStage } from "../../test-programs.ts";
import { Exhaustive } from "../exhaustive.ts";
import { strategyNamed } from "../index.ts";
import { Dpor } from "./index.ts";
import { REDUCTIONS, count, type Count } from "../test-count.ts";
import { indexer, lastZero, readers, writeThenReadAll } from "./test-families.ts";
import { randomProgram } from "./test-random.ts";

const exactly = (traces: number): Count => ({ traces, covered: 0, infeasible: 0, distinct: traces, failed: 0 });

describe("optimal DPOR visits each trace once, and no run is given up", () => {
  it.each([1, 2, 5, 8])("2^N traces of N readers (N = %i)", (n) => {
    expect(count(readers(n))).toEqual(exactly(2 ** n));
  });

  it.each([2, 3, 5, 7])("(N + 3) 2^(N - 2) traces of lastzero (N = %i)", (n) => {
    expect(count(lastZero(n))).toEqual(exactly((n + 3) * 2 ** (n - 2)));
  });

  it.each([[2, 3], [3, 22], [4, 349]])("write-then-read-all of %i threads: %i", (n, traces) => {
    expect(count(writeThenReadAll(n))).toEqual(exactly(traces));
  });

  it("8 traces of 12 indexers", () => {
    expect(count(indexer(12))).toEqual(exactly(8));
  });

  it("one trace of independent threads", () => {
    expect(count(independent(3, 3, 3))).toEqual(exactly(1));
  });

  it("two traces and a deadlock of crossed locks", () => {
    expect(count(crossedLocks)).toMatchObject({ traces: 3, covered: 0, infeasible: 0, failed: 1 });
  });

  it("finds the failures of programs that fail in the middle", () => {
    expect(count(reorder(2, 1)).failed).toBeGreaterThan(0);
    expect(count(twoStage).failed).toBe(1);
  });
});

/** What a search leaves behind, over all runs. */
function search(seed: string, mix: Parameters<typeof randomProgram>[1], strategy: Strategy): readonly [number, readonly string[]] {
  const { program, story } = randomProgram(seed, mix);
  const stories = new Set<string>();
  let runs = 0;
  const { finished } = explore({ program, strategy, seed: "none", runs: 20_000 }, (run) => {
    if (run.bound === "covered") return undefined;
    runs++;
    stories.add(story());
    return undefined;
  });
  return [finished ? runs : -1, [...stories].sort()];
}

describe("random programs", () => {
  it.each([
    ["words", { threads: 3, acts: 2, locks: false, draws: false }],
    ["locks and tries", { threads: 3, acts: 2, locks: true, draws: false }],
    ["data choices", { threads: 3, acts: 2, locks: false, draws: true }],
    ["all of it", { threads: 3, acts: 2, locks: true, draws: true }],
  ])("all searches see the same outcomes, the reductions the same number of traces (%s)", (_name, mix) => {
    for (let seed = 1; seed <= 40; seed++) {
      const [all, outcomes] = search(String(seed), mix, new Exhaustive());
      if (all < 0) continue;
      const strategies = REDUCTIONS.map((reduction) => new Dpor(reduction));
      const found = strategies.map((strategy) => search(String(seed), mix, strategy));
      const [optimal] = strategies as [Dpor];

      expect({ seed, found }).toEqual({ seed, found: found.map(() => [found[2]?.[0], outcomes]) });
      expect({ seed, covered: optimal.covered, infeasible: optimal.infeasible }).toEqual({ seed, covered: 0, infeasible: 0 });
    }
  });

  // Programs whose reduction is wrong when only the races of new events are looked at, or a comparison that would turn out
  // otherwise in the other order is taken as it was.
  it.each([
    ["50", { threads: 4, acts: 4, locks: false, draws: false }],
    ["64", { threads: 4, acts: 4, locks: false, draws: true }],
    ["76", { threads: 4, acts: 4, locks: true, draws: true }],
  ])("seed %s of larger ones", (seed, mix) => {
    const [[optimal], [sleep]] = [search(seed, mix, new Dpor()), search(seed, mix, new Dpor("sleep"))];

    expect(optimal).toBe(sleep);
    expect(optimal).toBeGreaterThan(0);
  });
});

class Words extends Struct {
  readonly a = atomic(this, 0);
  readonly b = atomic(this, 0);
}

function* store(cell: Atomic<number>): Routine<void> {
  yield* cell.store(1);
}

const pair = (bodies: (x: Execution, words: Words) => readonly (() => Routine<void>)[]): Program => ({
  setup(x) {
    bodies(x, new Words(x, "w")).forEach((body, i) => void x.spawn(`t${String(i)}`, body));
  },
});

describe("what makes an event", () => {
  it("a comparison that fails only looks", () => {
    const compares = (w: Words) => function* (): Routine<void> {
      yield* w.a.cmpset(7, 8);
    };

    expect(count(pair((_x, w) => [compares(w), compares(w), compares(w)]))).toEqual(exactly(1));
  });

  it("a try that fails only looks", () => {
    const program = pair((x) => {
      const gate = new Gate(x, "lock");
      const tries = function* (): Routine<void> {
        yield* gate.try();
      };
      return [tries, tries, tries];
    });

    expect(count(program)).toEqual(exactly(3));
  });

  it("data choices belong to it, in the set-up too", () => {
    const program: Program = {
      setup(x) {
        x.draw(2);
        x.spawn("t", function* (): Routine<void> {
          yield* x.pause(Op.Yield);
          if (x.draw(3) === 2) x.draw(2);
          yield* x.pause(Op.Yield);
        });
      },
    };

    for (const reduction of REDUCTIONS) expect(count(program, reduction)).toMatchObject({ traces: 8, covered: 0 });
  });

  it("what blocks until another context acts comes after it", () => {
    const program = pair((x, w) => {
      const sleeper = function* (): Routine<void> {
        yield* w.a.store(1);
        yield* x.block(0);
        yield* w.b.store(1);
      };
      const waker = function* (): Routine<void> {
        yield* w.a.load();
        const target = x.contexts[1];
        if (target?.blocked === true) x.unblock(target);
      };
      return [sleeper, waker];
    });

    for (const reduction of REDUCTIONS) expect(count(program, reduction)).toMatchObject({ traces: 2, covered: 0, infeasible: 0 });
  });
});

describe("runs that are cut short", () => {
  const failing = pair((_x, w) => [
    function* (): Routine<void> {
      yield* w.a.store(1);
      fail("Violation", "early", "It fails at once.");
    },
    () => store(w.b),
    function* (): Routine<void> {
      if ((yield* w.b.load()) === 1) fail("Violation", "late", "It saw the store.");
    },
  ]);

  it.each(REDUCTIONS)("hide nothing (%s)", (reduction) => {
    const seen = new Set<string>();
    explore({ program: failing, strategy: new Dpor(reduction), seed: "none", runs: 1000 }, ({ failure }) => {
      seen.add(failure?.id ?? "none");
      return undefined;
    });

    expect([...seen].sort()).toEqual(["early", "late"]);
  });

  it("at a bound as well", () => {
    const limits = { stepsMax: 4, noProgressMax: 4, ticksMax: 1 };
    const bounds = new Set<unknown>();
    const { finished } = explore(
      { program: writeThenReadAll(2), strategy: new Dpor(), seed: "none", runs: 1000, limits },
      ({ bound }) => {
        bounds.add(bound);
        return undefined;
      },
    );

    expect(finished).toBe(true);
    expect([...bounds]).toEqual(["steps"]);
  });
});

describe("between two runs", () => {
  it.each(REDUCTIONS)("another instance goes on from a checkpoint, which is plain data (%s)", (reduction) => {
    const program = randomProgram("76", { threads: 4, acts: 4, locks: true, draws: true }).program;
    const straight: bigint[] = [];
    explore({ program, strategy: new Dpor(reduction), seed: "none", runs: 60 }, (run) => void straight.push(run.hash()));
    const cut: bigint[] = [];
    let checkpoint: unknown = null;
    for (let firstRun = 0; firstRun < 60; firstRun += 7) {
      const strategy = new Dpor(reduction);
      if (checkpoint !== null) strategy.resume(checkpoint);
      explore({ program, strategy, seed: "none", runs: Math.min(7, 60 - firstRun), firstRun }, (run) => void cut.push(run.hash()));
      checkpoint = structuredClone(strategy.checkpoint());
    }

    expect(straight.length).toBeGreaterThan(20);
    expect(cut).toEqual(straight);
  });

  it("says about how much is left, and how large its tree is", () => {
    const strategy = new Dpor();
    const left: number[] = [];
    explore({ program: readers(8), strategy, seed: "none", runs: 1000 }, () => void left.push(strategy.left));

    expect(left[128]).toBeGreaterThan(0);
    expect(left.at(-1)).toBe(0);
    expect(strategy.nodes).toBe(0);
    expect(strategy.nodesMax).toBeLessThanOrEqual(300);
    expect(strategy.depthMax).toBe(10);
  });
});

it("has names", () => {
  expect(["dpor", "dpor(source)", "dpor(sleep)"].map((name) => strategyNamed(name).name)).toEqual(["dpor", "dpor(source)", "dpor(sleep)"]);
});
