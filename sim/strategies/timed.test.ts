import { describe, expect, it } from "vitest";
import { replay, explore, type Program } from "../explorer.ts";
import type { Processor } from "../context.ts";
import type { Execution } from "../execution.ts";
import { Gate } from "../gate.ts";
import { Op } from "../operation.ts";
import type { Routine } from "../point.ts";
import { Timed } from "./timed.ts";

/** What happened when, in a timed run. */
function story(program: (x: Execution, say: (what: string) => void) => void): readonly string[] {
  const lines: string[] = [];
  const setup = (x: Execution): void => program(x, (what) => void lines.push(`${String(x.now)} ${what}`));
  explore({ program: { setup }, strategy: new Timed(), seed: "t", runs: 1 }, ({ outcome }) => {
    expect(outcome).toBe("passed");
    return undefined;
  });
  return lines;
}

function* work(x: Execution, say: (what: string) => void, name: string, times: number): Routine<void> {
  for (let i = 0; i < times; i++) {
    yield* x.pause(Op.Fence);
    say(name);
  }
}

describe("timed mode", () => {
  it("lets the CPU with the least clock go on, ties by number", () => {
    const lines = story((x, say) => {
      x.costs = { [Op.Fence]: 10, [Op.Yield]: 25 };
      const [one, two] = [x.processor(), x.processor()];
      x.setThread(one, x.thread("fast", one, () => work(x, say, "fast", 5)));
      const slow = x.thread("slow", two, function* (): Routine<void> {
        for (let i = 0; i < 2; i++) {
          yield* x.pause(Op.Yield);
          say("slow");
        }
      });
      x.setThread(two, slow);
    });

    expect(lines).toEqual(["0 fast", "0 slow", "10 fast", "20 fast", "25 slow", "30 fast", "40 fast"]);
  });

  it("wakes agents at their deadlines", () => {
    const lines = story((x, say) => {
      for (const [name, ns] of [["late", 300], ["early", 100], ["middle", 200]] as const) {
        x.spawn(name, function* (): Routine<void> {
          yield* x.delay(ns);
          say(name);
        });
      }
    });

    expect(lines).toEqual(["100 early", "200 middle", "300 late"]);
  });

  it("begins an interrupt at its CPU's next point and not before it was raised", () => {
    const lines = story((x, say) => {
      x.costs = { [Op.Fence]: 10, [Op.Begin]: 3 };
      const cpu = x.processor();
      const line = x.line("irq", cpu, function* (): Routine<void> {
        yield* x.pause(Op.Receive, cpu.object);
        say("irq");
      });
      x.setThread(cpu, x.thread("thread", cpu, () => work(x, say, "thread", 4)));
      x.spawn("device", function* (): Routine<void> {
        yield* x.delay(15);
        x.raise(line);
      });
    });

    expect(lines).toEqual(["0 thread", "10 thread", "23 irq", "23 thread", "33 thread"]);
  });

  it("makes a waiter wait until the lock is free", () => {
    const lines = story((x, say) => {
      x.costs = { [Op.Acquire]: 5, [Op.Fence]: 100 };
      const lock = new Gate(x, "lock");
      for (const name of ["a", "b"]) {
        const cpu = x.processor();
        x.setThread(cpu, x.thread(name, cpu, function* (): Routine<void> {
          yield* lock.acquire();
          say(`${name} has it`);
          yield* x.pause(Op.Fence);
          yield* lock.release();
        }));
      }
    });

    expect(lines).toEqual(["0 a has it", "105 b has it"]);
  });

  it("does not end a delay before its time, whoever unblocks", () => {
    const lines = story((x, say) => {
      const sleeper = x.spawn("sleeper", function* (): Routine<void> {
        yield* x.delay(300);
        say("sleeper");
      });
      x.spawn("other", function* (): Routine<void> {
        yield* x.delay(100);
        x.unblock(sleeper);
        say("other");
      });
    });

    expect(lines).toEqual(["100 other", "300 sleeper"]);
  });

  it("lets a thread idle, and an interrupt come meanwhile", () => {
    const lines = story((x, say) => {
      x.costs = { [Op.Begin]: 10 };
      const cpu = x.processor();
      const line = x.line("irq", cpu, function* (): Routine<void> {
        yield* x.pause(Op.Receive);
        say("irq");
      });
      x.setThread(cpu, x.thread("thread", cpu, function* (): Routine<void> {
        while (x.now < 500) yield* x.idleUntil(500);
        say("thread");
      }));
      x.spawn("device", function* (): Routine<void> {
        yield* x.delay(200);
        x.raise(line);
      });
    });

    expect(lines).toEqual(["210 irq", "500 thread"]);
  });

  it("counts what a CPU was busy with: operations, work, and waiting for a lock", () => {
    const books: unknown[] = [];
    story((x) => {
      x.costs = { [Op.Acquire]: 5, [Op.Fence]: 10 };
      const lock = new Gate(x, "lock");
      const worker = (cpu: Processor) => function* (): Routine<void> {
        yield* lock.acquire();
        x.spend(100);
        yield* lock.release();
        books.push({ busy: cpu.busy, spun: cpu.spun, here: x.here });
      };
      for (const name of ["a", "b"]) {
        const cpu = x.processor();
        x.setThread(cpu, x.thread(name, cpu, worker(cpu)));
      }
    });

    // a: from 0 to 105. b: waits for it as long, then the same.
    expect(books).toEqual([{ busy: 105, spun: 0, here: 105 }, { busy: 210, spun: 105, here: 210 }]);
  });

  it("charges for what is in another CPU's cache", () => {
    const times = (first: Op, second: Op): readonly string[] => story((x, say) => {
      x.transferCost = 40;
      const object = x.register({ label: "word" });
      const touch = (name: string, at: number, op: Op) => function* (): Routine<void> {
        while (x.now < at) yield* x.idleUntil(at);
        for (let i = 0; i < 2; i++) yield* x.pause(op, object);
        say(`${name} done at ${String(x.here)}`);
      };
      const [one, two] = [x.processor(), x.processor()];
      x.setThread(one, x.thread("one", one, touch("one", 0, first)));
      x.setThread(two, x.thread("two", two, touch("two", 1000, second)));
    });

    // The first touch is free, a second one by the same CPU too.
    expect(times(Op.Store, Op.Store)).toEqual(["0 one done at 0", "1040 two done at 1040"]);
    expect(times(Op.Load, Op.Load)).toEqual(["0 one done at 0", "1040 two done at 1040"]);
    expect(times(Op.Load, Op.Rmw)).toEqual(["0 one done at 0", "1040 two done at 1040"]);
    expect(times(Op.Device, Op.Device)).toEqual(["0 one done at 0", "1000 two done at 1000"]);
  });

  it("lets loads share: a store takes the word away from everybody", () => {
    const lines = story((x, say) => {
      x.transferCost = 40;
      const object = x.register({ label: "word" });
      const steps = (name: string, plan: readonly (readonly [at: number, op: Op])[]) => function* (): Routine<void> {
        for (const [at, op] of plan) {
          while (x.now < at) yield* x.idleUntil(at);
          yield* x.pause(op, object);
          say(`${name} ${String(x.here - at)}`);
        }
      };
      const [one, two] = [x.processor(), x.processor()];
      x.setThread(one, x.thread("one", one, steps("one", [[0, Op.Load], [300, Op.Load], [400, Op.Store]])));
      x.setThread(two, x.thread("two", two, steps("two", [[100, Op.Load], [200, Op.Load], [500, Op.Load]])));
    });

    expect(lines.map((line) => line.split(" ").slice(1).join(" "))).toEqual(
      ["one 0", "two 40", "two 0", "one 0", "one 40", "two 40"]);
  });

  it("leaves time alone in adversarial mode: a delay is a plain point", () => {
    const program: Program = {
      setup(x) {
        x.spawn("agent", function* (): Routine<void> {
          yield* x.delay(1000);
        });
      },
    };

    const { x, outcome } = replay(program, { schedule: [], draws: [] });

    expect(outcome).toBe("passed");
    expect(x.now).toBe(0);
  });

  it("refuses a delay of a thread on a CPU", () => {
    const program: Program = {
      setup(x) {
        const cpu = x.processor();
        x.setThread(cpu, x.thread("thread", cpu, function* (): Routine<void> {
          yield* x.delay(1);
        }));
      },
    };
    const failures: unknown[] = [];

    explore({ program, strategy: new Timed(), seed: "t", runs: 1 }, ({ failure }) => {
      failures.push(failure?.id);
      return undefined;
    });

    expect(failures).toEqual(["delay-on-cpu"]);
  });
});
