import { describe, expect, it } from "vitest";
import { EQFULL } from "../kern/errno.ts";
import { PKTF_FLOW_ADV, type ServiceClass, type XnuMbuf } from "../kern/mbuf.ts";
import { lck_mtx_lock, lck_mtx_unlock } from "../kern/locks.ts";
import { m_gethdr } from "../kern/uipc_mbuf.ts";
import { runXnu } from "../test-xnu.ts";
import { nanouptime, type Xnu, type XnuParams } from "../xnu.ts";
import { CLASSQ_DEQUEUE_MAX_BYTE_LIMIT, type Chain, type Discipline, type Enqueued } from "./if_classq.ts";

interface Given {
  readonly len: number;
  readonly flow?: number;
  readonly sc?: ServiceClass;
  readonly tcp?: boolean;
}

/** The scheduler of lo0, by hand, under the lock. */
class ByHand {
  readonly xnu: Xnu;
  readonly disc: Discipline;

  constructor(xnu: Xnu) {
    this.xnu = xnu;
    this.disc = xnu.lo_ifp.if_snd.ifcq_disc.held!;
  }

  add({ len, flow = 1, sc = "BE", tcp = false }: Given): Enqueued {
    const m = m_gethdr(this.xnu, "test", len, 0);
    m.m_pkthdr.pkt_flowid = flow;
    m.m_pkthdr.pkt_svc = sc;
    m.m_pkthdr.tcp = tcp;
    m.m_pkthdr.pkt_flags |= tcp ? PKTF_FLOW_ADV : 0;
    m.m_pkthdr.pkt_timestamp = nanouptime(this.xnu);
    return this.disc.enqueue(m);
  }

  wait(ms: number): void {
    this.xnu.time.uptime.value = nanouptime(this.xnu) + ms * 1_000_000;
  }

  take(limit = 256): Chain {
    return this.disc.dequeueMulti!(limit, CLASSQ_DEQUEUE_MAX_BYTE_LIMIT);
  }
}

function byHand(what: (hand: ByHand) => void, params: Partial<XnuParams> = {}): Xnu {
  const { xnu, result } = runXnu([function* (booted) {
    yield* lck_mtx_lock(booted, booted.lo_ifp.if_snd.ifcq_lock);
    what(new ByHand(booted));
    yield* lck_mtx_unlock(booted, booted.lo_ifp.if_snd.ifcq_lock);
  }], { params });
  expect(result.failure).toBeNull();
  return xnu;
}

const ids = ({ head }: Chain): readonly number[] => {
  const found: number[] = [];
  for (let m: XnuMbuf | null = head; m !== null; m = m.m_nextpkt) found.push(m.id);
  return found;
};

describe("FQ-CoDel", () => {
  it.each([[1000, 3000], [16_384, 49_152]])("gives three packets of %s bytes in one dequeue, whatever its quantum", (len, bytes) => {
    let chain: Chain | null = null;
    byHand((hand) => {
      for (let i = 0; i < 3; i++) hand.add({ len });
      chain = hand.take();
    });

    expect(chain).toMatchObject({ cnt: 3, len: bytes });
  });

  it("takes classes by priority, and flows of a class in turn", () => {
    let order: readonly number[] = [];
    byHand((hand) => {
      hand.add({ len: 1500, flow: 1 });
      hand.add({ len: 1500, flow: 1 });
      hand.add({ len: 100, flow: 2 });
      hand.add({ len: 100, sc: "VO" });
      order = ids(hand.take());
    });

    expect(order).toEqual([4, 1, 3, 2]);
  });

  it("stops at the limit and goes on behind it", () => {
    const counts: number[] = [];
    byHand((hand) => {
      for (let i = 0; i < 3; i++) hand.add({ len: 100 });
      counts.push(hand.take(2).cnt, hand.take(2).cnt, hand.take(2).cnt);
    });

    expect(counts).toEqual([2, 1, 0]);
  });

  it("frees a flow that is empty", () => {
    const xnu = byHand((hand) => {
      hand.add({ len: 100 });
      hand.take();
    });

    expect(xnu.zones.live.size).toBe(0);
  });

  it("drops the head of the large flow at its limit, and refuses where there is none", () => {
    const dropped: unknown[] = [];
    byHand((hand) => {
      hand.add({ len: 16_000 });
      dropped.push(hand.add({ len: 100, flow: 2 }), hand.add({ len: 100, flow: 3 }), ids(hand.take()));
    }, { dropLimit: 1 });

    expect(dropped).toEqual([{ error: 0, pdrop: false }, { error: 55, pdrop: true }, [2]]);
  });

  it("tells the sender of a flow that stalls to wait, and lets it go on when the flow is empty", () => {
    const told: unknown[] = [];
    const xnu = byHand((hand) => {
      hand.add({ len: 8000, tcp: true });
      hand.wait(150);
      told.push(hand.add({ len: 100, tcp: true }));
      hand.take();
    });

    expect(told).toEqual([{ error: EQFULL, pdrop: false }]);
    expect(xnu.advised).toEqual([1]);
  });

  it("drops everything in a purge", () => {
    const xnu = byHand((hand) => {
      hand.add({ len: 100 });
      hand.add({ len: 100, sc: "BK" });
      hand.disc.purge();
    });

    expect([xnu.mbufs.freed.length, xnu.lo_ifp.if_snd.ifcq_len.peek(), xnu.zones.live.size]).toEqual([2, 0, 0]);
  });
});

describe("classes that drop at their tail", () => {
  it("refuse what is above their limit, class by class", () => {
    const came: number[] = [];
    byHand((hand) => {
      for (const sc of ["BE", "BE", "VO"] as const) came.push(hand.add({ len: 100, sc }).error);
    }, { fqCodel: false, sndqMaxlen: 1 });

    expect(came).toEqual([0, 55, 0]);
  });

  it("have the routine of their scheduler and no other", () => {
    const has: unknown[] = [];
    byHand(({ disc }) => {
      has.push(disc.dequeue !== null, disc.dequeueSc, disc.dequeueMulti, disc.dequeueScMulti);
    }, { fqCodel: false });

    expect(has).toEqual([true, null, null, null]);
  });
});
