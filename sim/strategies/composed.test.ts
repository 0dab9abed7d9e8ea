import { describe, expect, it } from "vitest";
import type { Execution } from "../execution.ts";
import { explore, type Program } from "../explorer.ts";
import { Op } from "../operation.ts";
import type { Routine } from "../point.ts";
import type { Strategy } from "../strategy.ts";
import { Struct, word } from "../memory.ts";
import { crossedLocks, independent, reorder } from "../test-programs.ts";
import { DelayBounded } from "./delay-bounded.ts";
import { HandWritten } from "./hand-written.ts";
import { strategyNamed } from "./index.ts";
import { Mutate } from "./mutate.ts";
import { Portfolio } from "./portfolio.ts";
import { RandomWalk } from "./random-walk.ts";
import { keepRuns } from "./requirements.ts";
import { RoundBounded } from "./round-bounded.ts";
import { Twice } from "./twice.ts";
import { Urw } from "./urw.ts";

const LIMITS = { stepsMax: 2_000, noProgressMax: 1_000, ticksMax: 0 };

/** One waits for a flag by looking at it again and again, the other sets it. */
class Flag extends Struct {
  readonly set = word<number>(this, 0);
}
const spinning: Program = {
  setup(x) {
    const flag = new Flag(x, "flag");
    x.spawn("waiter", function* (): Routine<void> {
      while ((yield* flag.set.load()) === 0);
    });
    x.spawn("setter", function* (): Routine<void> {
      yield* x.pause(Op.Yield);
      yield* flag.set.store(1);
    });
  },
};

/** Contexts with so many dependent steps each: as many classes as interleavings. */
const dependentSteps = (...steps: readonly number[]): Program => ({
  setup(x: Execution) {
    const object = x.register({ label: "shared" });
    steps.forEach((count, i) => {
      x.spawn(`t${String(i)}`, function* (): Routine<void> {
        for (let n = 0; n < count; n++) yield* x.pause(Op.Rmw, object);
      });
    });
  },
});

describe("a fair variant", () => {
  const outcomes = (spec: string): ReadonlySet<string> => {
    const seen = new Set<string>();
    explore({ program: spinning, strategy: strategyNamed(spec), seed: "fair", runs: 200, limits: LIMITS }, ({ outcome }) => {
      seen.add(outcome);
      return undefined;
    });
    return seen;
  };

  it.each(["fair", "fair(pct,n=100)", "fair(pct,n=7,suffix=round-robin)", "fair(pos,n=50)"])("ends a wait that turns in circles (%s, 200 seeds)", (spec) => {
    expect([...outcomes(spec)]).toEqual(["passed"]);
  });

  it("is what its prefix is, up to there", () => {
    const program = independent(4, 4);
    const strategies = (spec: string): readonly unknown[] => keepRuns(() => strategyNamed(spec), program, 30);

    expect(strategies("fair(pct,n=999,d=3)")).toEqual(strategies("pct(3,k=999)"));
    expect([...outcomes("pct(1,k=999)")].length).toBe(2);
  });
});

describe("bounded searches", () => {
  const executions = (program: Program, strategy: Strategy & { readonly executions: number }): number => {
    expect(explore({ program, strategy, seed: "", runs: 100_000 }, () => undefined).finished).toBe(true);
    return strategy.executions;
  };

  it("make permutations with at most so many inversions of single steps (delays)", () => {
    const cumulative = [0, 1, 2, 3, 4].map((bound) => executions(independent(1, 1, 1, 1), new DelayBounded(bound)));

    expect(cumulative).toEqual([1, 4, 9, 15, 20]);
    expect(executions(independent(1, 1, 1, 1), new DelayBounded())).toBe(24);
  });

  it("make permutations with at most so many descents of single steps (rounds)", () => {
    const cut = new RoundBounded(0);
    executions(independent(1, 1, 1, 1), cut);

    expect(executions(independent(1, 1, 1, 1), new RoundBounded())).toBe(24);
    expect(executions(independent(1), new RoundBounded(0))).toBe(1);
    expect(cut.cut).toBe(false);
  });

  it("go on from a checkpoint", () => {
    const first = new DelayBounded(2);
    explore({ program: reorder(2, 1), strategy: first, seed: "", runs: 10 }, () => undefined);
    const second = new DelayBounded(2);
    second.resume(structuredClone(first.checkpoint()));

    expect(executions(reorder(2, 1), second)).toBe(executions(reorder(2, 1), new DelayBounded(2)));
  });
});

