import { describe, expect, it } from "vitest";
import { Op } from "../../sim/index.ts";
import { curthread } from "./globaldata.ts";
import { raiseInterrupt, register_int } from "./kern_intr.ts";
import { tsleep, wakeup } from "./kern_synch.ts";
import { Serializer, lwkt_serialize_enter, lwkt_serialize_exit } from "./lwkt_serialize.ts";
import {
  TDF_NOSTART,
  TDPRI_KERN_DAEMON,
  lwkt_create,
  lwkt_deschedule_self,
  lwkt_schedule,
  lwkt_schedule_self,
  lwkt_setpri,
  lwkt_yield,
  spawnThread,
} from "./lwkt_thread.ts";
import { outcomes, runOnce } from "./test-kernel.ts";
import { crit_enter, crit_exit } from "./thread2.ts";

describe("the run queue", () => {
  it("runs by priority, first in first out in each", () => {
    const log: string[] = [];
    runOnce(1, (k) => {
      const first = spawnThread(k, "first", 0, function* () {
        yield* k.x.pause(Op.Yield);
        log.push("first");
      });
      const make = (name: string, pri: number): void => {
        const td = spawnThread(k, name, 0, function* () {
          yield* k.x.pause(Op.Yield);
          log.push(name);
        });
        lwkt_setpri(k, td, pri);
      };
      make("low a", 10);
      make("low b", 10);
      make("high", TDPRI_KERN_DAEMON);
      expect(curthread(k)).toBe(first);
    });
    expect(log).toEqual(["first", "high", "low a", "low b"]);
  });

  it("a woken thread of higher priority does not take the CPU away, and crit_exit does not give it", () => {
    const seen = outcomes(100, (k) => {
      const log: string[] = [];
      const high = lwkt_create(k, function* () {
        yield* k.x.pause(Op.Yield);
        log.push("high");
      }, null, "high", 0, TDF_NOSTART);
      spawnThread(k, "running", 0, function* () {
        yield* lwkt_schedule(k, high);
        yield* crit_enter(k);
        yield* crit_exit(k);
        yield* k.x.pause(Op.Yield);
        log.push("running");
      });
      return () => log.join(", ");
    });
    expect([...seen.keys()]).toEqual(["running, high"]);
  });

  it("lwkt_yield gives way to it", () => {
    const seen = outcomes(20, (k) => {
      const log: string[] = [];
      const high = lwkt_create(k, function* () {
        yield* k.x.pause(Op.Yield);
        log.push("high");
      }, null, "high", 0, TDF_NOSTART);
      spawnThread(k, "running", 0, function* () {
        yield* lwkt_schedule(k, high);
        lwkt_deschedule_self(k);
        lwkt_schedule_self(k);
        yield* lwkt_yield(k);
        log.push("running");
      });
      return () => log.join(", ");
    });
    expect([...seen.keys()]).toEqual(["high, running"]);
  });

  it("a thread that announces nothing leaves its CPU to the next one", () => {
    const log: string[] = [];
    const { stuck } = runOnce(1, (k) => {
      for (const name of ["a", "b", "c"]) {
        spawnThread(k, name, 0, function* () {
          log.push(name);
        });
      }
    });
    expect(log).toEqual(["a", "b", "c"]);
    expect(stuck).toEqual([]);
  });

  it("scheduling a thread of another CPU takes an IPI", () => {
    const seen = outcomes(50, (k) => {
      const log: string[] = [];
      const other = lwkt_create(k, function* () {
        yield* k.x.pause(Op.Yield);
        log.push("other");
      }, null, "other", 1, TDF_NOSTART);
      spawnThread(k, "t", 0, function* () {
        yield* lwkt_schedule(k, other);
        log.push("scheduled");
        yield* k.x.pause(Op.Yield);
        log.push("done");
      });
      return () => log.join(", ");
    });
    expect([...seen.keys()].sort()).toEqual([
      "other, scheduled, done",
      "scheduled, done, other",
      "scheduled, other, done",
    ].filter((order) => seen.has(order)).sort());
    expect(seen.size).toBeGreaterThan(1);
  });

  it("a thread that ends in a critical section panics", () => {
    const { failure } = runOnce(1, (k) => {
      spawnThread(k, "t", 0, function* () {
        yield* crit_enter(k);
      });
    });
    expect(failure?.id).toBe("t-thread-exits-in-a-critical-section");
  });
});

