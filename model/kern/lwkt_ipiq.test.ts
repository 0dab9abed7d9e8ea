import { describe, expect, it } from "vitest";
import { Op, type Routine } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { curthread, globaldata_find, mycpu, mycpuid } from "./globaldata.ts";
import { tsleep, wakeup } from "./kern_synch.ts";
import {
  lwkt_send_ipiq,
  lwkt_send_ipiq_nowait,
  lwkt_send_ipiq_passive,
  lwkt_synchronize_ipiqs,
  lwkt_wait_ipiq,
} from "./lwkt_ipiq.ts";
import { spawnThread } from "./lwkt_thread.ts";
import { crit_enter, crit_exit } from "./thread2.ts";
import { allOutcomes, outcomes, runOnce } from "./test-kernel.ts";
import { ENOENT } from "../sys/errno.ts";

/** An IPI function that notes its argument. */
function* note(_k: Kernel, [log, what]: readonly [string[], string]): Routine<void> {
  log.push(what);
}

describe("critical sections and IPIs", () => {
  it("an IPI lands before or after a critical section, never inside", () => {
    const seen = allOutcomes((k) => {
      const log: string[] = [];
      spawnThread(k, "victim", 0, function* () {
        yield* crit_enter(k);
        log.push("in");
        yield* k.x.pause(Op.Yield);
        log.push("still in");
        yield* crit_exit(k);
        log.push("out");
        yield* k.x.pause(Op.Yield);
      });
      spawnThread(k, "sender", 1, function* () {
        yield* lwkt_send_ipiq(k, globaldata_find(k, 0), note, [log, "ipi"] as const);
      });
      return () => log.join(", ");
    });
    expect([...seen.keys()].sort()).toEqual([
      "in, still in, ipi, out",
      "in, still in, out, ipi",
      "ipi, in, still in, out",
    ].filter((order) => seen.has(order)).sort());
    expect(seen.has("ipi, in, still in, out")).toBe(true);
    expect(seen.has("in, still in, out, ipi")).toBe(true);
    expect([...seen.keys()].some((order) => order.startsWith("in, ipi"))).toBe(false);
  });

  it("critical sections count, and an exit too many panics", () => {
    const seen = outcomes(1, (k) => {
      spawnThread(k, "t", 0, function* () {
        yield* crit_enter(k);
        yield* crit_enter(k);
        yield* crit_exit(k);
        yield* crit_exit(k);
        yield* crit_exit(k);
      });
      return () => "";
    });
    expect([...seen.keys()]).toEqual(["Panic: crit-exit-critical-count-is-zero"]);
  });

  it("the tail of a switch lets IPIs in although the thread is in a critical section", () => {
    const seen = outcomes(200, (k) => {
      let landed = "elsewhere";
      const sleeper = spawnThread(k, "sleeper", 0, function* () {
        yield* crit_enter(k);
        yield* tsleep(k, k.clock, 0, "nap", 0);
        yield* crit_exit(k);
      });
      const wake = function* (): Routine<void> {
        yield* wakeup(k, k.clock);
      };
      const look = function* (): Routine<void> {
        if (curthread(k) === sleeper && sleeper.td_critcount > 2) landed = "in the tail";
      };
      spawnThread(k, "sender", 1, function* () {
        while (sleeper.bucket === null) yield* k.x.pause(Op.Yield);
        yield* lwkt_send_ipiq(k, globaldata_find(k, 0), wake, null);
        yield* lwkt_send_ipiq(k, globaldata_find(k, 0), look, null);
      });
      return () => landed;
    });
    expect([...seen.keys()].sort()).toEqual(["elsewhere", "in the tail"]);
  });
});

