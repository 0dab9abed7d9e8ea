import { describe, expect, it } from "vitest";
import type { Context } from "./context.ts";
import { Execution } from "./execution.ts";
import { explore, replay, type Program } from "./explorer.ts";
import { Gate } from "./gate.ts";
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";
import { Struct, atomic, word } from "./memory.ts";
import { Op, opKind, packOp } from "./operation.ts";
import type { Routine } from "./point.ts";
import { Recording, entries } from "./recording.ts";
import { Exhaustive } from "./strategies/exhaustive.ts";
import { RandomWalk } from "./strategies/random-walk.ts";
import { crossedLocks } from "./test-programs.ts";

const byDefault = (setup: (x: Execution) => void, limits: Limits = DEFAULT_LIMITS): ReturnType<typeof replay> =>
  replay({ setup }, { schedule: [], draws: [] }, { limits });

/** What was said in each of all schedules. */
function stories(setup: (x: Execution, say: (what: string) => void) => void): readonly string[] {
  const all = new Set<string>();
  let said: string[] = [];
  const program: Program = {
    setup(x) {
      said = [];
      setup(x, (what) => void said.push(what));
    },
  };
  explore({ program, strategy: new Exhaustive(), seed: "none", runs: 10_000 }, ({ outcome, failure }) => {
    all.add(outcome === "passed" ? said.join(" ") : (failure?.id ?? outcome));
    return undefined;
  });
  return [...all].sort();
}

function* say(x: Execution, tell: (what: string) => void, ...words: readonly string[]): Routine<void> {
  for (const each of words) {
    yield* x.pause(Op.Yield);
    tell(each);
  }
}

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

describe("interrupt lines", () => {
  const withLine = (
    body: (x: Execution, tell: (what: string) => void, line: Context) => Routine<void>,
  ): readonly string[] =>
    stories((x, tell) => {
      const cpu = x.processor();
      const line = x.line("irq", cpu, () => say(x, tell, "irq"));
      x.setThread(cpu, x.thread("t", cpu, () => body(x, tell, line)));
    });

  it("begin at any point once raised, and disable the thread until they end", () => {
    expect(withLine(function* (x, tell, line) {
      x.raise(line);
      yield* say(x, tell, "1", "2");
    })).toEqual(["1 2 irq", "1 irq 2", "irq 1 2"]);
  });

  it("do not begin on a masked CPU", () => {
    expect(withLine(function* (x, tell, line) {
      x.raise(line);
      x.mask(line.cpu!, true);
      yield* say(x, tell, "1", "2");
      x.mask(line.cpu!, false);
    })).toEqual(["1 2 irq"]);
  });

  it("do not begin after they were lowered", () => {
    expect(withLine(function* (x, tell, line) {
      x.raise(line);
      x.mask(line.cpu!, true);
      yield* say(x, tell, "1");
      x.lower(line);
      x.mask(line.cpu!, false);
      yield* say(x, tell, "2");
    })).toEqual(["1 2"]);
  });

  it("do not nest on each other", () => {
    expect(stories((x, tell) => {
      const cpu = x.processor();
      for (const name of ["a", "b"]) x.raise(x.line(name, cpu, () => say(x, tell, `${name}1`, `${name}2`)));
    })).toEqual(["a1 a2 b1 b2", "b1 b2 a1 a2"]);
  });

  it("are recorded with their begin and their end", () => {
    const { x } = byDefault((run) => {
      const cpu = run.processor();
      run.raise(run.line("irq", cpu, () => say(run, () => undefined, "irq")));
    });

    const kinds = [...entries(x.recording.log)].map((entry) => (entry.kind === "switch" ? "switch" : opKind(entry.word)));
    expect(kinds).toEqual(["switch", Op.Begin, Op.Yield, Op.End]);
  });
});

describe("threads of a CPU", () => {
  it("run one at a time, in the order their CPU is given to them", () => {
    expect(stories((x, tell) => {
      const cpu = x.processor();
      const queue = ["b", "c"].map((name) => x.thread(name, cpu, () => say(x, tell, name)));
      cpu.dispatch = () => queue.shift() ?? null;
      x.setThread(cpu, x.thread("a", cpu, () => say(x, tell, "a")));
    })).toEqual(["a b c"]);
  });

  it("come back where they switched away", () => {
    expect(stories((x, tell) => {
      const cpu = x.processor();
      const first: Context = x.thread("first", cpu, function* (): Routine<void> {
        yield* say(x, tell, "1");
        yield* x.switchTo(second);
        tell("3");
      });
      const second: Context = x.thread("second", cpu, function* (): Routine<void> {
        yield* say(x, tell, "2");
        yield* x.switchTo(first);
      });
      x.setThread(cpu, first);
    })).toEqual(["1 2 3"]);
  });

  it("may not switch from under an interrupt", () => {
    expect(stories((x) => {
      const cpu = x.processor();
      const thread = x.thread("t", cpu, () => say(x, () => undefined, "t"));
      x.raise(x.line("irq", cpu, function* (): Routine<void> {
        yield* x.switchTo(thread);
      }));
    })).toEqual(["switch-off-cpu"]);
  });
});

describe("agents", () => {
  it("stay blocked until they are unblocked; unblocking again is harmless", () => {
    expect(stories((x, tell) => {
      const sleeper = x.spawn("sleeper", function* (): Routine<void> {
        yield* x.block(packOp(Op.Sleep, 0));
        tell("woken");
      });
      x.spawn("waker", function* (): Routine<void> {
        yield* say(x, tell, "wakes");
        x.unblock(sleeper);
        x.unblock(sleeper);
      });
    })).toEqual(["wakes woken"]);
  });
});

describe("a gate", () => {
  it("lets one context in at a time, whichever the strategy picks", () => {
    expect(stories((x, tell) => {
      const gate = new Gate(x, "gate");
      for (const name of ["a", "b"]) {
        x.spawn(name, function* (): Routine<void> {
          yield* gate.acquire();
          tell(`${name}<`);
          yield* x.pause(Op.Yield);
          tell(`${name}>`);
          yield* gate.release();
        });
      }
    })).toEqual(["a< a> b< b>", "b< b> a< a>"]);
  });

  it("can be found held between acquire and release", () => {
    expect(stories((x, tell) => {
      const gate = new Gate(x, "gate");
      x.spawn("holder", function* (): Routine<void> {
        yield* gate.acquire();
        yield* gate.release();
      });
      x.spawn("trier", function* (): Routine<void> {
        tell(String(yield* gate.try()));
      });
    })).toEqual(["false", "true"]);
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
