import { describe, expect, it } from "vitest";
import { Execution } from "../execution.ts";
import { explore, replay, type Program } from "../explorer.ts";
import { Op } from "../operation.ts";
import { Recording } from "../recording.ts";
import type { Routine } from "../point.ts";
import { crossedLocks, independent, reorder, twoStage } from "../test-programs.ts";
import { STRATEGIES, strategyNamed } from "./index.ts";
import { Replay } from "./replay.ts";
import { keepRuns, repeatRuns } from "./requirements.ts";
import { RandomWalk } from "./random-walk.ts";
import { RoundRobin } from "./round-robin.ts";
import { Twice } from "./twice.ts";

const SPECS = [
  "random", "pct", "pct:d=5,k=30", "pos", "round-robin", "round-robin:q=3", "exhaustive",
  "exhaustive:p=999999999", "dpor", "timed", "delays(3)", "rounds(2)", "urw", "surw", "surw(lock>m )", "fair", "fair(urw,n=3,suffix=round-robin)",
  "mutate", "portfolio", "schedule", "twice(pct)",
];

/** Interrupts, draws, blocking: a bit of everything. */
const busy: Program = {
  setup(x) {
    const cpu = x.processor();
    const line = x.line("timer", cpu, function* (): Routine<void> {
      yield* x.pause(Op.Receive, cpu.object);
    });
    const thread = x.thread("thread", cpu, function* (): Routine<void> {
      for (let i = 0; i < 4; i++) {
        x.draw(3);
        yield* x.pause(Op.Yield);
      }
    });
    x.spawn("device", function* (): Routine<void> {
      for (let i = 0; i < 3; i++) {
        yield* x.delay(10);
        x.raise(line);
      }
    });
    x.setThread(cpu, thread);
  },
};

describe.each(SPECS)("strategy %s", (spec) => {
  it.each<[string, Program]>([
    ["locks", crossedLocks],
    ["words", reorder(2, 1)],
    ["interrupts", busy],
  ])("makes the same recordings again from the same 25 seeds (%s)", (_name, program) => {
    const runs = keepRuns(() => strategyNamed(spec), program, 25);

    expect(runs.length).toBeGreaterThan(0);
    expect(keepRuns(() => strategyNamed(spec), program, 25)).toEqual(runs);
  });

  it("passes its own run-twice check", () => {
    const twice = new Twice(strategyNamed(spec));

    explore({ program: busy, strategy: twice, seed: "twice", runs: 50 }, () => undefined);

    expect(twice.divergence).toBeNull();
  });
});

describe("the choices of a run", () => {
  // A timed run is repeated from its cost table instead.
  it.each(SPECS.filter((spec) => spec !== "timed"))("repeat it exactly (%s)", (spec) => {
    const runs = keepRuns(() => strategyNamed(spec), busy, 25);

    expect(repeatRuns(busy, runs)).toEqual(runs);
  });
});

describe("round-robin", () => {
  it("gives every context a quantum in turn (2 contexts, quantum 2)", () => {
    const [run] = keepRuns(() => new RoundRobin(2), independent(4, 4), 1);

    // a runs 2 steps, b 2, a 2 and b 2.
    expect(run!.choices.schedule.filter((_, i) => i % 2 === 1)).toEqual([2, 1]);
  });
});

describe("replay", () => {
  it("says which choice was impossible", () => {
    const { departure, outcome } = replay(independent(2, 2), { schedule: [2, 9], draws: [] });

    expect(departure).toEqual({ kind: "impossible", what: "schedule", at: 2, value: 9 });
    expect(outcome).toBe("passed");
  });

  it("says which choice was never asked for", () => {
    const { departure } = replay(independent(2, 2), { schedule: [3, 2, 99, 1], draws: [] });

    expect(departure).toEqual({ kind: "unused", what: "schedule", at: 99, value: 1 });
  });

  it("says which draw was left over or out of range", () => {
    const program: Program = { setup: (x) => void x.draw(2) };

    expect(replay(program, { schedule: [], draws: [0, 5] }).departure?.kind).toBe("impossible");
    expect(replay(program, { schedule: [], draws: [3, 1] }).departure?.kind).toBe("unused");
    expect(replay(program, { schedule: [], draws: [0, 1] }).departure).toBeNull();
  });

  it("takes the default where there are no choices", () => {
    const strategy = new Replay({ schedule: [], draws: [] });
    const recording = new Recording();
    const x = new Execution(strategy, recording);

    const result = x.run(() => twoStage.setup(x));

    expect(result.switches).toBe(2);
    expect(recording.choices).toEqual({ schedule: [], draws: [] });
  });
});

