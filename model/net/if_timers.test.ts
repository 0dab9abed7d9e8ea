import { describe, expect, it } from "vitest";
import type { Routine } from "../../sim/index.ts";
import { NO_CARD_FAULTS } from "../hw/card-engine.ts";
import type { DeviceOptions } from "./device.ts";
import type { Kernel } from "../kernel.ts";
import { spawnThread } from "../kern/lwkt_thread.ts";
import { M_WAITOK } from "../sys/malloc.ts";
import { m_gethdr } from "../sys/mbuf.ts";
import { ifq_dispatch } from "./if_dispatch.ts";
import { if_down, if_up } from "./if_flags.ts";
import { IFF_RUNNING, IFF_UP, type Ifnet } from "./if_var.ts";
import { walk } from "../test-context.ts";
import { statTotal, subqueues } from "./views.ts";

function* sendFour(k: Kernel, ifp: Ifnet): Routine<void> {
  for (let id = 1; id <= 4; id++) {
    const m = m_gethdr(k, M_WAITOK, { id, len: 100, owner: "sender" });
    yield* ifq_dispatch(k, ifp, m, null);
  }
}

/** A card that stops looking at its ring once, under a watchdog. */
const stalls = (of: "subqueue" | "interface"): Partial<DeviceOptions> => ({
  watchdog: { of, seconds: 1 },
  faults: { ...NO_CARD_FAULTS, ringStalls: 1 },
});

describe.each(["A", "B"] as const)("a card that stalls is reset (callouts of generation %s)", (callout) => {
  it.each(["subqueue", "interface"] as const)("by the watchdog of its %s (30 walks)", (of) => {
    let resets = 0;
    for (let seed = 0; seed < 30; seed++) {
      const params = { hz: 1, callout };
      const { result, nic } = walk(seed, { params, card: stalls(of), ticks: 300 }, (kernel, { ifp }) => {
        spawnThread(kernel, "sender", 0, (k) => sendFour(k, ifp));
      });

      expect([seed, result.failure]).toEqual([seed, null]);
      expect([seed, subqueues(nic.ifp)[0]!.ifsq_len.peek()]).toEqual([seed, 0]);
      resets += statTotal(nic.ifp, "oerrors");
    }
    expect(resets).toBeGreaterThan(0);
  });
});

describe("the slow timer", () => {
  const copied = (stats_compat: number): number | null => {
    const { result, nic } = walk(1, { params: { hz: 1 }, ticks: 3 }, (kernel, { ifp }) => {
      kernel.net.if_stats_compat = stats_compat;
      spawnThread(kernel, "sender", 0, (k) => sendFour(k, ifp));
    });
    expect(result.failure).toBeNull();
    return nic.ifp.if_stats?.get("obytes")?.peek() ?? null;
  };

  it("copies what was counted when net.link.stats_compat says so", () => {
    expect(copied(1)).toBe(400);
    expect(copied(0)).toBeNull();
  });
});

describe("if_down and if_up", () => {
  it("clear and set IFF_UP and purge the queue; the card keeps running", () => {
    const { result, nic, k } = walk(1, {}, (kernel, { ifp, rings }) => {
      rings[0]!.hw.stalled = true;
      spawnThread(kernel, "admin", 0, function* (kk) {
        yield* sendFour(kk, ifp);
        yield* if_down(kk, ifp);
        expect(ifp.if_flags.peek() & (IFF_UP | IFF_RUNNING)).toBe(IFF_RUNNING);
        yield* if_up(kk, ifp);
      });
    });

    expect(result.failure).toBeNull();
    expect(nic.ifp.if_flags.peek() & IFF_UP).toBe(IFF_UP);
    expect(k.mbufs.freedIds).toEqual([3, 4]);
  });
});
