/**
 * The classic discipline of a send queue: two lanes, first in first out in each, the high-priority lane first;
 * when the queue is full a high-priority packet may push the oldest normal one out.
 *
 * Mirrors: sys/net/if.c (seed 001 lines 2770 to 2931): `ifq_set_classic`, `ifq_set_methods`, the lanes, and
 * `ifsq_classic_enqueue/dequeue/request`.
 */
import type { Routine, Step } from "../../sim/index.ts";
import { returned } from "../errnos.ts";
import type { Kernel } from "../kernel.ts";
import { KASSERT, panic } from "../panic.ts";
import { ENOBUFS } from "../sys/errno.ts";
import { M_PKTHDR, M_PRIO, m_freem, type Mbuf } from "../sys/mbuf.ts";
import {
  ALTDQ_POLL,
  ALTDQ_REMOVE,
  ALTRQ_PURGE,
  type AltqPktattr,
  type Ifaltq,
  type IfaltqSubque,
} from "./altq/if_altq.ts";
import {
  ALTQ_SQ_CNTR_DEC,
  ALTQ_SQ_CNTR_INC,
  ALTQ_SQ_PRIO_CNTR_DEC,
  ALTQ_SQ_PRIO_CNTR_INC,
} from "./altq/altq_sq.ts";
import type { AltqMapsubq, IfsqDequeue, IfsqEnqueue, IfsqRequest } from "./driver.ts";

/**
 * Gives a queue the classic methods and the interface's mapping.
 * Context: thread, at attach. Holds: nothing. Blocks: no.
 */
export function ifq_set_classic(k: Kernel, ifq: Ifaltq): void {
  //@ 2773-2774
  ifq_set_methods(
    k,
    ifq,
    ifq.altq_ifp.fixed.if_mapsubq.fixed,
    ifsq_classic_enqueue,
    ifsq_classic_dequeue,
    ifsq_classic_request,
  );
}

/**
 * Sets the methods of every subqueue, and the mapping.
 * Context: thread, at attach. Holds: nothing. Blocks: no.
 */
function ifq_set_methods(
  k: Kernel,
  ifq: Ifaltq,
  mapsubq: AltqMapsubq | null,
  enqueue: IfsqEnqueue,
  dequeue: IfsqDequeue,
  request: IfsqRequest,
): void {
  //@ 2783-2789
  if (mapsubq === null) return panic(k, "mapsubq is not specified");
  ifq.altq_mapsubq.fixed = mapsubq;
  for (const ifsq of ifq.altq_subq.fixed.subq) {
    //@ 2790-2794
    ifsq.ifsq_enqueue.fixed = enqueue;
    ifsq.ifsq_dequeue.fixed = dequeue;
    ifsq.ifsq_request.fixed = request;
  }
}

/** Appends to the normal lane, which owns the packet from now on. Holds: the subqueue lock. */
function ifsq_norm_enqueue(ifsq: IfaltqSubque, m: Mbuf): Step<void> {
  //@ 2801-2802
  m.handOver(null, ifsq.label);
  m.m_nextpkt = null;
  const tail = ifsq.ifsq_norm_tail.held;
  if (tail === null) {
    //@ 2803
    ifsq.ifsq_norm_head.held = m;
  } else {
    //@ 2805
    tail.m_nextpkt = m;
  }
  //@ 2806-2807
  ifsq.ifsq_norm_tail.held = m;
  return ALTQ_SQ_CNTR_INC(ifsq, m.m_pkthdr.len);
}

/** Appends to the high-priority lane, which owns the packet from now on. Holds: the subqueue lock. */
function* ifsq_prio_enqueue(ifsq: IfaltqSubque, m: Mbuf): Routine<void> {
  //@ 2813-2814
  m.handOver(null, ifsq.label);
  m.m_nextpkt = null;
  const tail = ifsq.ifsq_prio_tail.held;
  if (tail === null) {
    //@ 2815
    ifsq.ifsq_prio_head.held = m;
  } else {
    //@ 2817
    tail.m_nextpkt = m;
  }
  //@ 2818-2820
  ifsq.ifsq_prio_tail.held = m;
  yield* ALTQ_SQ_CNTR_INC(ifsq, m.m_pkthdr.len);
  ALTQ_SQ_PRIO_CNTR_INC(ifsq, m.m_pkthdr.len);
}

/** Takes the oldest packet of the normal lane, or null. Holds: the subqueue lock. */
function* ifsq_norm_dequeue(k: Kernel, ifsq: IfaltqSubque): Routine<Mbuf | null> {
  //@ 2828-2829
  const m = ifsq.ifsq_norm_head.held;
  k.onBranch?.(m === null ? "dequeue: nothing there" : "dequeue: normal lane");
  if (m !== null) {
    //@ 2830
    const next = m.m_nextpkt;
    ifsq.ifsq_norm_head.held = next;
    if (next === null) {
      //@ 2831
      ifsq.ifsq_norm_tail.held = null;
    }
    //@ 2832-2833
    m.m_nextpkt = null;
    m.handOver(ifsq.label, k.x.current.name);
    yield* ALTQ_SQ_CNTR_DEC(k, ifsq, m.m_pkthdr.len);
  }
  //@ 2835
  return m;
}

