import { describe, expect, it } from "vitest";
import { Op, stuckContexts } from "../../sim/index.ts";
import { EWOULDBLOCK } from "../sys/errno.ts";
import { curthread } from "./globaldata.ts";
import { SpinLock, spin_lock, spin_unlock } from "./kern_spinlock.ts";
import { Mtx, mtx_lock, mtx_owned, mtx_unlock } from "./kern_mutex.ts";
import {
  PCATCH,
  PINTERLOCKED,
  lwkt_sleep,
  mtxsleep,
  ssleep,
  tsleep,
  tsleep_interlock,
  wakeup,
  wakeup_mycpu,
  wakeup_one,
  zsleep,
} from "./kern_synch.ts";
import { IS_SERIALIZED, Serializer, lwkt_serialize_enter, lwkt_serialize_exit } from "./lwkt_serialize.ts";
import { lwkt_schedule, spawnThread } from "./lwkt_thread.ts";
import { allOutcomes, outcomes, runOnce } from "./test-kernel.ts";
import { crit_enter, crit_exit } from "./thread2.ts";

const IDENT = { label: "ident" };

describe("tsleep", () => {
  it("loses a wakeup between the look at a flag and the sleep, unless it is interlocked", () => {
    const program = (interlocked: boolean) => allOutcomes((k) => {
      let flag = false;
      const isSet = (): boolean => flag;
      spawnThread(k, "sleeper", 0, function* () {
        while (!isSet()) {
          if (interlocked) yield* tsleep_interlock(k, IDENT, 0);
          yield* k.x.pause(Op.Yield);
          if (!isSet() || !interlocked) yield* tsleep(k, IDENT, interlocked ? PINTERLOCKED : 0, "wait", 0);
        }
      });
      spawnThread(k, "waker", 1, function* () {
        yield* k.x.pause(Op.Yield);
        flag = true;
        yield* wakeup(k, IDENT);
      });
      return () => "done";
    }, {}, 3);
    expect([...program(false).keys()].sort()).toEqual(["done", "stuck: sleeper"]);
    expect([...program(true).keys()]).toEqual(["done"]);
  });

  it("returns at once when a wakeup came after the interlock, and so does a stale place in the queue", () => {
    const seen = outcomes(50, (k) => {
      const log: string[] = [];
      spawnThread(k, "t", 0, function* () {
        yield* tsleep_interlock(k, IDENT, 0);
        yield* wakeup(k, IDENT);
        expect(curthread(k).bucket).toBeNull();
        log.push(String(yield* tsleep(k, IDENT, PINTERLOCKED, "wait", 0)));
        // Queued twice: moves.
        yield* tsleep_interlock(k, IDENT, 0);
        yield* tsleep_interlock(k, k.clock, 0);
        expect(curthread(k).bucket?.ident).toBe(k.clock);
        yield* wakeup(k, k.clock);
      });
      return () => log.join(" ");
    });
    expect([...seen.keys()]).toEqual(["0"]);
  });

  it("times out with EWOULDBLOCK, in both callout generations", () => {
    for (const callout of ["A", "B"] as const) {
      const seen = outcomes(200, (k) => {
        let got = "";
        const sleeper = spawnThread(k, "t", 0, function* () {
          const error = yield* tsleep(k, IDENT, 0, "wait", 2);
          got = `${String(error)} ${String(sleeper.sleepCallout?.c_flags === 0 || k.clock.armed === 0)}`;
        });
        spawnThread(k, "waker", 1, function* () {
          yield* k.x.pause(Op.Yield);
          yield* k.x.pause(Op.Yield);
          yield* wakeup(k, IDENT);
        });
        return () => got;
      }, { callout }, 4);
      expect([...seen.keys()].sort()).toEqual(["0 true", `${String(EWOULDBLOCK)} true`]);
    }
  });

  it("returns spuriously when somebody schedules the sleeper", () => {
    const seen = outcomes(50, (k) => {
      let got: number | null = null;
      const sleeper = spawnThread(k, "t", 0, function* () {
        got = yield* tsleep(k, IDENT, PCATCH, "wait", 0);
        expect(sleeper.bucket).toBeNull();
      });
      spawnThread(k, "other", 1, function* () {
        while (sleeper.bucket === null) yield* k.x.pause(Op.Yield);
        yield* lwkt_schedule(k, sleeper);
      });
      return () => String(got);
    });
    expect([...seen.keys()]).toEqual(["0"]);
  });
});

