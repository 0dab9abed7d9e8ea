import { describe, expect, it } from "vitest";
import { Execution } from "./execution.ts";
import { explore, replay, type Program } from "./explorer.ts";
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";
import { Struct, atomic, word } from "./memory.ts";
import { Op, opKind } from "./operation.ts";
import type { Routine } from "./point.ts";
import { Recording, entries } from "./recording.ts";
import { RandomWalk } from "./strategies/random-walk.ts";
import { crossedLocks } from "./test-programs.ts";
import { say, stories } from "./test-stories.ts";

const byDefault = (setup: (x: Execution) => void, limits: Limits = DEFAULT_LIMITS): ReturnType<typeof replay> =>
  replay({ setup }, { schedule: [], draws: [] }, { limits });

describe("a run", () => {
  it("suspends only on a real switch", () => {
    const { steps, switches } = byDefault((x) => void x.spawn("t", () => say(x, () => undefined, "a", "b", "c")));

    expect({ steps, switches }).toEqual({ steps: 4, switches: 1 });
  });

  it("starts a context without a step: its first point is pending before the first choice", () => {
    expect(stories((x, tell) => {
      for (const name of ["a", "b"]) {
        x.spawn(name, function* (): Routine<void> {
          tell(`${name}0`);
          yield* say(x, tell, `${name}1`);
        });
      }
    })).toEqual(["a0 b0 a1 b1", "a0 b0 b1 a1"]);
  });

  it("is inconclusive at the step bound", () => {
    const { outcome, bound, steps } = byDefault((x) => {
      x.spawn("loop", function* (): Routine<void> {
        for (;;) {
          x.progress();
          yield* x.pause(Op.Yield);
        }
      });
    }, { ...DEFAULT_LIMITS, stepsMax: 1000 });

    expect({ outcome, bound, steps }).toEqual({ outcome: "inconclusive", bound: "steps", steps: 1000 });
  });

  it.each([1, 2])("is inconclusive when nothing useful happens (%i contexts)", (contexts) => {
    const { outcome, bound, steps } = byDefault((x) => {
      for (let i = 0; i < contexts; i++) {
        x.spawn("loop", function* (): Routine<void> {
          for (let turn = 0; ; turn++) {
            if (turn === 10 && i === 0) x.progress();
            yield* x.pause(Op.Yield);
          }
        });
      }
    }, { ...DEFAULT_LIMITS, noProgressMax: 100 });

    expect({ outcome, bound }).toEqual({ outcome: "inconclusive", bound: "progress" });
    expect(steps).toBe(110 + contexts - 1);
  });

  it("grows its recording as far as the bound lets it", () => {
    const { outcome, steps } = byDefault((x) => {
      const value = atomic(new Struct(x, "s"), 0);
      for (const name of ["a", "b"]) {
        x.spawn(name, function* (): Routine<void> {
          for (let i = 0; i < 10_000; i++) yield* value.add(1);
        });
      }
    }, { ...DEFAULT_LIMITS, noProgressMax: 40_000 });

    expect({ outcome, steps }).toEqual({ outcome: "passed", steps: 20_002 });
  });

  it("ends with misuse when the result of a primitive was dropped", () => {
    const { failure } = byDefault((x) => {
      x.spawn("careless", function* (): Routine<void> {
        yield* x.pause(Op.Yield);
        void x.pause(Op.Yield);
        yield* x.pause(Op.Yield);
      });
    });

    expect(failure).toMatchObject({ kind: "Misuse", id: "missing-yield" });
  });

  it("notices a dropped last result as well", () => {
    const { failure } = byDefault((x) => {
      x.spawn("careless", function* (): Routine<void> {
        yield* x.pause(Op.Yield);
        void x.pause(Op.Yield);
      });
    });

    expect(failure?.id).toBe("missing-yield");
  });

  it("settles what setup started without a choice", () => {
    const program: Program = {
      setup(x) {
        for (const name of ["a", "b"]) x.spawn(name, () => say(x, () => undefined, "1", "2"));
        x.settle();
        expect(x.enabled).toHaveLength(0);
        x.spawn("c", () => say(x, () => undefined, "3"));
      },
    };

    explore({ program, strategy: new RandomWalk(), seed: "s", runs: 20 }, (run) => {
      expect(run.outcome).toBe("passed");
      expect(run.choices().schedule).toEqual([]);
      return undefined;
    });
  });
});

describe("an observer", () => {
  it("sees every announcement and switch, leases or not, and changes nothing", () => {
    const choices = { schedule: [3, 2], draws: [] };
    const plain = replay(crossedLocks, choices);
    const log: number[] = [];
    const watched = replay(crossedLocks, choices, {
      observer: {
        announced: (_context, word, at) => void (log[at] = word),
        switched: () => undefined,
        value: () => undefined,
        note: () => undefined,
      },
    });

    expect([...watched.x.recording.log]).toEqual([...plain.x.recording.log]);
    for (const entry of entries(watched.x.recording.log)) {
      if (entry.kind === "operation" && opKind(entry.word) !== Op.Exit) expect(log[entry.at]).toBe(entry.word);
    }
  });

  it("sees what is written, before and after", () => {
    const seen: unknown[] = [];
    replay({
      setup(x) {
        const cell = word(new Struct(x, "s"), 1);
        x.spawn("t", function* (): Routine<void> {
          yield* cell.store(2);
        });
      },
    }, { schedule: [], draws: [] }, {
      observer: {
        announced: () => undefined,
        switched: ({ name }) => void seen.push(name),
        value: (_cell, before, after) => void seen.push([before, after]),
        note: () => undefined,
      },
    });

    expect(seen).toEqual(["t", [1, 2]]);
  });
});

describe("a recording", () => {
  it("is reused without a trace of the run before", () => {
    const recording = new Recording();
    const logs = ["x", "x"].map((seed) => {
      const strategy = new RandomWalk();
      strategy.begin(seed);
      const x = new Execution(strategy, recording);
      x.run(() => crossedLocks.setup(x));
      return [...recording.log];
    });

    expect(logs[0]).toEqual(logs[1]);
  });
});