describe.each<[string, () => Strategy & { readonly classes: number }]>([
  ["mutate", () => new Mutate()],
  ["portfolio", () => new Portfolio([new RandomWalk(), new Urw(), new Mutate()])],
])("%s", (_name, make) => {
  const program = dependentSteps(1, 25);

  it("shows more classes than a random walk in as many runs", () => {
    const strategy = make();
    explore({ program, strategy, seed: "classes", runs: 400 }, () => undefined);
    const walk = new Portfolio([new RandomWalk()]);
    explore({ program, strategy: walk, seed: "classes", runs: 400 }, () => undefined);

    expect(strategy.classes).toBeGreaterThan(walk.classes);
    expect(strategy.classes).toBeLessThanOrEqual(26);
  });

  it("goes on from a checkpoint as if nothing had been", () => {
    const whole: bigint[] = [];
    explore({ program, strategy: make(), seed: "s", runs: 60 }, (run) => void whole.push(run.hash()));
    const parts: bigint[] = [];
    const first = make();
    explore({ program, strategy: first, seed: "s", runs: 25 }, (run) => void parts.push(run.hash()));
    const second = make();
    second.resume?.(structuredClone(first.checkpoint?.()));
    explore({ program, strategy: second, seed: "s", firstRun: 25, runs: 35 }, (run) => void parts.push(run.hash()));

    expect(parts).toEqual(whole);
  });
});

describe("the portfolio", () => {
  it("gives most runs to whom it pays", () => {
    const strategy = new Portfolio([new HandWritten(""), new Urw()]);
    explore({ program: dependentSteps(2, 12), strategy, seed: "s", runs: 160 }, () => undefined);

    const [[, byHand], [, urw]] = strategy.shares as [[string, number], [string, number]];
    expect(byHand + urw).toBe(160);
    expect(urw).toBeGreaterThan(120);
  });

  it("ends when all its members are over", () => {
    const strategy = new Portfolio([new DelayBounded(0), new DelayBounded(1)]);

    expect(explore({ program: independent(1, 1, 1), strategy, seed: "s", runs: 100 }, () => undefined)).toEqual({ runs: 4, finished: true });
  });
});

describe("a schedule by hand", () => {
  const ran = (text: string): { readonly steps: string; readonly failure: string | null } => {
    let steps = "";
    let failure: string | null = null;
    const program: Program = {
      setup(x) {
        for (const name of ["a", "b"]) {
          x.spawn(name, function* (): Routine<void> {
            for (let i = 0; i < 3; i++) {
              yield* x.pause(Op.Yield);
              steps += name;
            }
          });
        }
      },
    };
    explore({ program, strategy: new HandWritten(text), seed: "", runs: 1 }, (run) => {
      failure = run.failure?.message ?? null;
      return undefined;
    });
    return { steps, failure };
  };

  it.each([
    ["", "aaabbb"],
    ["b", "bbbaaa"],
    ["b, a", "baaabb"],
    ["a>b>a", "abaabb"],
    ["b*2, a*", "bbaaab"],
    ["b*,a", "bbbaaa"],
    ["a,b,a,b,a,b", "ababab"],
  ])("%j goes on as %s", (text, steps) => {
    expect(ran(text)).toEqual({ steps, failure: null });
  });

  it.each([
    ["a, c", "turn 2 of the schedule: c cannot go on after 0 steps of it."],
    ["a*4", "turn 1 of the schedule: a cannot go on after 3 steps of it."],
  ])("%j is refused where it cannot go on", (text, message) => {
    expect(ran(text).failure).toBe(message);
  });

  it("leads into the deadlock it was written for", () => {
    let outcome = "";
    explore({ program: crossedLocks, strategy: strategyNamed("schedule(ab,ba,ab*,ba*)"), seed: "", runs: 1 }, (run) => {
      outcome = run.failure?.kind ?? "";
      return undefined;
    });

    expect(outcome).toBe("Stuck");
  });
});

it("a strategy run twice says what it found different", () => {
  let runs = 0;
  const program: Program = {
    setup(x) {
      independent(runs++ % 2 === 0 ? 2 : 3).setup(x);
    },
  };
  const strategy = strategyNamed("twice(pos)");
  explore({ program, strategy, seed: "s", runs: 2 }, () => undefined);

  expect(strategy).toBeInstanceOf(Twice);
  expect(strategy.divergence?.kind).toBe("Divergence");
});