describe("wakeup", () => {
  it("wakes everybody on every CPU; on one CPU first in, first out", () => {
    const seen = outcomes(300, (k) => {
      const log: string[] = [];
      const sleepers = [0, 0, 1].map((cpu, i) => spawnThread(k, `s${String(i)}`, cpu, function* () {
        yield* tsleep(k, IDENT, 0, "wait", 0);
        log.push(String(i));
      }));
      spawnThread(k, "waker", 2, function* () {
        while (sleepers.some(({ bucket }) => bucket === null)) yield* k.x.pause(Op.Yield);
        yield* wakeup(k, IDENT);
      });
      return () => log.join("");
    }, { ncpus: 3 });
    expect([...seen.keys()].sort()).toEqual(["012", "021", "201"]);
  });

  it("wakeup_one wakes one of this CPU, or one on each other; wakeup_mycpu nobody elsewhere", () => {
    const program = (wake: typeof wakeup, waker: number) => outcomes(100, (k) => {
      const log: string[] = [];
      const sleepers = [0, 0, 1, 1].map((cpu, i) => spawnThread(k, `s${String(i)}`, cpu, function* () {
        yield* tsleep(k, IDENT, 0, "wait", 0);
        log.push(String(i));
      }, { daemon: true }));
      spawnThread(k, "waker", waker, function* () {
        while (sleepers.some(({ bucket }) => bucket === null)) yield* k.x.pause(Op.Yield);
        yield* wake(k, IDENT);
      });
      return () => log.sort().join("");
    }, { ncpus: 3 });
    expect([...program(wakeup_one, 2).keys()]).toEqual(["02"]);
    expect([...program(wakeup_mycpu, 2).keys()]).toEqual([""]);
  });

  it("with nobody there is lost", () => {
    const seen = outcomes(20, (k) => {
      spawnThread(k, "waker then sleeper", 0, function* () {
        yield* wakeup(k, IDENT);
        yield* tsleep(k, IDENT, 0, "wait", 0);
      });
      return () => "";
    });
    expect([...seen.keys()]).toEqual(["stuck: waker then sleeper"]);
  });

  it("leaves in a stuck thread what it waits for and who holds it", () => {
    const { k } = runOnce(1, (k0) => {
      const s = new Serializer(k0, "hw");
      spawnThread(k0, "holder", 0, function* () {
        yield* lwkt_serialize_enter(k0, s);
        yield* tsleep(k0, IDENT, 0, "forever", 0);
      });
      spawnThread(k0, "waiter", 1, function* () {
        while (s.owner === null) yield* k0.x.pause(Op.Yield);
        yield* lwkt_serialize_enter(k0, s);
      });
    });
    const told = k.x.contexts.flatMap(({ name, waitsFor }) => {
      const wait = waitsFor?.();
      return wait === undefined ? [] : [`${name}: ${wait.for}, held by ${String(wait.heldBy?.name)}`];
    });
    expect(told).toEqual(["holder: ident (forever), held by undefined", "waiter: hw (slize), held by holder"]);
  });

  it("is not stuck where a later tick would end its sleep", () => {
    const sleepers = (timo: number): readonly string[] => {
      const { k } = runOnce(1, (k0) => {
        spawnThread(k0, "sleeper", 0, function* () {
          yield* tsleep(k0, IDENT, 0, "for a while", timo);
        });
      });
      return stuckContexts(k.x).map(({ name }) => name);
    };

    expect(sleepers(0)).toEqual(["sleeper"]);
    expect(sleepers(10)).toEqual([]);
  });
});

describe("sleeping with a lock", () => {
  it("ssleep, zsleep and mtxsleep release it while asleep, lose no wakeup, and hold it again", () => {
    const seen = outcomes(300, (k) => {
      const spin = new SpinLock(k, "spin");
      const s = new Serializer(k, "s");
      const m = new Mtx(k, "m");
      const flags = [false, false, false];
      spawnThread(k, "sleeper", 0, function* () {
        yield* spin_lock(k, spin);
        while (flags[0] !== true) yield* ssleep(k, flags, spin, 0, "ssleep", 0);
        expect(spin.owner).toBe(k.x.current);
        yield* spin_unlock(k, spin);
        yield* lwkt_serialize_enter(k, s);
        while (flags[1] !== true) yield* zsleep(k, flags, s, 0, "zsleep", 0);
        expect(IS_SERIALIZED(k, s)).toBe(true);
        yield* lwkt_serialize_exit(k, s);
        yield* mtx_lock(k, m);
        while (flags[2] !== true) yield* mtxsleep(k, flags, m, 0, "mtxsleep", 0);
        expect(mtx_owned(k, m)).toBe(true);
        yield* mtx_unlock(k, m);
      });
      spawnThread(k, "waker", 1, function* () {
        yield* spin_lock(k, spin);
        flags[0] = true;
        yield* spin_unlock(k, spin);
        yield* wakeup(k, flags);
        yield* lwkt_serialize_enter(k, s);
        flags[1] = true;
        yield* wakeup(k, flags);
        yield* lwkt_serialize_exit(k, s);
        yield* mtx_lock(k, m);
        flags[2] = true;
        yield* wakeup(k, flags);
        yield* mtx_unlock(k, m);
      });
      return () => "done";
    });
    expect([...seen.keys()]).toEqual(["done"]);
  });
});

describe("lwkt_sleep", () => {
  it("ends when somebody schedules the thread; inside the critical section no wakeup is lost", () => {
    const seen = outcomes(200, (k) => {
      let ready = false;
      const sleeper = spawnThread(k, "t", 0, function* () {
        yield* crit_enter(k);
        while (!ready) yield* lwkt_sleep(k, "wait", 0);
        yield* crit_exit(k);
      });
      spawnThread(k, "other", 1, function* () {
        yield* k.x.pause(Op.Yield);
        ready = true;
        yield* lwkt_schedule(k, sleeper);
      });
      return () => "done";
    });
    expect([...seen.keys()]).toEqual(["done"]);
  });
});
