import { describe, expect, it } from "vitest";
import { Op, type Routine } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { curthread, mycpuid } from "./globaldata.ts";
import { getmicrotime, ticks } from "./kern_clock.ts";
import { tsleep, wakeup } from "./kern_synch.ts";
import {
  Callout,
  callout_init,
  callout_init_mp,
  callout_reset,
  callout_reset_bycpu,
  callout_stop,
  callout_stop_sync,
} from "./kern_timeout.ts";
import { spawnThread } from "./lwkt_thread.ts";
import { mp_token } from "./lwkt_token.ts";
import { outcomes } from "./test-kernel.ts";

/** More than any of these programs needs. */
const MANY_TICKS = 2000;
const GENERATIONS = [{ callout: "A" }, { callout: "B" }] as const;

function callout(k: Kernel, name: string): Callout {
  const c = new Callout(k, name);
  callout_init_mp(k, c);
  return c;
}

describe.each(GENERATIONS)("callouts of generation $callout", (params) => {
  it("run on the softclock thread of the arming CPU, not before their time", () => {
    const seen = outcomes(200, (k) => {
      const log: string[] = [];
      const c = callout(k, "c");
      const fire = function* (_k: Kernel, after: number): Routine<void> {
        expect(k.gd[1]?.softclock.curticks ?? 0).toBeGreaterThanOrEqual(after);
        log.push(`${curthread(k).td_name} at or after ${String(after)}`);
      };
      spawnThread(k, "t", 1, function* () {
        yield* callout_reset(k, c, 2, fire, 2);
      });
      return () => log.join(" ");
    }, params, 4);
    expect([...seen.keys()]).toEqual(["softclock 1 at or after 2"]);
  });

  it("do not run past the last tick that is allowed", () => {
    const seen = outcomes(20, (k) => {
      let ran = 0;
      const c = callout(k, "c");
      const again = function* (): Routine<void> {
        ran++;
        yield* callout_reset(k, c, 1, again, null);
      };
      spawnThread(k, "t", 0, () => callout_reset(k, c, 1, again, null));
      return () => `${String(ran <= 3)} ${String(ticks(k))} ${String(getmicrotime(k))}`;
    }, params, 3);
    expect([...seen.keys()]).toEqual(["true 3 30000000"]);
  });

  it("stopped before their time never run; a function that runs re-arms itself in spite of the stop", () => {
    const seen = outcomes(500, (k) => {
      const log: string[] = [];
      const c = callout(k, "c");
      const again = function* (): Routine<void> {
        log.push("run");
        yield* k.x.pause(Op.Yield);
        yield* callout_reset(k, c, 1, again, null);
      };
      spawnThread(k, "t", 0, function* () {
        yield* callout_reset(k, c, 1, again, null);
        yield* callout_stop(k, c);
        log.push("stopped");
      });
      return () => (log.indexOf("run") > log.indexOf("stopped") ? "ran after the stop" : "silent after the stop");
    }, params, 3);
    expect([...seen.keys()]).toEqual(["silent after the stop"]);
    const remote = outcomes(1500, (k) => {
      const log: string[] = [];
      const c = callout(k, "c");
      const again = function* (): Routine<void> {
        log.push("run");
        yield* k.x.pause(Op.Yield);
        yield* callout_reset(k, c, 1, again, null);
      };
      spawnThread(k, "arm", 0, () => callout_reset(k, c, 1, again, null));
      spawnThread(k, "stop", 1, function* () {
        while (log.length === 0) yield* k.x.pause(Op.Yield);
        yield* callout_stop(k, c);
        log.push("stopped");
      });
      return () => (log.lastIndexOf("run") > log.indexOf("stopped") ? "ran after the stop" : "silent after the stop");
    }, params, 4);
    expect([...remote.keys()].sort()).toEqual(["ran after the stop", "silent after the stop"]);
  });

  it("delay each other on one CPU when a function blocks", () => {
    const seen = outcomes(200, (k) => {
      const log: string[] = [];
      const [a, b] = [callout(k, "a"), callout(k, "b")];
      const block = function* (): Routine<void> {
        log.push("a begins");
        yield* tsleep(k, k.clock, 0, "slow", 0);
        log.push("a ends");
      };
      const quick = function* (): Routine<void> {
        log.push("b");
      };
      spawnThread(k, "t", 0, function* () {
        yield* callout_reset(k, a, 1, block, null);
        yield* callout_reset(k, b, 1, quick, null);
      });
      spawnThread(k, "waker", 1, function* () {
        while (k.sleepQueues.of(k.clock).cpumask === 0) yield* k.x.pause(Op.Yield);
        yield* wakeup(k, k.clock);
      });
      return () => log.join(", ");
    }, params, MANY_TICKS);
    expect([...seen.keys()]).toEqual(["a begins, a ends, b"]);
  });

  it("stop_sync waits for a running function", () => {
    const seen = outcomes(500, (k) => {
      const log: string[] = [];
      const c = callout(k, "c");
      const slow = function* (): Routine<void> {
        log.push("begins");
        yield* tsleep(k, k.clock, 0, "slow", 0);
        log.push("ends");
      };
      spawnThread(k, "t", 0, () => callout_reset(k, c, 1, slow, null));
      spawnThread(k, "stop", 1, function* () {
        while (log.length === 0) yield* k.x.pause(Op.Yield);
        yield* callout_stop_sync(k, c);
        log.push("stopped");
      });
      spawnThread(k, "waker", 2, function* () {
        while (k.sleepQueues.of(k.clock).cpumask === 0) yield* k.x.pause(Op.Yield);
        yield* wakeup(k, k.clock);
      });
      return () => log.join(" ");
    }, { ...params, ncpus: 3 }, MANY_TICKS);
    expect([...seen.keys()]).toEqual(["begins ends stopped"]);
  });

  it("without MPSAFE hold the MP lock", () => {
    const seen = outcomes(100, (k) => {
      let held: boolean | null = null;
      const c = new Callout(k, "c");
      callout_init(k, c);
      const fire = function* (): Routine<void> {
        held = mp_token(k).t_owner === curthread(k);
      };
      spawnThread(k, "t", 0, () => callout_reset(k, c, 1, fire, null));
      return () => `${String(held)} ${String(mp_token(k).t_count)}`;
    }, params, 3);
    expect([...seen.keys()]).toEqual(["true 0"]);
  });

  it("can be armed on another CPU, and moved and stopped from there", () => {
    const seen = outcomes(500, (k) => {
      const log: string[] = [];
      const c = callout(k, "c");
      const fire = function* (): Routine<void> {
        log.push(`cpu ${String(mycpuid(k))}`);
      };
      spawnThread(k, "t", 0, function* () {
        yield* callout_reset_bycpu(k, c, 2, fire, null, 1);
        log.push(k.gd[1]?.softclock.pending === 1 ? "armed on return" : "armed later, or gone");
        yield* callout_reset_bycpu(k, c, 2, fire, null, 1);
      });
      return () => log.join(", ");
    }, params, MANY_TICKS);
    const outcome = [...seen.keys()];
    for (const order of outcome) expect(order).toMatch(/cpu 1$/);
    const later = outcome.some((order) => order.startsWith("armed later") && !order.includes("cpu 1, cpu 1"));
    // A spins until the target has armed it; B returns while its IPI is in flight.
    if (params.callout === "B") expect(later).toBe(true);
    else expect(outcome.some((order) => order.startsWith("armed on return"))).toBe(true);
  });

  it("that are armed, moved, stopped from three CPUs at once leave no trace", () => {
    const seen = outcomes(600, (k) => {
      const c = callout(k, "c");
      const fire = function* (): Routine<void> {
        yield* k.x.pause(Op.Yield);
      };
      spawnThread(k, "t", 0, function* () {
        for (const cpu of [1, 2, 0, 1]) yield* callout_reset_bycpu(k, c, 1, fire, null, cpu);
        yield* callout_stop_sync(k, c);
      });
      return () => String(k.clock.armed);
    }, { ...params, ncpus: 3 }, MANY_TICKS);
    expect([...seen.keys()]).toEqual(["0"]);
  });
});

describe("the generations differ", () => {
  it("callout_reset blocks in B while the function runs elsewhere, and not in A", () => {
    const program = (generation: "A" | "B"): ReadonlySet<string> => new Set(outcomes(500, (k) => {
      const log: string[] = [];
      const c = callout(k, "c");
      const slow = function* (): Routine<void> {
        log.push("begins");
        while (!log.includes("reset") && generation === "A") yield* k.x.pause(Op.Yield);
        log.push("ends");
      };
      spawnThread(k, "arm", 0, () => callout_reset(k, c, 1, slow, null));
      spawnThread(k, "again", 1, function* () {
        while (log.length === 0) yield* k.x.pause(Op.Yield);
        yield* callout_reset(k, c, 100, slow, null);
        log.push("reset");
      });
      return () => log.join(" ");
    }, { callout: generation }, 3).keys());
    expect([...program("A")]).toEqual(["begins reset ends"]);
    expect([...program("B")]).toEqual(["begins ends reset"]);
  });
});