describe("lwkt_send_ipiq", () => {
  it("runs at once, in the caller's context, when sent to oneself", () => {
    const { outcome } = runOnce(1, (k) => {
      spawnThread(k, "t", 0, function* () {
        const td = curthread(k);
        const me = function* (): Routine<void> {
          expect(curthread(k)).toBe(td);
          expect(td.td_critcount).toBe(0);
          expect(mycpu(k).gd_intr_nesting_level).toBe(0);
        };
        expect(yield* lwkt_send_ipiq(k, mycpu(k), me, null)).toBe(0);
      });
    });
    expect(outcome).toBe("passed");
  });

  it("keeps the order of each pair, and runs on top of the victim", () => {
    const seen = outcomes(200, (k) => {
      const log: string[] = [];
      const victim = spawnThread(k, "victim", 0, function* () {
        for (let i = 0; i < 6; i++) yield* k.x.pause(Op.Yield);
      });
      const check = function* (_k: Kernel, what: string): Routine<void> {
        log.push(what);
        expect([victim, victim.td_gd.gd_idlethread]).toContain(curthread(k));
        expect(mycpuid(k)).toBe(0);
      };
      for (const cpu of [1, 2]) {
        spawnThread(k, `sender ${cpu}`, cpu, function* () {
          for (const i of [1, 2, 3]) yield* lwkt_send_ipiq(k, globaldata_find(k, 0), check, `${cpu}.${i}`);
        });
      }
      return () => [1, 2].map((cpu) => log.filter((l) => l.startsWith(`${cpu}.`)).join(" ")).join("; ");
    }, { ncpus: 3 });
    expect([...seen.keys()]).toEqual(["1.1 1.2 1.3; 2.1 2.2 2.3"]);
  });

  it("a pass takes the lowest source first", () => {
    const seen = outcomes(300, (k) => {
      const log: string[] = [];
      const sent: string[] = [];
      spawnThread(k, "victim", 0, function* () {
        yield* crit_enter(k);
        while (sent.length < 2) yield* k.x.pause(Op.Yield);
        yield* crit_exit(k);
      });
      for (const cpu of [1, 2]) {
        spawnThread(k, `sender ${cpu}`, cpu, function* () {
          yield* lwkt_send_ipiq(k, globaldata_find(k, 0), note, [log, String(cpu)] as const);
          sent.push(String(cpu));
        });
      }
      return () => (sent.length === 2 ? log.join(" ") : "?");
    }, { ncpus: 3 });
    // The victim may have been interrupted before its section began.
    expect(seen.get("1 2") ?? 0).toBeGreaterThan(0);
    for (const order of seen.keys()) expect(["1 2", "2 1"]).toContain(order);
    expect(seen.get("1 2") ?? 0).toBeGreaterThan(seen.get("2 1") ?? 0);
  });

  it("blocking in an IPI function panics", () => {
    const seen = outcomes(20, (k) => {
      spawnThread(k, "sender", 1, function* () {
        const sleepy = function* (): Routine<void> {
          yield* tsleep(k, k, 0, "illegal", 0);
        };
        yield* lwkt_send_ipiq(k, globaldata_find(k, 0), sleepy, null);
      });
      return () => "";
    });
    expect([...seen.keys()]).toEqual(["Panic: lwkt-switch-attempt-to-switch-from-a-fast-interrupt-ipi"]);
  });

  it("senders that find their rings full run each other's IPIs, even in critical sections", () => {
    const times = 12;
    const seen = outcomes(200, (k) => {
      const got = [0, 0];
      let full = 0;
      k.onIpiRingFull = () => full++;
      const receive = function* (_k: Kernel, n: number): Routine<void> {
        const cpu = mycpuid(k);
        expect(n).toBe(got[cpu]);
        got[cpu] = n + 1;
      };
      for (const cpu of [0, 1]) {
        spawnThread(k, `flood ${cpu}`, cpu, function* () {
          yield* crit_enter(k);
          for (let i = 0; i < times; i++) yield* lwkt_send_ipiq(k, globaldata_find(k, 1 - cpu), receive, i);
          yield* crit_exit(k);
        });
      }
      return () => `${got.join(",")} ${full > 0 ? "full" : "never full"}`;
    }, { MAXCPUFIFO: 4 });
    expect([...seen.keys()]).toEqual([`${times},${times} full`]);
  });

  it("nowait gives up at two thirds; passive entries wait for the next interrupt", () => {
    const seen = outcomes(50, (k) => {
      const log: string[] = [];
      let done = false;
      spawnThread(k, "busy", 0, function* () {
        yield* crit_enter(k);
        while (!done) yield* k.x.pause(Op.Yield);
        yield* crit_exit(k);
      });
      spawnThread(k, "sender", 1, function* () {
        const to = globaldata_find(k, 0);
        while (to.gd_curthread.td_critcount === 0) yield* k.x.pause(Op.Yield);
        yield* lwkt_send_ipiq_passive(k, to, note, [log, "passive"] as const);
        expect(to.gd_npoll).toBe(false);
        expect(yield* lwkt_send_ipiq_nowait(k, to, note, [log, "nowait"] as const)).toBe(0);
        expect(yield* lwkt_send_ipiq_nowait(k, to, note, [log, "late"] as const)).toBe(ENOENT);
        done = true;
      });
      return () => log.join(" ");
    }, { MAXCPUFIFO: 4 });
    expect([...seen.keys()]).toEqual(["passive nowait"]);
  });
});

describe("waiting for IPIs", () => {
  it("lwkt_wait_ipiq returns after its entry has run", () => {
    const seen = outcomes(100, (k) => {
      const log: string[] = [];
      spawnThread(k, "busy", 0, function* () {
        for (let i = 0; i < 4; i++) {
          yield* crit_enter(k);
          yield* crit_exit(k);
        }
      });
      spawnThread(k, "waiter", 1, function* () {
        yield* crit_enter(k);
        const seq = yield* lwkt_send_ipiq(k, globaldata_find(k, 0), note, [log, "ran"] as const);
        yield* lwkt_wait_ipiq(k, globaldata_find(k, 0), seq);
        log.push("returned");
        yield* crit_exit(k);
      });
      return () => log.join(" ");
    });
    expect([...seen.keys()]).toEqual(["ran returned"]);
  });

  it("lwkt_synchronize_ipiqs proves that what this cpu sent before has run everywhere", () => {
    const seen = outcomes(200, (k) => {
      const log: string[] = [];
      for (const cpu of [1, 2]) {
        spawnThread(k, `busy ${cpu}`, cpu, function* () {
          yield* crit_enter(k);
          yield* k.x.pause(Op.Yield);
          yield* crit_exit(k);
        });
      }
      spawnThread(k, "sync", 0, function* () {
        for (const cpu of [1, 2]) yield* lwkt_send_ipiq(k, globaldata_find(k, cpu), note, [log, "x"] as const);
        yield* lwkt_synchronize_ipiqs(k, "sync");
        log.push("synchronised");
      });
      return () => log.join(" ");
    }, { ncpus: 3 });
    expect([...seen.keys()]).toEqual(["x x synchronised"]);
  });
});
