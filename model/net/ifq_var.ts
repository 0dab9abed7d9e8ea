/**
 * The inline helpers on send queues and subqueues.
 *
 * Mirrors: sys/net/ifq_var.h (the 2013 to 2015 text that seed 001 compiles against), with option ALTQ.
 * Left out: `ifq_classify` (no classifier), `ifq_is_attached` (no discipline but the classic one), the COMPAT
 * forms on the default subqueue.
 */
import type { Routine, Step } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { KASSERT } from "../panic.ts";
import { m_freem, type Mbuf } from "../sys/mbuf.ts";
import {
  ALTDQ_POLL,
  ALTDQ_REMOVE,
  ALTQF_ENABLED,
  ALTQF_READY,
  ALTRQ_PURGE,
  type AltqPktattr,
  type Ifaltq,
  type IfaltqSubque,
} from "./altq/if_altq.ts";
import {
  ALTQ_SQ_CNTR_DEC,
  ALTQ_SQ_CNTR_INC,
  ALTQ_SQ_LOCK,
  ALTQ_SQ_UNLOCK,
} from "./altq/altq_sq.ts";
import { tbr_dequeue } from "./altq/altq_tbr.ts";
import { ifsq_classic_dequeue, ifsq_classic_enqueue, ifsq_classic_request } from "./if_classic.ts";

/** Is a discipline in use? Holds: some subqueue lock. */
export const ifq_is_enabled = (ifq: Ifaltq): boolean =>
  (ifq.altq_flags.held & ALTQF_ENABLED) !== 0;

/** Does the driver support disciplines? Holds: some subqueue lock. */
export const ifq_is_ready = (ifq: Ifaltq): boolean => (ifq.altq_flags.held & ALTQF_READY) !== 0;

/** The driver supports disciplines. Context: attach. */
export const ifq_set_ready = (ifq: Ifaltq): Step<void> =>
  ifq.altq_flags.store(ifq.altq_flags.held | ALTQF_READY);

/** Enqueues; consumes the packet even when it returns an errno. Holds: the subqueue lock. */
export function ifsq_enqueue_locked(
  k: Kernel,
  ifsq: IfaltqSubque,
  m: Mbuf,
  pa: AltqPktattr | null,
): Step<number> {
  if (!ifq_is_enabled(ifsq.ifsq_altq.fixed)) return ifsq_classic_enqueue(k, ifsq, m, pa);
  return ifsq.ifsq_enqueue.fixed(k, ifsq, m, pa);
}

/**
 * Enqueues under the subqueue lock.
 * Context: any thread.
 * Holds: not the subqueue lock.
 * Blocks: yes, for the lock.
 */
export function* ifsq_enqueue(
  k: Kernel,
  ifsq: IfaltqSubque,
  m: Mbuf,
  pa: AltqPktattr | null,
): Routine<number> {
  yield* ALTQ_SQ_LOCK(k, ifsq);
  const error = yield* ifsq_enqueue_locked(k, ifsq, m, pa);
  yield* ALTQ_SQ_UNLOCK(k, ifsq);
  return error;
}

/** What would be taken next from the lanes, by the token bucket, the classic or another discipline. */
function dequeueLanes(k: Kernel, ifsq: IfaltqSubque, op: number): Step<Mbuf | null> {
  const ifq = ifsq.ifsq_altq.fixed;
  if (ifq.altq_tbr.held !== null) return tbr_dequeue(k, ifsq, op);
  if (!ifq_is_enabled(ifq)) return ifsq_classic_dequeue(k, ifsq, op);
  return ifsq.ifsq_dequeue.fixed(k, ifsq, op);
}

/**
 * Takes the next packet: the prepended one, else as the regulator and the discipline say. Null when there is
 * none, or no token.
 * Context: any thread; drivers under the hardware serializer.
 * Holds: not the subqueue lock.
 * Blocks: yes, for the lock.
 */
export function* ifsq_dequeue(k: Kernel, ifsq: IfaltqSubque): Routine<Mbuf | null> {
  yield* ALTQ_SQ_LOCK(k, ifsq);
  const prepended = ifsq.ifsq_prepended.held;
  if (prepended !== null) {
    k.onBranch?.("dequeue: the packet put back");
    ifsq.ifsq_prepended.held = null;
    prepended.handOver(ifsq.label, k.x.current.name);
    yield* ALTQ_SQ_CNTR_DEC(k, ifsq, prepended.m_pkthdr.len);
    yield* ALTQ_SQ_UNLOCK(k, ifsq);
    return prepended;
  }
  const m = yield* dequeueLanes(k, ifsq, ALTDQ_REMOVE);
  yield* ALTQ_SQ_UNLOCK(k, ifsq);
  return m;
}