describe("the run-twice check", () => {
  it("names the first operation that differs", () => {
    let runs = 0;
    const program: Program = {
      setup(x) {
        const kind = runs++ % 2 === 0 ? Op.Yield : Op.Fence;
        x.spawn("t", function* (): Routine<void> {
          yield* x.pause(Op.Yield);
          yield* x.pause(kind);
        });
      },
    };
    const twice = new Twice(new RandomWalk());

    explore({ program, strategy: twice, seed: "s", runs: 2 }, () => undefined);

    expect(twice.divergence).toMatchObject({
      kind: "Divergence",
      facts: [["expected", "t: yield"], ["got", "t: fence"]],
    });
  });

  it("notices a run that ends early", () => {
    let runs = 0;
    const program: Program = {
      setup(x) {
        const steps = runs++ % 2 === 0 ? 2 : 3;
        independent(steps).setup(x);
      },
    };
    const twice = new Twice(new RandomWalk());

    explore({ program, strategy: twice, seed: "s", runs: 2 }, () => undefined);

    expect(twice.divergence?.facts).toEqual([["expected", "t0: exit context"], ["got", "t0: yield"]]);
  });
});

const NAMES = STRATEGIES.map(({ name }) => name);

describe("strategies by name", () => {
  it.each([
    ["pct:d=2", "pct(2)"],
    ["pct:d=2,k=30", "pct(2, k=30)"],
    ["round-robin:q=3", "round-robin(3)"],
    ["pct", "pct()"],
  ])("reads %j like %j", (colon, brackets) => {
    const runs = keepRuns(() => strategyNamed(colon), busy, 10);

    expect(keepRuns(() => strategyNamed(brackets), busy, 10)).toEqual(runs);
    expect(runs).not.toEqual(keepRuns(() => strategyNamed("random"), busy, 10));
  });

  it.each(NAMES)("makes %s without parameters", (name) => {
    expect(strategyNamed(name).name).toBe(name);
  });

  it.each([
    ["rondom", `no strategy "rondom"; there are ${NAMES.join(", ")}`],
    ["", `no strategy ""; there are ${NAMES.join(", ")}`],
    ["pct:", 'strategy pct has no parameter ""; it has d, k'],
    ["pct:depth=3", 'strategy pct has no parameter "depth"; it has d, k'],
    ["random:d=3", 'strategy random has no parameter "d"; it has none'],
    ["pct:d=0", 'strategy pct: d must be an integer from 1 to 64, not "0"'],
    ["pct:d=1e1", 'strategy pct: d must be an integer from 1 to 64, not "1e1"'],
    ["pct:d", 'strategy pct: d must be an integer from 1 to 64, not ""'],
    ["pct:d=3=4", 'strategy pct: d must be an integer from 1 to 64, not "3=4"'],
    ["pct:d=3,d=4", "strategy pct: d is given twice"],
    ["pct(x)", 'strategy pct: d must be an integer from 1 to 64, not "x"'],
    ["pct(1,2,3)", 'strategy pct has no parameter "3"; it has d, k'],
    ["pct(2,d=3)", "strategy pct: d is given twice"],
    ["twice(dfs)", 'strategy twice: of must be one of random, pct, pos, urw, round-robin, not "dfs"'],
    ["surw(a@b)", 'strategy surw: on must be a text, not "a@b"'],
    ["portfolio(pct,dfs)", 'strategy portfolio: "dfs" cannot be one of several; these can: random, pct, pos, urw, round-robin, surw, mutate'],
    ["round-robin:q=-1", 'strategy round-robin: q must be an integer from 1 to 1000000, not "-1"'],
  ])("refuses %j in one line", (spec, message) => {
    expect(() => strategyNamed(spec)).toThrow(new Error(message));
  });
});
