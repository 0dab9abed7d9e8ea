import { describe, expect, it } from "vitest";
import type { Execution } from "./execution.ts";
import { replay } from "./explorer.ts";
import { Gate } from "./gate.ts";
import {
  Struct,
  UNWRITTEN,
  atomic,
  cellName,
  cpuThreads,
  frozen,
  guardedBy,
  perCpu,
  perCpuCounter,
  published,
  word,
} from "./memory.ts";
import { Op } from "./operation.ts";
import type { Routine } from "./point.ts";

/** Runs one context; answers the failure as `kind id: message`, or what it returned. */
function outcomeOf(body: (x: Execution) => Routine<unknown>): unknown {
  let value: unknown = "unfinished";
  const { failure } = replay({
    setup(x) {
      x.spawn("t", function* (): Routine<void> {
        value = yield* body(x);
      });
    },
  }, { schedule: [], draws: [] });
  return failure === null ? value : `${failure.kind} ${failure.id}: ${failure.message}`;
}

class Fields extends Struct {
  readonly lock = new Gate(this.x, "lock");
  readonly guarded = guardedBy(this, this.lock, 1);
  readonly seen = published(this, this.lock, 1);
  readonly plain = word<number>(this, UNWRITTEN);
  readonly counters = [atomic(this, 5), atomic(this, 6)];
  readonly fixed = frozen(this, 1);
}

describe("a guarded field", () => {
  it("is read and written under its lock", () => {
    expect(outcomeOf(function* (x) {
      const f = new Fields(x, "f");
      yield* f.lock.acquire();
      f.guarded.held = 2;
      return f.guarded.held;
    })).toBe(2);
  });

  it.each([
    ["read", (f: Fields) => f.guarded.held, "Discipline guard: f guarded read without lock"],
    ["written", (f: Fields) => (f.guarded.held = 2), "Discipline guard: f guarded written without lock"],
    ["read as published", (f: Fields) => f.seen.held, "Discipline guard: f seen read without lock"],
  ])("may not be %s without it", (_how, access, message) => {
    expect(outcomeOf(function* (x) {
      return access(new Fields(x, "f"));
    })).toBe(message);
  });

  it("is stored to under its lock only, though loaded without", () => {
    expect(outcomeOf(function* (x) {
      const f = new Fields(x, "f");
      const before = yield* f.seen.load();
      yield* f.seen.store(before + 1);
    })).toBe("Discipline guard: f seen written without lock");
  });

  it("does not belong to a handler that nests on the holder", () => {
    const { failure } = replay({
      setup(x) {
        const f = new Fields(x, "f");
        const cpu = x.processor();
        const line = x.line("irq", cpu, function* (): Routine<void> {
          f.guarded.held = 3;
          yield* x.pause(Op.Yield);
        });
        x.setThread(cpu, x.thread("t", cpu, function* (): Routine<void> {
          yield* f.lock.acquire();
          x.raise(line);
          yield* x.pause(Op.Yield);
        }));
      },
    }, { schedule: [2, 1], draws: [] });

    expect(failure?.facts).toEqual([["by", "irq"], ["held by", "t"]]);
  });
});

describe("an atomic word", () => {
  it.each<[string, (f: Fields) => Routine<unknown>, unknown, number]>([
    ["add", (f) => f.counters[0]!.add(3) as Routine<unknown>, 5, 8],
    ["add past 31 bits", (f) => f.counters[0]!.add(0x7fff_ffff) as Routine<unknown>, 5, -2147483644],
    ["cmpset that matches", (f) => f.counters[0]!.cmpset(5, 9) as Routine<unknown>, true, 9],
    ["cmpset that does not", (f) => f.counters[0]!.cmpset(4, 9) as Routine<unknown>, false, 5],
    ["swap", (f) => f.counters[0]!.swap(9) as Routine<unknown>, 5, 9],
    ["set", (f) => f.counters[0]!.set(2) as Routine<unknown>, 5, 7],
    ["clear", (f) => f.counters[0]!.clear(4) as Routine<unknown>, 5, 1],
    ["store", (f) => f.counters[0]!.store(2) as Routine<unknown>, undefined, 2],
    ["load", (f) => f.counters[0]!.load() as Routine<unknown>, 5, 5],
  ])("answers a %s as the kernel's does, at once and after a switch", (_name, access, answer, after) => {
    for (const schedule of [[], [2, 2]]) {
      const seen: unknown[] = [];
      replay({
        setup(x) {
          const f = new Fields(x, "f");
          x.spawn("t", function* (): Routine<void> {
            seen.push(yield* access(f), f.counters[0]!.peek());
          });
          x.spawn("other", function* (): Routine<void> {
            yield* x.pause(Op.Yield);
          });
        },
      }, { schedule, draws: [] });
      expect(seen).toEqual([answer, after]);
    }
  });
});