/** The packet that would be taken next. With a token bucket this has side effects. Holds: the subqueue lock. */
export function ifsq_poll_locked(k: Kernel, ifsq: IfaltqSubque): Step<Mbuf | null> {
  const prepended = ifsq.ifsq_prepended.held;
  if (prepended !== null) return k.x.ready(prepended);
  return dequeueLanes(k, ifsq, ALTDQ_POLL);
}

/**
 * The packet that would be taken next, or null.
 * Context: any thread.
 * Holds: not the subqueue lock.
 * Blocks: yes, for the lock.
 */
export function* ifsq_poll(k: Kernel, ifsq: IfaltqSubque): Routine<Mbuf | null> {
  yield* ALTQ_SQ_LOCK(k, ifsq);
  const m = yield* ifsq_poll_locked(k, ifsq);
  yield* ALTQ_SQ_UNLOCK(k, ifsq);
  return m;
}

/**
 * Drops every packet. Leaves the interlock, the stages and the hardware alone.
 * Context: any thread.
 * Holds: the subqueue lock.
 * Blocks: no.
 */
function* ifsq_purge_locked(k: Kernel, ifsq: IfaltqSubque): Routine<void> {
  const prepended = ifsq.ifsq_prepended.held;
  if (prepended !== null) {
    yield* ALTQ_SQ_CNTR_DEC(k, ifsq, prepended.m_pkthdr.len);
    m_freem(k, prepended);
    ifsq.ifsq_prepended.held = null;
  }
  if (!ifq_is_enabled(ifsq.ifsq_altq.fixed)) yield* ifsq_classic_request(k, ifsq, ALTRQ_PURGE);
  else yield* ifsq.ifsq_request.fixed(k, ifsq, ALTRQ_PURGE);
}

/**
 * Drops every packet under the subqueue lock.
 * Context: any thread.
 * Holds: not the subqueue lock.
 * Blocks: yes, for the lock.
 */
export function* ifsq_purge(k: Kernel, ifsq: IfaltqSubque): Routine<void> {
  yield* ALTQ_SQ_LOCK(k, ifsq);
  yield* ifsq_purge_locked(k, ifsq);
  yield* ALTQ_SQ_UNLOCK(k, ifsq);
}

/**
 * Takes every subqueue lock, ascending.
 * Context: any thread.
 * Holds: no subqueue lock.
 * Blocks: yes, for the locks.
 */
export function* ifq_lock_all(k: Kernel, ifq: Ifaltq): Routine<void> {
  const { subq } = ifq.altq_subq.fixed;
  for (let q = 0; q < ifq.altq_subq_cnt.fixed; ++q) yield* ALTQ_SQ_LOCK(k, subq[q] as IfaltqSubque);
}

/**
 * Gives every subqueue lock up, descending.
 * Context: any thread.
 * Holds: every subqueue lock.
 * Blocks: no.
 */
export function* ifq_unlock_all(k: Kernel, ifq: Ifaltq): Routine<void> {
  const { subq } = ifq.altq_subq.fixed;
  for (let q = ifq.altq_subq_cnt.fixed - 1; q >= 0; --q) {
    yield* ALTQ_SQ_UNLOCK(k, subq[q] as IfaltqSubque);
  }
}

/**
 * Drops every packet of every subqueue.
 * Context: any thread.
 * Holds: every subqueue lock.
 * Blocks: no.
 */
export function* ifq_purge_all_locked(k: Kernel, ifq: Ifaltq): Routine<void> {
  for (const ifsq of ifq.altq_subq.fixed.subq) yield* ifsq_purge_locked(k, ifsq);
}

/**
 * Drops every packet of every subqueue, under all locks. Takes no hardware serializer.
 * Context: any thread.
 * Holds: no subqueue lock.
 * Blocks: yes, for the locks.
 */
export function* ifq_purge_all(k: Kernel, ifq: Ifaltq): Routine<void> {
  yield* ifq_lock_all(k, ifq);
  yield* ifq_purge_all_locked(k, ifq);
  yield* ifq_unlock_all(k, ifq);
}

/**
 * Puts a dequeued packet back in front.
 * Context: any thread; drivers under the hardware serializer.
 * Holds: not the subqueue lock.
 * Blocks: yes, for the lock.
 */
export function* ifsq_prepend(k: Kernel, ifsq: IfaltqSubque, m: Mbuf): Routine<void> {
  yield* ALTQ_SQ_LOCK(k, ifsq);
  KASSERT(k, ifsq.ifsq_prepended.held === null, "pending prepended mbuf");
  m.handOver(null, ifsq.label);
  ifsq.ifsq_prepended.held = m;
  yield* ALTQ_SQ_CNTR_INC(ifsq, m.m_pkthdr.len);
  yield* ALTQ_SQ_UNLOCK(k, ifsq);
}
