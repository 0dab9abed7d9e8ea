import { describe, expect, it } from "vitest";
import { runXnu } from "../test-xnu.ts";
import { WaitChannel, msleep, wakeup } from "./kern_synch.ts";
import { lck_mtx_convert_spin, lck_mtx_init, lck_mtx_lock, lck_mtx_lock_spin, lck_mtx_unlock } from "./locks.ts";
import { m_adj, m_freem, m_gethdr, m_prepend } from "./uipc_mbuf.ts";
import { M_PKTHDR } from "./mbuf.ts";

describe("a mutex in spin mode", () => {
  it("keeps its holder from freeing", () => {
    const { result } = runXnu([function* (xnu) {
      const mtx = lck_mtx_init(xnu, "m");
      yield* lck_mtx_lock_spin(mtx);
      m_freem(xnu, m_gethdr(xnu, "test", 1, 0));
    }]);

    expect(result.failure).toMatchObject({ kind: "Discipline", id: "blocks-in-spin-mode" });
  });

  it("keeps its holder from taking another", () => {
    const { result } = runXnu([function* (xnu) {
      yield* lck_mtx_lock_spin(lck_mtx_init(xnu, "m"));
      yield* lck_mtx_lock(xnu, lck_mtx_init(xnu, "n"));
    }]);

    expect(result.failure?.id).toBe("blocks-in-spin-mode");
  });

  it("does not once it is converted", () => {
    const { result } = runXnu([function* (xnu) {
      const mtx = lck_mtx_init(xnu, "m");
      yield* lck_mtx_lock_spin(mtx);
      lck_mtx_convert_spin(xnu, mtx);
      m_freem(xnu, m_gethdr(xnu, "test", 1, 0));
      yield* lck_mtx_unlock(xnu, mtx);
    }]);

    expect(result.outcome).toBe("passed");
  });

  it("is given up by its holder alone", () => {
    const { result } = runXnu([function* (xnu) {
      yield* lck_mtx_unlock(xnu, lck_mtx_init(xnu, "m"));
    }]);

    expect(result.failure).toMatchObject({ kind: "Panic", id: "mutex-not-owned" });
  });
});

describe("msleep", () => {
  it("misses no wakeup of whoever takes the mutex behind it", () => {
    const order: string[] = [];
    const shared: { mtx?: ReturnType<typeof lck_mtx_init>; chan?: WaitChannel } = {};
    const { result } = runXnu([
      function* (xnu) {
        const mtx = (shared.mtx = lck_mtx_init(xnu, "m"));
        const chan = (shared.chan = new WaitChannel(xnu.x, "c"));
        yield* lck_mtx_lock(xnu, mtx);
        yield* msleep(xnu, chan, mtx, 0);
        order.push("awake");
        yield* lck_mtx_unlock(xnu, mtx);
      },
      function* (xnu) {
        const { mtx, chan } = shared;
        if (mtx === undefined || chan === undefined) return;
        yield* lck_mtx_lock(xnu, mtx);
        order.push("wakes");
        yield* wakeup(xnu, chan);
        yield* lck_mtx_unlock(xnu, mtx);
      },
    ]);

    expect(result.outcome).toBe("passed");
    expect(order).toEqual(["wakes", "awake"]);
  });
});

describe("a link-level header", () => {
  it("goes into leading space, or into a buffer of its own that becomes the first", () => {
    const lengths: unknown[] = [];
    runXnu([function* (xnu) {
      yield* xnu.time.uptime.load();
      for (const leading of [16, 0]) {
        const m = m_gethdr(xnu, "test", 100, leading);
        const framed = m_prepend(xnu, m, 4);
        lengths.push([framed === m, framed?.m_len, framed?.m_pkthdr.len, framed?.m_next?.m_len, framed === null ? 0 : framed.m_flags & M_PKTHDR]);
      }
    }]);

    expect(lengths).toEqual([[true, 104, 104, undefined, M_PKTHDR], [false, 4, 104, 100, M_PKTHDR]]);
  });

  it("is trimmed without freeing its buffer", () => {
    const seen: unknown[] = [];
    runXnu([function* (xnu) {
      yield* xnu.time.uptime.load();
      const framed = m_prepend(xnu, m_gethdr(xnu, "test", 100, 0), 4);
      if (framed === null) return;
      const at = framed.m_data;
      m_adj(framed, 4);
      seen.push(framed.m_data === at, framed.m_len, framed.m_pkthdr.len);
    }]);

    expect(seen).toEqual([true, 0, 100]);
  });
});
