import { describe, expect, it } from "vitest";
import type { Context } from "./context.ts";
import type { Execution } from "./execution.ts";
import { replay } from "./explorer.ts";
import { Gate } from "./gate.ts";
import { Op, opKind, packOp } from "./operation.ts";
import type { Routine } from "./point.ts";
import { entries } from "./recording.ts";
import { say, stories } from "./test-stories.ts";

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
    const setup = (run: Execution): void => {
      const cpu = run.processor();
      run.raise(run.line("irq", cpu, () => say(run, () => undefined, "irq")));
    };
    const { x } = replay({ setup }, { schedule: [], draws: [] });

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
