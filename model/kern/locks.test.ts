import { describe, expect, it } from "vitest";
import { Op, type Routine } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { globaldata_find } from "./globaldata.ts";
import { Mtx, mtx_lock, mtx_lock_try, mtx_owned, mtx_unlock } from "./kern_mutex.ts";
import { SpinLock, spin_lock, spin_trylock, spin_unlock } from "./kern_spinlock.ts";
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
import { get_mplock, lwkt_gettoken, lwkt_reltoken, lwkt_token_init, lwkt_trytoken, mp_token, rel_mplock } from "./lwkt_token.ts";
import { allOutcomes, outcomes, runOnce } from "./test-kernel.ts";
import { crit_enter, crit_exit } from "./thread2.ts";

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

describe("mtx", () => {
  it("hands over in order, to a thread that is still asleep, and nobody barges in", () => {
    const seen = outcomes(500, (k) => {
      const m = new Mtx(k, "m");
      const queued: string[] = [];
      const got: string[] = [];
      const owners: (string | undefined)[] = [];
      m.watchers = [() => owners.push(m.mtx_owner?.td_name)];
      for (const cpu of [0, 1, 2]) {
        spawnThread(k, `t${String(cpu)}`, cpu, function* () {
          yield* mtx_lock(k, m);
          expect(mtx_owned(k, m)).toBe(true);
          got.push(`t${String(cpu)}`);
          yield* k.x.pause(Op.Yield);
          queued.push(...m.links.map(({ td }) => td.td_name).filter((name) => !queued.includes(name)));
          yield* mtx_unlock(k, m);
        });
      }
      return () => {
        const waited = got.filter((name) => queued.includes(name));
        return `${String(JSON.stringify(waited) === JSON.stringify(queued))} ${String(got.length)} ${String(owners.at(-1))}`;
      };
    }, { ncpus: 3 });
    expect([...seen.keys()]).toEqual(["true 3 undefined"]);
  });

  it("is recursive, can be tried, and is owned by its owner only", () => {
    const { outcome } = runOnce(1, (k) => {
      const m = new Mtx(k, "m");
      spawnThread(k, "t", 0, function* () {
        yield* mtx_lock(k, m);
        yield* mtx_lock(k, m);
        expect(yield* mtx_lock_try(k, m)).toBe(true);
        for (let i = 0; i < 3; i++) yield* mtx_unlock(k, m);
        expect(mtx_owned(k, m)).toBe(false);
      });
    });
    expect(outcome).toBe("passed");
  });
});

describe("spinlocks", () => {
  it("exclude, and may not be held across a switch", () => {
    const seen = allOutcomes((k) => {
      const lock = new SpinLock(k, "spin");
      let inside = 0;
      for (const cpu of [0, 1]) {
        spawnThread(k, `t${String(cpu)}`, cpu, function* () {
          yield* spin_lock(k, lock);
          expect(++inside).toBe(1);
          yield* k.x.pause(Op.Yield);
          inside--;
          yield* spin_unlock(k, lock);
        });
      }
      return () => "done";
    });
    expect([...seen.keys()]).toEqual(["done"]);
    const { failure } = runOnce(1, (k) => {
      const lock = new SpinLock(k, "spin");
      spawnThread(k, "t", 0, function* () {
        expect(yield* spin_trylock(k, lock)).toBe(true);
        yield* tsleep(k, k.clock, 0, "illegal", 0);
      });
    });
    expect(failure?.id).toBe("lwkt-switch-still-holding-exclusive-spinlocks");
  });

  it.each([["replay", ["after unlock", "at crit_exit", "before"]], ["defer", ["at crit_exit", "before"]]] as const)(
    "spin_unlock with %s: an IPI that came while it was held runs %j",
    (spin_unlock_variant, expected) => {
      const seen = outcomes(400, (k) => {
        const lock = new SpinLock(k, "spin");
        let phase = "before";
        let ran = "";
        spawnThread(k, "t", 0, function* () {
          yield* spin_lock(k, lock);
          phase = "held";
          // Held until the IPI is there.
          while (globaldata_find(k, 0).gd_ipimask === 0 && ran === "") yield* k.x.pause(Op.Yield);
          yield* spin_unlock(k, lock);
          phase = "after unlock";
          yield* k.x.pause(Op.Yield);
          yield* crit_enter(k);
          phase = "in a critical section";
          yield* crit_exit(k);
          phase = "at crit_exit";
        });
        spawnThread(k, "sender", 1, function* () {
          const note = function* (): Routine<void> {
            ran = phase;
          };
          yield* lwkt_send_ipiq(k, globaldata_find(k, 0), note, null);
        });
        return () => ran;
      }, { spin_unlock: spin_unlock_variant });
      expect([...seen.keys()].sort()).toEqual(expected);
    },
  );
});

