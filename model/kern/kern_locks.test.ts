import { describe, expect, it } from "vitest";
import { Op, type Routine } from "../../sim/index.ts";
import { globaldata_find } from "./globaldata.ts";
import { Mtx, mtx_lock, mtx_lock_try, mtx_owned, mtx_unlock } from "./kern_mutex.ts";
import { SpinLock, spin_lock, spin_trylock, spin_unlock } from "./kern_spinlock.ts";
import { tsleep } from "./kern_synch.ts";
import { lwkt_send_ipiq } from "./lwkt_ipiq.ts";
import { spawnThread } from "./lwkt_thread.ts";
import { allOutcomes, outcomes, runOnce } from "./test-kernel.ts";
import { crit_enter, crit_exit } from "./thread2.ts";

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
