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
  if (mapsubq === null) return panic(k, "mapsubq is not specified");
  ifq.altq_mapsubq.fixed = mapsubq;
  for (const ifsq of ifq.altq_subq.fixed.subq) {
    ifsq.ifsq_enqueue.fixed = enqueue;
    ifsq.ifsq_dequeue.fixed = dequeue;
    ifsq.ifsq_request.fixed = request;
  }
}

/** Appends to the normal lane, which owns the packet from now on. Holds: the subqueue lock. */
function ifsq_norm_enqueue(ifsq: IfaltqSubque, m: Mbuf): Step<void> {
  m.handOver(null, ifsq.label);
  m.m_nextpkt = null;
  const tail = ifsq.ifsq_norm_tail.held;
  if (tail === null) ifsq.ifsq_norm_head.held = m;
  else tail.m_nextpkt = m;
  ifsq.ifsq_norm_tail.held = m;
  return ALTQ_SQ_CNTR_INC(ifsq, m.m_pkthdr.len);
}

/** Appends to the high-priority lane, which owns the packet from now on. Holds: the subqueue lock. */
function* ifsq_prio_enqueue(ifsq: IfaltqSubque, m: Mbuf): Routine<void> {
  m.handOver(null, ifsq.label);
  m.m_nextpkt = null;
  const tail = ifsq.ifsq_prio_tail.held;
  if (tail === null) ifsq.ifsq_prio_head.held = m;
  else tail.m_nextpkt = m;
  ifsq.ifsq_prio_tail.held = m;
  yield* ALTQ_SQ_CNTR_INC(ifsq, m.m_pkthdr.len);
  ALTQ_SQ_PRIO_CNTR_INC(ifsq, m.m_pkthdr.len);
}

/** Takes the oldest packet of the normal lane, or null. Holds: the subqueue lock. */
function* ifsq_norm_dequeue(k: Kernel, ifsq: IfaltqSubque): Routine<Mbuf | null> {
  const m = ifsq.ifsq_norm_head.held;
  k.onBranch?.(m === null ? "dequeue: nothing there" : "dequeue: normal lane");
  if (m !== null) {
    const next = m.m_nextpkt;
    ifsq.ifsq_norm_head.held = next;
    if (next === null) ifsq.ifsq_norm_tail.held = null;
    m.m_nextpkt = null;
    m.handOver(ifsq.label, k.x.current.name);
    yield* ALTQ_SQ_CNTR_DEC(k, ifsq, m.m_pkthdr.len);
  }
  return m;
}

/** Takes the oldest packet of the high-priority lane, or null. Holds: the subqueue lock. */
function* ifsq_prio_dequeue(k: Kernel, ifsq: IfaltqSubque): Routine<Mbuf | null> {
  const m = ifsq.ifsq_prio_head.held;
  if (m !== null) {
    k.onBranch?.("dequeue: high-priority lane");
    const next = m.m_nextpkt;
    ifsq.ifsq_prio_head.held = next;
    if (next === null) ifsq.ifsq_prio_tail.held = null;
    m.m_nextpkt = null;
    m.handOver(ifsq.label, k.x.current.name);
    yield* ALTQ_SQ_CNTR_DEC(k, ifsq, m.m_pkthdr.len);
    ALTQ_SQ_PRIO_CNTR_DEC(k, ifsq, m.m_pkthdr.len);
  }
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
  KASSERT(k, (m.m_flags & M_PKTHDR) !== 0, "M_ASSERTPKTHDR: no packet header");
  const maxlen = ifsq.ifsq_maxlen.fixed;
  const maxbcnt = ifsq.ifsq_maxbcnt.fixed;
  if (ifsq.ifsq_len.held >= maxlen || ifsq.ifsq_bcnt.held >= maxbcnt) {
    k.onBranch?.(ifsq.ifsq_len.held >= maxlen ? "queue full: by packets" : "queue full: by bytes");
    if (
      (m.m_flags & M_PRIO) !== 0 &&
      ifsq.ifsq_prio_len.held < Math.trunc(maxlen / 2) &&
      ifsq.ifsq_prio_bcnt.held < Math.trunc(maxbcnt / 2)
    ) {
      // Drop-head on the normal lane.
      const m_drop = yield* ifsq_norm_dequeue(k, ifsq);
      if (m_drop !== null) {
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
    k.onBranch?.("queue full: arriving packet dropped");
    m_freem(k, m);
    return returned(k, "ifsq_classic_enqueue", ENOBUFS);
  }
  k.onBranch?.((m.m_flags & M_PRIO) !== 0 ? "enqueue: high-priority lane" : "enqueue: normal lane");
  if ((m.m_flags & M_PRIO) !== 0) yield* ifsq_prio_enqueue(ifsq, m);
  else yield* ifsq_norm_enqueue(ifsq, m);
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
  switch (op) {
    case ALTDQ_POLL:
      return ifsq.ifsq_prio_head.held ?? ifsq.ifsq_norm_head.held;
    case ALTDQ_REMOVE:
      return (yield* ifsq_prio_dequeue(k, ifsq)) ?? (yield* ifsq_norm_dequeue(k, ifsq));
    default:
      return panic(k, `unsupported ALTQ dequeue op: ${op}`);
  }
}

/**
 * `ALTRQ_PURGE`: drops every packet of both lanes.
 * Context: any thread.
 * Holds: the subqueue lock.
 * Blocks: no.
 */
export function* ifsq_classic_request(k: Kernel, ifsq: IfaltqSubque, req: number): Routine<number> {
  if (req !== ALTRQ_PURGE) return panic(k, `unsupported ALTQ request: ${req}`);
  for (;;) {
    const m = yield* ifsq_classic_dequeue(k, ifsq, ALTDQ_REMOVE);
    if (m === null) break;
    k.onBranch?.("purge: drops a packet");
    m_freem(k, m);
  }
  return 0;
}
