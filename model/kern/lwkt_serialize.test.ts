import { describe, expect, it } from "vitest";
import { Op, type Routine } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { globaldata_find } from "./globaldata.ts";
import { tsleep, wakeup } from "./kern_synch.ts";
import { lwkt_send_ipiq } from "./lwkt_ipiq.ts";
import {
  IS_SERIALIZED,
  Serializer,
  lwkt_serialize_adaptive_enter,
  lwkt_serialize_enter,
  lwkt_serialize_exit,
  lwkt_serialize_try,
} from "./lwkt_serialize.ts";
import {
  lwkt_serialize_array_enter,
  lwkt_serialize_array_exit,
  lwkt_serialize_array_try,
  lwkt_serialize_handler_call,
  lwkt_serialize_handler_disable,
  lwkt_serialize_handler_enable,
  lwkt_serialize_handler_try,
} from "./lwkt_serialize_array.ts";
import { spawnThread } from "./lwkt_thread.ts";
import { allOutcomes, outcomes, runOnce } from "./test-kernel.ts";

type Enter = typeof lwkt_serialize_enter;

/** Threads that each hold the serializer once; tells in which order. */
const contend = (enter: Enter, cpus: readonly number[]) => (k: Kernel) => {
  const s = new Serializer(k, "s");
  const order: string[] = [];
  let inside = 0;
  cpus.forEach((cpu, i) => {
    spawnThread(k, `t${String(i)}`, cpu, function* () {
      yield* enter(k, s);
      expect(++inside).toBe(1);
      yield* k.x.pause(Op.Yield);
      order.push(String(i));
      inside--;
      yield* lwkt_serialize_exit(k, s);
    });
  });
  return () => `${order.join("")} ${String(s.waiters)}`;
};

describe("serializers", () => {
  it.each([["enter", lwkt_serialize_enter], ["adaptive_enter", lwkt_serialize_adaptive_enter]] as const)(
    "%s excludes, lets everybody in, in any order, and forgets no waiter: all schedules of two threads",
    (_name, enter) => {
      const seen = allOutcomes(contend(enter, [0, 1]), { ncpus: 2 });
      expect([...seen.keys()].sort()).toEqual(["01 0", "10 0"]);
    },
  );

  it.each([["enter", lwkt_serialize_enter], ["adaptive_enter", lwkt_serialize_adaptive_enter]] as const)(
    "%s is not fair: three threads on two CPUs get in in every order their CPUs allow",
    (_name, enter) => {
      const seen = outcomes(2000, contend(enter, [0, 1, 1]), { ncpus: 2 });
      // 021: thread 1 sleeps while its CPU lets thread 2 barge in.
      expect([...seen.keys()].sort()).toEqual(["012 0", "021 0", "102 0", "120 0"]);
    },
  );

  it("are kept while their holder sleeps", () => {
    const seen = outcomes(100, (k) => {
      const s = new Serializer(k, "s");
      let tried: boolean | null = null;
      const holder = spawnThread(k, "holder", 0, function* () {
        yield* lwkt_serialize_enter(k, s);
        yield* tsleep(k, k.clock, 0, "nap", 0);
        yield* lwkt_serialize_exit(k, s);
      });
      spawnThread(k, "other", 1, function* () {
        while (holder.bucket === null) yield* k.x.pause(Op.Yield);
        tried = yield* lwkt_serialize_try(k, s);
        yield* wakeup(k, k.clock);
      });
      return () => String(tried);
    });
    expect([...seen.keys()]).toEqual(["false"]);
  });

  it("panic on recursion, on exit by somebody else, and cannot be waited for in an IPI", () => {
    const ids = [
      function* (k: Kernel, s: Serializer): Routine<void> {
        yield* lwkt_serialize_enter(k, s);
        yield* lwkt_serialize_enter(k, s);
      },
      function* (k: Kernel, s: Serializer): Routine<void> {
        yield* lwkt_serialize_exit(k, s);
      },
      function* (k: Kernel, s: Serializer): Routine<void> {
        yield* lwkt_serialize_enter(k, s);
        const enter = function* (): Routine<void> {
          yield* lwkt_serialize_enter(k, s);
        };
        yield* lwkt_send_ipiq(k, globaldata_find(k, 1), enter, null);
      },
    ].map((body) => runOnce(1, (k) => {
      const s = new Serializer(k, "s");
      spawnThread(k, "t", 0, () => body(k, s));
    }).failure?.id);
    expect(ids).toEqual([
      "assertion-not-is-serialized-s-failed",
      "assertion-is-serialized-s-failed",
      "lwkt-switch-attempt-to-switch-from-a-fast-interrupt-ipi",
    ]);
  });

  it("in an IPI IS_SERIALIZED speaks of the victim, guards of the IPI", () => {
    const seen = outcomes(100, (k) => {
      const s = new Serializer(k, "s");
      let victimHeld = false;
      spawnThread(k, "victim", 0, function* () {
        yield* lwkt_serialize_enter(k, s);
        yield* k.x.pause(Op.Yield);
        yield* lwkt_serialize_exit(k, s);
      });
      spawnThread(k, "sender", 1, function* () {
        const look = function* (): Routine<void> {
          if (!IS_SERIALIZED(k, s)) return;
          victimHeld = true;
          expect(s.owner).not.toBe(k.x.current);
        };
        yield* lwkt_send_ipiq(k, globaldata_find(k, 0), look, null);
      });
      return () => String(victimHeld);
    });
    expect([...seen.keys()].sort()).toEqual(["false", "true"]);
  });

  it("handlers are not called while disabled", () => {
    const seen = outcomes(100, (k) => {
      const s = new Serializer(k, "s");
      const log: string[] = [];
      const handler = function* (): Routine<void> {
        log.push("called");
      };
      spawnThread(k, "driver", 0, function* () {
        yield* lwkt_serialize_enter(k, s);
        expect(yield* lwkt_serialize_handler_disable(k, s)).toBe(true);
        yield* lwkt_serialize_exit(k, s);
        log.push("disabled");
        expect(yield* lwkt_serialize_handler_try(k, s, handler)).toBe(false);
        yield* lwkt_serialize_handler_enable(k, s);
      });
      spawnThread(k, "ithread", 1, function* () {
        yield* lwkt_serialize_handler_call(k, s, handler);
      });
      return () => log.join(" ");
    });
    expect([...seen.keys()].sort()).toEqual(["called disabled", "disabled", "disabled called"]);
  });

  it("arrays are entered ascending, left descending, and tried all or nothing", () => {
    const seen = outcomes(100, (k) => {
      const all = [0, 1, 2].map((i) => new Serializer(k, `s${String(i)}`));
      let got: boolean | null = null;
      const left: number[] = [];
      all.forEach((s, i) => (s.watchers = [() => left.push(i)]));
      spawnThread(k, "one", 0, function* () {
        yield* lwkt_serialize_array_enter(k, all, 0);
        yield* lwkt_serialize_array_exit(k, all, 0);
      });
      spawnThread(k, "two", 1, function* () {
        got = yield* lwkt_serialize_array_try(k, all, 1);
        if (got) yield* lwkt_serialize_array_exit(k, all, 1);
      });
      return () => `${String(got)} ${String(all.every((s) => s.owner === null))}`;
    });
    expect([...seen.keys()].sort()).toEqual(["false true", "true true"]);
  });
});
