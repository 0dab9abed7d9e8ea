/**
 * The send queue as drivers and the output path see it.
 *
 * Mirrors: bsd/net/dlil.c `ifnet_enqueue`, `ifnet_enqueue_mbuf`, `ifnet_enqueue_common`, `ifnet_dequeue_multi`,
 * `ifnet_dequeue_service_class_multi`, `ifnet_set_output_sched_model`, `ifnet_set_throttle`.
 * Left out: the single-packet forms, stamps of foreground activity.
 */
import type { Routine } from "../../../sim/index.ts";
import { EINVAL, ENETDOWN, ENXIO, EQFULL, EQSUSPENDED } from "../kern/errno.ts";
import { lck_mtx_lock, lck_mtx_unlock } from "../kern/locks.ts";
import { PKTF_TS_VALID, M_PKTHDR, type ServiceClass, type XnuMbuf } from "../kern/mbuf.ts";
import { m_freem, m_freem_list } from "../kern/uipc_mbuf.ts";
import { nanouptime, returned, type Xnu } from "../xnu.ts";
import {
  ifclassq_dequeue,
  ifclassq_dequeue_sc,
  ifclassq_enqueue,
  ifclassq_pktsched_setup,
  throttleClass,
  type Dequeued,
} from "./classq_subr.ts";
import { ifnet_decr_iorefcnt, ifnet_is_attached } from "./dlil_refs.ts";
import { ifnet_start } from "./dlil_start.ts";
import { CLASSQ_DEQUEUE_MAX_BYTE_LIMIT, EMPTY_CHAIN } from "./if_classq.ts";
import { IFF_UP, IFNET_SCHED_MODEL_MAX, IF_FULLY_ATTACHED, type XnuIfnet } from "./if_var.ts";

/**
 * Queues one packet and asks for output; it is consumed whatever is returned. Context: any. Holds: an IO reference, nothing
 * it needs. Blocks: yes, for the queue's lock.
 */
export function* ifnet_enqueue(xnu: Xnu, ifp: XnuIfnet, m: XnuMbuf): Routine<number> {
  if ((m.m_flags & M_PKTHDR) === 0 || m.m_nextpkt !== null) {
    m_freem_list(xnu, m);
    return EINVAL;
  }
  if (!ifp.txstart || !IF_FULLY_ATTACHED(yield* ifp.if_refflags.load())) {
    m_freem(xnu, m);
    return returned(xnu, "ifnet_enqueue", ENXIO);
  }
  if (((yield* ifp.if_flags.load()) & IFF_UP) === 0) {
    m_freem(xnu, m);
    return returned(xnu, "ifnet_enqueue", ENETDOWN);
  }
  return returned(xnu, "ifnet_enqueue", yield* ifnet_enqueue_common(xnu, ifp, m));
}

function* ifnet_enqueue_common(xnu: Xnu, ifp: XnuIfnet, m: XnuMbuf): Routine<number> {
  const { m_pkthdr: header } = m;
  if ((header.pkt_flags & PKTF_TS_VALID) === 0 || header.pkt_timestamp === 0) header.pkt_timestamp = nanouptime(xnu);
  header.pkt_flags &= ~PKTF_TS_VALID;
  const { error } = yield* ifclassq_enqueue(xnu, ifp.if_snd, m);
  if (error === 0 || error === EQFULL || error === EQSUSPENDED) yield* ifnet_start(xnu, ifp);
  return error;
}

/** Takes packets of all classes. Context: the start thread. Holds: an IO reference. Blocks: yes, for the queue's lock. */
export function* ifnet_dequeue_multi(xnu: Xnu, ifp: XnuIfnet, pkt_limit: number): Routine<Dequeued> {
  const refused = yield* gate(xnu, ifp, pkt_limit);
  if (refused !== 0) return { error: returned(xnu, "ifnet_dequeue_multi", refused), chain: EMPTY_CHAIN };
  const dequeued = yield* ifclassq_dequeue(xnu, ifp.if_snd, pkt_limit, CLASSQ_DEQUEUE_MAX_BYTE_LIMIT);
  yield* ifnet_decr_iorefcnt(xnu, ifp);
  returned(xnu, "ifnet_dequeue_multi", dequeued.error);
  return dequeued;
}

/** Takes packets of a class. Context: the start thread. Holds: an IO reference. Blocks: yes, for the queue's lock. */
export function* ifnet_dequeue_service_class_multi(
  xnu: Xnu,
  ifp: XnuIfnet,
  sc: ServiceClass,
  pkt_limit: number,
): Routine<Dequeued> {
  const refused = yield* gate(xnu, ifp, pkt_limit);
  if (refused !== 0) return { error: returned(xnu, "ifnet_dequeue_service_class_multi", refused), chain: EMPTY_CHAIN };
  const dequeued = yield* ifclassq_dequeue_sc(xnu, ifp.if_snd, sc, pkt_limit, CLASSQ_DEQUEUE_MAX_BYTE_LIMIT);
  yield* ifnet_decr_iorefcnt(xnu, ifp);
  returned(xnu, "ifnet_dequeue_service_class_multi", dequeued.error);
  return dequeued;
}

/** What every dequeue asks first; with 0 the caller has one IO reference more. That the model fits the call nobody asks. */
function* gate(xnu: Xnu, ifp: XnuIfnet, pkt_limit: number): Routine<number> {
  if (pkt_limit < 1) return EINVAL;
  if (!ifp.txstart || (yield* ifp.if_output_sched_model.load()) >= IFNET_SCHED_MODEL_MAX) return ENXIO;
  return (yield* ifnet_is_attached(xnu, ifp)) ? 0 : ENXIO;
}

/** Changes how the queue is scheduled. Context: thread. Holds: nothing. Blocks: yes, for the queue's lock. */
export function* ifnet_set_output_sched_model(xnu: Xnu, ifp: XnuIfnet, model: number): Routine<number> {
  if (model >= IFNET_SCHED_MODEL_MAX) return EINVAL;
  if (!ifp.txstart) return ENXIO;
  const { if_snd: ifq } = ifp;
  yield* lck_mtx_lock(xnu, ifq.ifcq_lock);
  yield* ifp.if_output_sched_model.store(model);
  // The flags of the scheduler are those of the attach.
  yield* ifclassq_pktsched_setup(xnu, ifq, false);
  yield* lck_mtx_unlock(xnu, ifq.ifcq_lock);
  return 0;
}

/** Holds the background class of the system back, or lets it go on. Context: thread. Holds: nothing. Blocks: yes. */
export function* ifnet_set_throttle(xnu: Xnu, ifp: XnuIfnet, on: boolean): Routine<number> {
  if (!ifp.txstart) return ENXIO;
  yield* throttleClass(xnu, ifp.if_snd, on);
  if (!on) yield* ifnet_start(xnu, ifp);
  return 0;
}