describe("tokens", () => {
  it("are released while their holder sleeps, and it goes on only with all of them", () => {
    const seen = outcomes(300, (k) => {
      const token = lwkt_token_init(k, "tok");
      const log: string[] = [];
      const sleeper = spawnThread(k, "sleeper", 0, function* () {
        yield* lwkt_gettoken(k, token);
        yield* tsleep(k, k.clock, 0, "nap", 0);
        expect(token.t_owner).toBe(sleeper);
        log.push("sleeper");
        yield* lwkt_reltoken(k, token);
      });
      const other = spawnThread(k, "other", 1, function* () {
        while (sleeper.bucket === null) yield* k.x.pause(Op.Yield);
        yield* lwkt_gettoken(k, token);
        yield* wakeup(k, k.clock);
        yield* k.x.pause(Op.Yield);
        expect(token.t_owner).toBe(other);
        log.push("other");
        yield* lwkt_reltoken(k, token);
      });
      return () => log.join(" ");
    });
    expect([...seen.keys()]).toEqual(["other sleeper"]);
  });

  it("do not deadlock with a serializer taken in the other order, unlike a mutex", () => {
    const start = (lock: (k: Kernel) => Routine<void>, unlock: (k: Kernel) => Routine<void>) => (k: Kernel) => {
      const s = new Serializer(k, "s");
      spawnThread(k, "reader", 0, function* () {
        yield* lock(k);
        yield* lwkt_serialize_enter(k, s);
        yield* lwkt_serialize_exit(k, s);
        yield* unlock(k);
      });
      spawnThread(k, "output", 1, function* () {
        yield* lwkt_serialize_enter(k, s);
        yield* lock(k);
        yield* unlock(k);
        yield* lwkt_serialize_exit(k, s);
      });
      return () => "done";
    };
    const withToken = outcomes(500, start(
      function* (k) { yield* get_mplock(k); },
      function* (k) { yield* rel_mplock(k); },
    ));
    expect([...withToken.keys()]).toEqual(["done"]);
    const mutexes = new Map<Kernel, Mtx>();
    const mutexOf = (k: Kernel): Mtx => {
      const mtx = mutexes.get(k) ?? new Mtx(k, "m");
      mutexes.set(k, mtx);
      return mtx;
    };
    const withMutex = outcomes(500, start(
      function* (k) { yield* mtx_lock(k, mutexOf(k)); },
      function* (k) { yield* mtx_unlock(k, mutexOf(k)); },
    ));
    expect([...withMutex.keys()].sort()).toEqual(["done", "stuck: reader, output"]);
  });

  it("let other threads of the CPU run when one lacks its token", () => {
    const seen = outcomes(300, (k) => {
      const token = lwkt_token_init(k, "tok");
      const log: string[] = [];
      let held = false;
      spawnThread(k, "holder", 1, function* () {
        yield* lwkt_gettoken(k, token);
        held = true;
        while (!log.includes("other")) yield* k.x.pause(Op.Yield);
        log.push("holder");
        yield* lwkt_reltoken(k, token);
      });
      spawnThread(k, "lacks", 0, function* () {
        while (!held) yield* k.x.pause(Op.Yield);
        yield* lwkt_gettoken(k, token);
        log.push("lacks");
        yield* lwkt_reltoken(k, token);
      });
      spawnThread(k, "other", 0, function* () {
        yield* k.x.pause(Op.Yield);
        log.push("other");
      });
      return () => log.join(" ");
    });
    expect([...seen.keys()]).toEqual(["other holder lacks"]);
  });

  it("are reacquired all or nothing, recursively, and released in order", () => {
    const seen = outcomes(300, (k) => {
      const a = lwkt_token_init(k, "a");
      const b = lwkt_token_init(k, "b");
      let inside = 0;
      for (const [name, cpu, first, second] of [["x", 0, a, b], ["y", 1, b, a]] as const) {
        spawnThread(k, name, cpu, function* () {
          yield* lwkt_gettoken(k, first);
          yield* lwkt_gettoken(k, first);
          yield* lwkt_gettoken(k, second);
          expect(++inside).toBe(1);
          yield* k.x.pause(Op.Yield);
          inside--;
          for (const token of [second, first, first]) yield* lwkt_reltoken(k, token);
        });
      }
      return () => `${String(a.t_count)}${String(b.t_count)}`;
    });
    expect([...seen.keys()]).toEqual(["00"]);
    const { failure } = runOnce(1, (k) => {
      const a = lwkt_token_init(k, "a");
      spawnThread(k, "t", 0, function* () {
        yield* lwkt_gettoken(k, a);
        expect(yield* lwkt_trytoken(k, mp_token(k))).toBe(true);
        yield* lwkt_reltoken(k, a);
      });
    });
    expect(failure?.id).toBe("lwkt-reltoken-illegal-release-of-token");
  });
});
