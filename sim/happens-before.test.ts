import { describe, expect, it } from "vitest";
import type { Execution } from "./execution.ts";
import type { Program } from "./explorer.ts";
import { Op, packOp } from "./operation.ts";
import type { Routine, Step } from "./point.ts";
import { Shared, load, store, threads, verdict, type Thread } from "./test-words.ts";

function* lockedStore(s: Shared): Routine<void> {
  yield* s.lock.acquire();
  yield* s.data.store(1);
  yield* s.lock.release();
}

describe("two accesses to a plain word", () => {
  it("race when both store", () => {
    expect(verdict(threads(store, store))).toEqual({ runs: 2, racy: 2, kinds: ["s data: store/store"] });
  });

  it("race when one loads, in either order", () => {
    expect(verdict(threads(store, load))).toEqual({ runs: 2, racy: 2, kinds: ["s data: load/store"] });
  });

  it("do not race when both load, nor on different words, nor within one context", () => {
    const both: Thread = function* (s) {
      yield* s.other.store(1);
      yield* s.other.load();
    };

    expect(verdict(threads(load, load)).racy).toBe(0);
    expect(verdict(threads(store, both)).racy).toBe(0);
  });

  it("do not race under a common lock", () => {
    expect(verdict(threads(lockedStore, lockedStore)).racy).toBe(0);
  });

  it("race when only one takes the lock, unless it happens to order them", () => {
    const after: Thread = function* (s) {
      yield* s.data.store(1);
      yield* s.lock.acquire();
      yield* s.lock.release();
    };

    expect(verdict(threads(lockedStore, store)).racy).toBe(verdict(threads(lockedStore, store)).runs);
    // A lock taken after the racy access must not hide it; released before the other's, it orders.
    expect(verdict(threads(lockedStore, after))).toMatchObject({ kinds: ["s data: store/store"] });
  });

  it("are found racing even when a load of the same context came between", () => {
    const storeThenLoad: Thread = function* (s) {
      yield* s.data.store(1);
      yield* s.data.load();
    };

    expect(verdict(threads(storeThenLoad, load)).racy).toBe(verdict(threads(storeThenLoad, load)).runs);
  });
});

describe("an edge comes from", () => {
  const publishing: Thread = function* (s) {
    yield* s.data.store(1);
    yield* s.flag.store(1);
  };
  const waiting: Thread = function* (s) {
    if ((yield* s.flag.load()) === 1) yield* s.data.load();
  };

  it("an atomic store that an atomic load reads", () => {
    expect(verdict(threads(publishing, waiting)).racy).toBe(0);
  });

  it("an atomic add, also through a third context", () => {
    const adding: Thread = function* (s) {
      yield* s.data.store(1);
      yield* s.flag.add(1);
    };
    const passing: Thread = function* (s) {
      yield* s.flag.add(10);
    };
    const reading: Thread = function* (s) {
      if ((yield* s.flag.load()) === 11) yield* s.data.load();
    };

    expect(verdict(threads(adding, passing, reading)).racy).toBe(0);
  });

  it("a compare that stored, but not from one that failed", () => {
    const failing: Thread = function* (s) {
      yield* s.data.store(1);
      yield* s.flag.cmpset(7, 8);
    };
    const reading: Thread = function* (s) {
      yield* s.flag.load();
      yield* s.data.load();
    };
    const swapping: Thread = function* (s) {
      yield* s.data.store(1);
      yield* s.flag.cmpset(0, 1);
    };

    const failed = verdict(threads(failing, reading));
    expect(failed.racy).toBe(failed.runs);
    expect(verdict(threads(swapping, waiting)).racy).toBe(0);
  });

  it("no atomic store of another context in between: it replaces what was published", () => {
    const relaying: Thread = function* (s) {
      if ((yield* s.sync.load()) === 1) yield* s.sync.store(2);
    };
    const overwriting: Thread = function* (s) {
      yield* s.sync.store(2);
    };
    const first: Thread = function* (s) {
      yield* s.data.store(1);
      yield* s.sync.store(1);
    };
    const last: Thread = function* (s) {
      if ((yield* s.sync.load()) === 2) yield* s.data.load();
    };

    expect(verdict(threads(first, relaying, last)).racy).toBe(0);
    expect(verdict(threads(first, overwriting, last)).racy).toBeGreaterThan(0);
  });

  it("a try that got the lock, not from one that failed", () => {
    const trying: Thread = function* (s) {
      const got = yield* s.lock.try();
      yield* s.data.store(2);
      if (got) yield* s.lock.release();
    };
    const { racy, runs } = verdict(threads(lockedStore, trying));

    expect(racy).toBeGreaterThan(0);
    expect(racy).toBeLessThan(runs);
  });

  it("making a context, but not from its end", () => {
    const parent: Thread = function* (s, x) {
      yield* s.data.store(1);
      x.spawn("child", () => load(s));
      yield* x.pause(Op.Yield);
    };
    const lateParent: Thread = function* (s, x) {
      x.spawn("child", () => load(s));
      yield* s.data.store(1);
    };

    expect(verdict(threads(parent)).racy).toBe(0);
    expect(verdict(threads(lateParent)).racy).toBeGreaterThan(0);
  });

  it("no relaxed access, but a fence on its side makes it one", () => {
    const publishesRelaxed = (fence: boolean): Thread =>
      function* (s, x) {
        yield* s.data.store(1);
        if (fence) yield* x.pause(Op.Fence);
        yield* s.flag.storeRelaxed(1);
      };
    const waitsRelaxed = (fence: boolean): Thread =>
      function* (s, x) {
        if ((yield* s.flag.loadRelaxed()) !== 1) return;
        if (fence) yield* x.pause(Op.Fence);
        yield* s.data.load();
      };
    const kinds = ["s data: load/store"];

    expect(verdict(threads(publishesRelaxed(false), waiting))).toMatchObject({ kinds });
    expect(verdict(threads(publishing, waitsRelaxed(false)))).toMatchObject({ kinds });
    expect(verdict(threads(publishesRelaxed(true), waiting)).racy).toBe(0);
    expect(verdict(threads(publishing, waitsRelaxed(true))).racy).toBe(0);
    expect(verdict(threads(publishesRelaxed(true), waitsRelaxed(true))).racy).toBe(0);
  });

  it("an atomic add whose order fits its side", () => {
    const adds = (how: "addRelaxed" | "addAcquire" | "addRelease"): Thread =>
      function* (s) {
        yield* s.data.store(1);
        yield* s.flag[how](1);
      };
    const waits = (how: "addRelaxed" | "addAcquire" | "addRelease"): Thread =>
      function* (s) {
        if ((yield* s.flag[how](0)) === 1) yield* s.data.load();
      };

    expect(verdict(threads(adds("addRelease"), waits("addAcquire"))).racy).toBe(0);
    for (const [out, back] of [["addRelease", "addRelease"], ["addAcquire", "addAcquire"], ["addRelaxed", "addAcquire"], ["addRelease", "addRelaxed"]] as const) {
      expect(verdict(threads(adds(out), waits(back))).racy).toBeGreaterThan(0);
    }
  });

  it("no lockless load of a published word", () => {
    const publishes: Thread = function* (s) {
      yield* s.data.store(1);
      yield* s.lock.acquire();
      yield* s.seen.store(1);
      yield* s.lock.release();
    };
    const peeks: Thread = function* (s) {
      if ((yield* s.seen.load()) === 1) yield* s.data.load();
    };

    expect(verdict(threads(publishes, peeks))).toMatchObject({ kinds: ["s data: load/store"] });
  });
});