/** Takes the oldest packet of the high-priority lane, or null. Holds: the subqueue lock. */
function* ifsq_prio_dequeue(k: Kernel, ifsq: IfaltqSubque): Routine<Mbuf | null> {
  //@ 2843-2844
  const m = ifsq.ifsq_prio_head.held;
  if (m !== null) {
    //@ 2845
    k.onBranch?.("dequeue: high-priority lane");
    const next = m.m_nextpkt;
    ifsq.ifsq_prio_head.held = next;
    if (next === null) {
      //@ 2846
      ifsq.ifsq_prio_tail.held = null;
    }
    //@ 2847-2849
    m.m_nextpkt = null;
    m.handOver(ifsq.label, k.x.current.name);
    yield* ALTQ_SQ_CNTR_DEC(k, ifsq, m.m_pkthdr.len);
    ALTQ_SQ_PRIO_CNTR_DEC(k, ifsq, m.m_pkthdr.len);
  }
  //@ 2851
  return m;
}

/**
 * Enqueues, or drops and says so; consumes the packet either way. The priority path may exceed `ifsq_maxbcnt`:
 * it makes room by packets, not by bytes.
 * Context: any thread.
 * Holds: the subqueue lock.
 * Blocks: no.
 */
export function* ifsq_classic_enqueue(
  k: Kernel,
  ifsq: IfaltqSubque,
  m: Mbuf,
  _pa: AltqPktattr | null,
): Routine<number> {
  //@ 2858-2860
  KASSERT(k, (m.m_flags & M_PKTHDR) !== 0, "M_ASSERTPKTHDR: no packet header");
  const maxlen = ifsq.ifsq_maxlen.fixed;
  const maxbcnt = ifsq.ifsq_maxbcnt.fixed;
  if (ifsq.ifsq_len.held >= maxlen || ifsq.ifsq_bcnt.held >= maxbcnt) {
    //@ 2861-2863
    k.onBranch?.(ifsq.ifsq_len.held >= maxlen ? "queue full: by packets" : "queue full: by bytes");
    if (
      (m.m_flags & M_PRIO) !== 0 &&
      ifsq.ifsq_prio_len.held < Math.trunc(maxlen / 2) &&
      ifsq.ifsq_prio_bcnt.held < Math.trunc(maxbcnt / 2)
    ) {
      //@ 2869-2870
      // Drop-head on the normal lane.
      const m_drop = yield* ifsq_norm_dequeue(k, ifsq);
      if (m_drop !== null) {
        //@ 2871-2873
        m_freem(k, m_drop);
        k.onBranch?.("queue full: oldest normal packet dropped");
        yield* ifsq_prio_enqueue(ifsq, m);
        return returned(k, "ifsq_classic_enqueue", 0);
      }
      // Nothing could be dropped: everything queued is of high priority, or prepended.
      k.onBranch?.("queue full: no normal packet to drop");
    } else if ((m.m_flags & M_PRIO) !== 0) {
      k.onBranch?.("queue full: priority share used up");
    }
    //@ 2877-2878
    k.onBranch?.("queue full: arriving packet dropped");
    m_freem(k, m);
    return returned(k, "ifsq_classic_enqueue", ENOBUFS);
  }
  //@ 2880
  if ((m.m_flags & M_PRIO) !== 0) {
    //@ 2881
    k.onBranch?.("enqueue: high-priority lane");
    yield* ifsq_prio_enqueue(ifsq, m);
  } else {
    //@ 2883
    k.onBranch?.("enqueue: normal lane");
    yield* ifsq_norm_enqueue(ifsq, m);
  }
  //@ 2884
  return returned(k, "ifsq_classic_enqueue", 0);
}

/**
 * Takes (`ALTDQ_REMOVE`) or shows (`ALTDQ_POLL`) the next packet; null when there is none. Does not look at the
 * prepended packet: its callers do.
 * Context: any thread.
 * Holds: the subqueue lock.
 * Blocks: no.
 */
export function* ifsq_classic_dequeue(
  k: Kernel,
  ifsq: IfaltqSubque,
  op: number,
): Routine<Mbuf | null> {
  let m: Mbuf | null;
  //@ 2893
  switch (op) {
    case ALTDQ_POLL:
      //@ 2895-2896
      m = ifsq.ifsq_prio_head.held;
      if (m === null) {
        //@ 2897
        m = ifsq.ifsq_norm_head.held;
      }
      break;
    case ALTDQ_REMOVE:
      //@ 2901-2902
      m = yield* ifsq_prio_dequeue(k, ifsq);
      if (m === null) {
        //@ 2903
        m = yield* ifsq_norm_dequeue(k, ifsq);
      }
      break;
    default:
      //@ 2907
      return panic(k, `unsupported ALTQ dequeue op: ${op}`);
  }
  //@ 2909
  return m;
}

/**
 * `ALTRQ_PURGE`: drops every packet of both lanes.
 * Context: any thread.
 * Holds: the subqueue lock.
 * Blocks: no.
 */
export function* ifsq_classic_request(k: Kernel, ifsq: IfaltqSubque, req: number): Routine<number> {
  //@ 2915
  if (req !== ALTRQ_PURGE) {
    //@ 2928
    return panic(k, `unsupported ALTQ request: ${req}`);
  }
  //@ 2917
  for (;;) {
    //@ 2920-2921
    const m = yield* ifsq_classic_dequeue(k, ifsq, ALTDQ_REMOVE);
    if (m === null) {
      //@ 2922
      break;
    }
    //@ 2923
    k.onBranch?.("purge: drops a packet");
    m_freem(k, m);
  }
  //@ 2930
  return 0;
}
