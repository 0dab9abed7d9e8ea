import { describe, expect, it } from "vitest";
import type { Routine } from "../../../sim/index.ts";
import { spawnThread } from "../../kern/lwkt_thread.ts";
import { ENOENT } from "../../sys/errno.ts";
import { M_WAITOK } from "../../sys/malloc.ts";
import { m_gethdr } from "../../sys/mbuf.ts";
import { ifq_dispatch } from "../if_dispatch.ts";
import { ifsq_dequeue, ifsq_enqueue, ifsq_poll } from "../ifq_var.ts";
import { StillMachine, walk } from "../../test-context.ts";
import { subqueues } from "../views.ts";
import { altq_disable, altq_enable } from "./altq_subr.ts";
import { tbr_set, type TbProfile } from "./altq_tbr.ts";

const NS_PER_MS = 1_000_000;

/** Three packets of 100 bytes behind a regulator. */
function regulated(profile: TbProfile): StillMachine {
  const s = new StillMachine({}, { queue: { maxlen: 8 } });
  for (let i = 0; i < 3; i++) {
    s.call(0, "thread", () => ifsq_enqueue(s.k, s.ifsq, s.packet(), null));
  }
  expect(s.call(0, "thread", () => tbr_set(s.k, s.nic.ifp.if_snd, profile))).toBe(0);
  return s;
}

const dequeue = (s: StillMachine): number | null =>
  s.call(0, "thread", () => ifsq_dequeue(s.k, s.ifsq))?.id ?? null;
const poll = (s: StillMachine): number | null =>
  s.call(0, "thread", () => ifsq_poll(s.k, s.ifsq))?.id ?? null;

describe("the token bucket regulator", () => {
  it("lets packets out while there is a token, and refills with time", () => {
    const s = regulated({ rate: 800_000, depth: 150 });

    // 150 bytes: two packets, the second on credit.
    expect([dequeue(s), dequeue(s), dequeue(s)]).toEqual([1, 2, null]);
    s.k.x.now += 0.4 * NS_PER_MS;
    expect(dequeue(s)).toBeNull();
    s.k.x.now += 0.6 * NS_PER_MS;
    expect(dequeue(s)).toBe(3);
  });

  it("grants the remove after a poll a free pass, however negative the tokens are", () => {
    const s = regulated({ rate: 800_000, depth: 1 });

    expect([poll(s), dequeue(s)]).toEqual([1, 1]);
    expect([poll(s), dequeue(s)]).toEqual([null, null]);
    s.k.x.now += NS_PER_MS;
    expect([poll(s), dequeue(s), dequeue(s)]).toEqual([2, 2, null]);
  });

  it("fills at once when the rate is too small to be represented", () => {
    const s = regulated({ rate: 8, depth: 1 });
    s.k.net.tbr_timer.peek();

    expect([dequeue(s), dequeue(s)]).toEqual([1, null]);
    const slow = regulated({ rate: 1, depth: 1 });
    expect([dequeue(slow), dequeue(slow), dequeue(slow)]).toEqual([1, 2, 3]);
  });

  it("is removed by rate 0, once", () => {
    const s = regulated({ rate: 800_000, depth: 1 });
    const remove = (): number =>
      s.call(0, "thread", () => tbr_set(s.k, s.nic.ifp.if_snd, { rate: 0, depth: 0 }));

    expect([remove(), remove()]).toEqual([0, ENOENT]);
    expect([dequeue(s), dequeue(s), dequeue(s)]).toEqual([1, 2, 3]);
  });

  it("drains the queue by its callout (20 walks)", () => {
    for (let seed = 0; seed < 20; seed++) {
      const { result, nic } = walk(seed, { ticks: 400, card: { ringSize: 8 } }, (kernel, { ifp }) => {
        spawnThread(kernel, "sender", 0, function* (k): Routine<void> {
          yield* tbr_set(k, ifp.if_snd, { rate: 160_000, depth: 150 });
          for (let id = 1; id <= 4; id++) {
            const m = m_gethdr(k, M_WAITOK, { id, len: 100, owner: "sender" });
            yield* ifq_dispatch(k, ifp, m, null);
          }
        });
      });

      expect([seed, result.failure]).toEqual([seed, null]);
      expect([seed, subqueues(nic.ifp)[0]!.ifsq_len.peek()]).toEqual([seed, 0]);
    }
  });
});

describe("alternate queueing", () => {
  it("purges the queue when it is turned on and off, and uses the methods of the subqueue between", () => {
    const s = new StillMachine();
    const enqueue = (): void => {
      s.call(0, "thread", () => ifsq_enqueue(s.k, s.ifsq, s.packet(), null));
    };
    enqueue();
    expect(s.call(0, "thread", () => altq_enable(s.k, s.nic.ifp.if_snd))).toBe(0);
    enqueue();
    expect(s.call(0, "thread", () => altq_disable(s.k, s.nic.ifp.if_snd))).toBe(0);

    expect(s.k.mbufs.freedIds).toEqual([1, 2]);
  });
});