describe("a field of one CPU", () => {
  const onCpu = (count: number, touch: (f: { value: number }, x: Execution) => Routine<void>): unknown => {
    const { failure } = replay({
      setup(x) {
        const cpus = Array.from({ length: count }, () => x.processor());
        const cell = perCpu(new Struct(x, "gd"), cpus[0]!, 0);
        const view = {
          get value() {
            return cell.mine;
          },
          set value(value: number) {
            cell.mine = value;
          },
        };
        for (const cpu of cpus) x.setThread(cpu, x.thread(`t${String(cpu.id)}`, cpu, () => touch(view, x)));
      },
    }, { schedule: [], draws: [] });
    return failure?.message ?? null;
  };

  it("is used freely by one thread", () => {
    expect(onCpu(1, function* (f, x) {
      f.value += 1;
      yield* x.pause(Op.Yield);
      f.value += 1;
    })).toBeNull();
  });

  it("is not touched from another CPU", () => {
    expect(onCpu(2, function* (f, x) {
      yield* x.pause(Op.Yield);
      f.value += 1;
    })).toBe("gd read from another CPU");
  });

  it("is not shared by several contexts outside critical sections", () => {
    const { failure } = replay({
      setup(x) {
        const cpu = x.processor();
        const cell = perCpu(new Struct(x, "gd"), cpu, 0);
        const body = function* (): Routine<void> {
          cell.mine += 1;
          yield* x.pause(Op.Yield);
        };
        x.raise(x.line("irq", cpu, body));
        x.setThread(cpu, x.thread("t", cpu, body));
      },
    }, { schedule: [], draws: [] });

    expect(failure?.message).toBe("gd read outside a critical section, by several contexts");
  });

  it("is a statistic when only its CPU adds and anybody reads", () => {
    const { failure } = replay({
      setup(x) {
        const cpus = [x.processor(), x.processor()];
        const counter = perCpuCounter(new Struct(x, "if"), cpus[0]!);
        for (const cpu of cpus) {
          x.setThread(cpu, x.thread(`t${String(cpu.id)}`, cpu, function* (): Routine<void> {
            yield* counter.load();
            counter.bump(1);
          }));
        }
      },
    }, { schedule: [], draws: [] });

    expect(failure).toMatchObject({ message: "if written from another CPU", facts: [["by", "t1"]] });
  });
});

describe("a field of the threads of a CPU", () => {
  const touched = (cpuOfThread: number, as: "thread" | "line"): string | null => {
    const { failure } = replay({
      setup(x) {
        const cpus = [x.processor(), x.processor()];
        const cell = cpuThreads(new Struct(x, "list"), cpus[0]!, 0);
        const body = function* (): Routine<void> {
          cell.here += 1;
          yield* x.pause(Op.Yield);
        };
        const cpu = cpus[cpuOfThread]!;
        if (as === "line") x.raise(x.line("irq", cpu, body));
        else x.setThread(cpu, x.thread("t", cpu, body));
      },
    }, { schedule: [], draws: [] });
    return failure?.message ?? null;
  };

  it("is used by them, in a critical section or not", () => {
    expect(touched(0, "thread")).toBeNull();
  });

  it("is not touched from another CPU, nor by what interrupts them", () => {
    expect(touched(1, "thread")).toBe("list read from another CPU");
    expect(touched(0, "line")).toBe("list read by what interrupts a thread");
  });
});

describe("memory", () => {
  it("is poisoned when its struct is buried, for every kind of field", () => {
    for (const access of [
      (f: Fields) => f.guarded.held,
      (f: Fields) => f.fixed.fixed,
      (f: Fields) => f.plain.load() as Routine<unknown>,
      (f: Fields) => f.plain.store(1) as Routine<unknown>,
      (f: Fields) => f.counters[1]!.add(1) as Routine<unknown>,
    ]) {
      expect(outcomeOf(function* (x) {
        const f = new Fields(x, "f");
        f.bury({ label: "ifnet", facts: [] });
        const step = access(f);
        if (typeof step === "object") yield* step;
      })).toMatch(/^Memory use-after-free: f \S+ used after free$/);
    }
  });

  it("that was never written is not read", () => {
    expect(outcomeOf(function* (x) {
      return yield* new Fields(x, "f").plain.load();
    })).toBe("Memory uninitialised-read: f plain read before it was written");
  });

  it("that is frozen is not written after publication", () => {
    expect(outcomeOf(function* (x) {
      const f = new Fields(x, "f");
      f.fixed.fixed = 2;
      f.fixed.publish();
      f.fixed.fixed = 3;
    })).toBe("Discipline frozen: f fixed written after publication");
  });

  it("has names by struct and field, also in lists", () => {
    expect(outcomeOf(function* (x) {
      return cellName(new Fields(x, "f").counters[1]!);
    })).toBe("f counters[1]");
  });
});