describe("contexts of one CPU", () => {
  const onOneCpu = (critical: boolean): Program => ({
    setup(x) {
      const cpu = x.processor();
      const s = new Shared(x, "s");
      const line = x.line("irq", cpu, () => store(s));
      const thread = x.thread("thread", cpu, function* (): Routine<void> {
        if (critical) {
          yield* x.pause(Op.CritEnter, cpu.object);
          x.mask(cpu, true);
        }
        yield* s.data.store(2);
        if (critical) {
          yield* x.pause(Op.CritExit, cpu.object);
          x.mask(cpu, false);
        }
        yield* x.pause(Op.Yield);
      });
      x.setThread(cpu, thread);
      x.raise(line);
    },
  });

  it("race across an interrupt that nested", () => {
    const { racy } = verdict(onOneCpu(false));

    expect(racy).toBeGreaterThan(0);
  });

  it("are ordered by the critical section that keeps the interrupt out", () => {
    expect(verdict(onOneCpu(true)).racy).toBe(0);
  });

  it("are ordered by a voluntary switch", () => {
    const program: Program = {
      setup(x) {
        const cpu = x.processor();
        const s = new Shared(x, "s");
        const second = x.thread("second", cpu, () => store(s));
        const first = x.thread("first", cpu, function* (): Routine<void> {
          yield* s.data.store(2);
          yield* x.pause(Op.Switch, cpu.object);
          yield* x.switchTo(second);
        });
        x.setThread(cpu, first);
      },
    };

    expect(verdict(program).racy).toBe(0);
  });
});

describe("an operation with several objects", () => {
  it("makes an edge through each of them", () => {
    const program: Program = {
      setup(x) {
        const s = new Shared(x, "s");
        const queue = x.register({ label: "queue" });
        const waiter = x.spawn("waiter", function* (): Routine<void> {
          yield* x.block(packOp(Op.Sleep, queue));
          yield* s.data.load();
        });
        x.spawn("bystander", function* (): Routine<void> {
          for (let i = 0; i < 2; i++) yield* x.pause(Op.Yield);
        });
        x.spawn("waker", function* (): Routine<void> {
          yield* s.data.store(1);
          yield* wakeWith(x, queue);
          x.unblock(waiter);
        });
      },
    };

    expect(verdict(program).racy).toBe(0);
  });
});

function wakeWith(x: Execution, queue: number): Step<void> {
  const goOn = x.point(packOp(Op.Yield, 0));
  x.also(queue);
  return goOn ? x.ready(undefined) : x.suspended();
}