describe("interrupt threads", () => {
  it("preempt a thread outside critical sections, never one inside", () => {
    const seen = outcomes(300, (k) => {
      const log: string[] = [];
      const intr = register_int(k, 0, "irq5", function* () {
        yield* k.x.pause(Op.Yield);
        log.push("handler");
      }, null);
      spawnThread(k, "victim", 0, function* () {
        yield* k.x.pause(Op.Yield);
        log.push("a");
        yield* crit_enter(k);
        log.push("b");
        yield* k.x.pause(Op.Yield);
        log.push("c");
        yield* crit_exit(k);
        log.push("d");
        yield* k.x.pause(Op.Yield);
        log.push("e");
      });
      k.x.spawn("device", function* () {
        yield* k.x.pause(Op.Device, intr.object);
        raiseInterrupt(k, intr);
      });
      return () => log.join("");
    });
    expect([...seen.keys()].sort()).toEqual(
      ["ahandlerbcde", "abcdehandler", "abcdhandlere", "abchandlerde", "handlerabcde"]
        .filter((order) => seen.has(order)).sort(),
    );
    expect(seen.has("abhandlercde")).toBe(false);
    expect(seen.get("handlerabcde") ?? 0).toBeGreaterThan(0);
    expect(seen.get("abcdhandlere") ?? 0).toBeGreaterThan(0);
  });

  it("that need the serializer of their victim sleep, and the victim goes on at once", () => {
    const seen = outcomes(200, (k) => {
      const log: string[] = [];
      const s = new Serializer(k, "hw");
      const intr = register_int(k, 0, "irq5", function* () {
        log.push("handler");
      }, s);
      spawnThread(k, "victim", 0, function* () {
        yield* lwkt_serialize_enter(k, s);
        log.push("in");
        yield* k.x.pause(Op.Yield);
        log.push("out");
        yield* lwkt_serialize_exit(k, s);
      });
      spawnThread(k, "next", 0, function* () {
        yield* k.x.pause(Op.Yield);
        log.push("next");
      });
      k.x.spawn("device", function* () {
        yield* k.x.pause(Op.Device, intr.object);
        raiseInterrupt(k, intr);
      });
      return () => log.join(" ");
    });
    for (const order of seen.keys()) expect(order).toMatch(/in out/);
    expect([...seen.keys()].sort()).toEqual(["handler in out next", "in out handler next", "in out next handler"]);
  });

  it("run once more for an interrupt that came while it was masked", () => {
    const seen = outcomes(200, (k) => {
      let runs = 0;
      const intr = register_int(k, 0, "irq5", function* () {
        yield* k.x.pause(Op.Yield);
        runs++;
      }, null);
      k.x.spawn("device", function* () {
        for (let i = 0; i < 3; i++) {
          yield* k.x.pause(Op.Device, intr.object);
          raiseInterrupt(k, intr);
        }
      });
      return () => String(runs);
    });
    expect([...seen.keys()].sort()).toEqual(["1", "2", "3"]);
  });

  it("woken by wakeup() do not preempt", () => {
    const seen = outcomes(100, (k) => {
      const log: string[] = [];
      const ident = { label: "ident" };
      const intr = register_int(k, 0, "irq5", function* () {
        yield* tsleep(k, ident, 0, "wait", 0);
        log.push("handler");
      }, null);
      spawnThread(k, "waker", 0, function* () {
        while (intr.thread.bucket === null) yield* k.x.pause(Op.Yield);
        yield* wakeup(k, ident);
        yield* k.x.pause(Op.Yield);
        log.push("waker");
      });
      k.x.spawn("device", function* () {
        yield* k.x.pause(Op.Device, intr.object);
        raiseInterrupt(k, intr);
      });
      return () => log.join(" ");
    });
    expect([...seen.keys()]).toEqual(["waker handler"]);
  });
});
