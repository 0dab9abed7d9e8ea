/**
 * The class queue: what the interface layer asks of a scheduler.
 *
 * Mirrors: bsd/net/classq/classq_subr.c `ifclassq_setup`, `ifclassq_teardown`, `ifclassq_pktsched_setup`, `ifclassq_enqueue`,
 * `ifclassq_dequeue`, `ifclassq_dequeue_sc`, `ifclassq_dequeue_common`, `ifclassq_attach`, `ifclassq_detach`,
 * bsd/net/pktsched/pktsched.c `pktsched_setup`, `pktsched_teardown`, bsd/net/if.c `if_qflush`.
 * Left out: the token bucket, packet metadata of cellular interfaces.
 */
import { fail, type Routine } from "../../../sim/index.ts";
import { LCK_MTX_ASSERT, lck_mtx_lock, lck_mtx_lock_spin, lck_mtx_unlock } from "../kern/locks.ts";
import type { ServiceClass, XnuMbuf } from "../kern/mbuf.ts";
import { EAGAIN } from "../kern/errno.ts";
import type { Xnu } from "../xnu.ts";
import {
  EMPTY_CHAIN,
  IFCQF_ENABLED,
  IFCQF_READY,
  PKTSCHEDT_FQ_CODEL,
  PKTSCHEDT_NONE,
  PKTSCHEDT_QFQ,
  PKTSCHEDT_TCQ,
  type Chain,
  type Discipline,
  type Enqueued,
  type Ifclassq,
} from "./if_classq.ts";
import { IFNET_SCHED_MODEL_DRIVER_MANAGED, IFNET_SCHED_MODEL_FQ_CODEL } from "./if_var.ts";
import { fq_if_setup_ifclassq } from "./pktsched_fq_codel.ts";
import { qfq_setup_ifclassq, tcq_setup_ifclassq } from "./pktsched_tail.ts";

/** What a dequeue came to. */
export interface Dequeued {
  readonly error: number;
  readonly chain: Chain;
}

/**
 * Makes the queue of an interface ready. `driverManaged`: the driver manages the classes at this moment.
 * Context: thread. Holds: nothing. Blocks: yes, for the queue's lock.
 */
export function* ifclassq_setup(xnu: Xnu, ifq: Ifclassq, driverManaged: boolean): Routine<void> {
  yield* lck_mtx_lock(xnu, ifq.ifcq_lock);
  yield* ifclassq_pktsched_setup(xnu, ifq, driverManaged);
  ifq.ifcq_flags.held = IFCQF_READY | IFCQF_ENABLED;
  yield* lck_mtx_unlock(xnu, ifq.ifcq_lock);
}

/** Empties the queue for good. Context: detacher. Holds: nothing. Blocks: yes, for the queue's lock. */
export function* ifclassq_teardown(xnu: Xnu, ifq: Ifclassq): Routine<void> {
  yield* lck_mtx_lock(xnu, ifq.ifcq_lock);
  if ((ifq.ifcq_flags.held & IFCQF_READY) !== 0) {
    pktsched_teardown(xnu, ifq);
    ifq.ifcq_flags.held = 0;
  }
  VERIFY_EMPTY(ifq);
  yield* lck_mtx_unlock(xnu, ifq.ifcq_lock);
}

function VERIFY_EMPTY(ifq: Ifclassq): void {
  if (ifq.ifcq_len.held !== 0) {
    fail("Panic", "ifcq-not-empty", "ifclassq: queue is not empty", [["ifcq_len", String(ifq.ifcq_len.held)]]);
  }
}

/**
 * The scheduler that the boot argument and the scheduling model ask for. Context: thread. Holds: the queue's lock. Blocks: no.
 */
export function* ifclassq_pktsched_setup(xnu: Xnu, ifq: Ifclassq, driverManaged: boolean): Routine<void> {
  const model = ifq.ifcq_ifp.if_output_sched_model.held;
  let type = PKTSCHEDT_FQ_CODEL;
  if (model !== IFNET_SCHED_MODEL_FQ_CODEL && !xnu.params.fqCodel) {
    type = model === IFNET_SCHED_MODEL_DRIVER_MANAGED ? PKTSCHEDT_TCQ : PKTSCHEDT_QFQ;
  }
  yield* pktsched_setup(xnu, ifq, type, driverManaged);
}

/** Puts a scheduler in; nothing when it is there already. What another one held is dropped. Holds: the queue's lock. */
function* pktsched_setup(xnu: Xnu, ifq: Ifclassq, type: number, driverManaged: boolean): Routine<void> {
  LCK_MTX_ASSERT(xnu, ifq.ifcq_lock);
  if (ifq.ifcq_type.held === type) return;
  const rflags = ifq.ifcq_flags.held & IFCQF_ENABLED;
  if (ifq.ifcq_type.held !== PKTSCHEDT_NONE) pktsched_teardown(xnu, ifq);
  yield* ifclassq_attach(ifq, made(xnu, ifq, type, driverManaged));
  ifq.ifcq_flags.held |= rflags;
}

function made(xnu: Xnu, ifq: Ifclassq, type: number, driverManaged: boolean): Discipline {
  if (type === PKTSCHEDT_TCQ) return tcq_setup_ifclassq(xnu, ifq);
  if (type === PKTSCHEDT_QFQ) return qfq_setup_ifclassq(xnu, ifq);
  return fq_if_setup_ifclassq(xnu, ifq, driverManaged);
}

function pktsched_teardown(xnu: Xnu, ifq: Ifclassq): void {
  LCK_MTX_ASSERT(xnu, ifq.ifcq_lock);
  qflush(ifq);
  ifq.ifcq_flags.held &= ~IFCQF_ENABLED;
  ifclassq_detach(ifq);
}

function* ifclassq_attach(ifq: Ifclassq, disc: Discipline): Routine<void> {
  ifq.ifcq_type.held = disc.type;
  ifq.ifcq_disc.held = disc;
  yield* ifq.ifcq_dequeue_multi.store(disc.dequeueMulti);
  yield* ifq.ifcq_dequeue_sc_multi.store(disc.dequeueScMulti);
}

/** The two routines that dequeue several packets are not cleared. */
function ifclassq_detach(ifq: Ifclassq): void {
  ifq.ifcq_type.held = PKTSCHEDT_NONE;
  ifq.ifcq_disc.held = null;
}

function qflush(ifq: Ifclassq): void {
  if ((ifq.ifcq_flags.held & IFCQF_ENABLED) !== 0) ifq.ifcq_disc.held?.purge();
  VERIFY_EMPTY(ifq);
}

/** Drops all that waits. Context: thread. Holds: nothing. Blocks: yes, for the queue's lock. */
export function* if_qflush(xnu: Xnu, ifq: Ifclassq): Routine<void> {
  yield* lck_mtx_lock(xnu, ifq.ifcq_lock);
  qflush(ifq);
  yield* lck_mtx_unlock(xnu, ifq.ifcq_lock);
}

/** {@link if_qflush} of a link that changes: the scheduler purges again. Context: thread. Holds: nothing. Blocks: yes. */
export function* flushForLink(xnu: Xnu, ifq: Ifclassq): Routine<void> {
  yield* lck_mtx_lock(xnu, ifq.ifcq_lock);
  qflush(ifq);
  if ((ifq.ifcq_flags.held & IFCQF_READY) !== 0) ifq.ifcq_disc.held?.purge();
  yield* lck_mtx_unlock(xnu, ifq.ifcq_lock);
}

/** Holds the background class back, or lets it go on. Context: thread. Holds: nothing. Blocks: yes. */
export function* throttleClass(xnu: Xnu, ifq: Ifclassq, on: boolean): Routine<void> {
  yield* lck_mtx_lock(xnu, ifq.ifcq_lock);
  ifq.ifcq_disc.held?.throttle(on);
  yield* lck_mtx_unlock(xnu, ifq.ifcq_lock);
}

/** Queues a packet, consuming it whatever comes of it. Context: thread. Holds: nothing. Blocks: yes. */
export function* ifclassq_enqueue(xnu: Xnu, ifq: Ifclassq, m: XnuMbuf): Routine<Enqueued> {
  yield* lck_mtx_lock_spin(ifq.ifcq_lock);
  const disc = called(ifq.ifcq_disc.held, "ifcq_enqueue");
  const enqueued = disc.enqueue(m);
  if (!m.isFree) m.handOver(m.owner, ifq.label);
  yield* lck_mtx_unlock(xnu, ifq.ifcq_lock);
  return enqueued;
}

/** Takes packets of all classes. Context: thread. Holds: nothing. Blocks: yes, for the queue's lock. */
export function ifclassq_dequeue(xnu: Xnu, ifq: Ifclassq, pktLimit: number, byteLimit: number): Routine<Dequeued> {
  return ifclassq_dequeue_common(xnu, ifq, null, pktLimit, byteLimit);
}

/** Takes packets of a class. Context: thread. Holds: nothing. Blocks: yes, for the queue's lock. */
export function ifclassq_dequeue_sc(
  xnu: Xnu,
  ifq: Ifclassq,
  sc: ServiceClass,
  pktLimit: number,
  byteLimit: number,
): Routine<Dequeued> {
  return ifclassq_dequeue_common(xnu, ifq, sc, pktLimit, byteLimit);
}

/**
 * Which routine the scheduler has is looked up without the lock, and once more for the call under it. `sc` null: all classes.
 * A request for a class that the scheduler has no such routine for falls back to the one for all.
 */
function* ifclassq_dequeue_common(
  xnu: Xnu,
  ifq: Ifclassq,
  sc: ServiceClass | null,
  pktLimit: number,
  byteLimit: number,
): Routine<Dequeued> {
  if (sc !== null && (yield* ifq.ifcq_dequeue_sc_multi.load()) !== null) {
    yield* lck_mtx_lock_spin(ifq.ifcq_lock);
    const chain = called(ifq.ifcq_dequeue_sc_multi.held, "ifcq_dequeue_sc_multi")(sc, pktLimit, byteLimit);
    return yield* unlocked(xnu, ifq, chain);
  }
  if ((yield* ifq.ifcq_dequeue_multi.load()) !== null) {
    yield* lck_mtx_lock_spin(ifq.ifcq_lock);
    const chain = called(ifq.ifcq_dequeue_multi.held, "ifcq_dequeue_multi")(pktLimit, byteLimit);
    return yield* unlocked(xnu, ifq, chain);
  }
  yield* lck_mtx_lock_spin(ifq.ifcq_lock);
  return yield* unlocked(xnu, ifq, oneByOne(ifq, sc, pktLimit, byteLimit));
}

function oneByOne(ifq: Ifclassq, sc: ServiceClass | null, pktLimit: number, byteLimit: number): Chain {
  const disc = ifq.ifcq_disc.held;
  const chain = { head: null as XnuMbuf | null, tail: null as XnuMbuf | null, cnt: 0, len: 0 };
  while (chain.cnt < pktLimit && chain.len < byteLimit) {
    const m = sc === null
      ? called(disc?.dequeue ?? null, "ifcq_dequeue")()
      : called(disc?.dequeueSc ?? null, "ifcq_dequeue_sc")(sc);
    if (m === null) break;
    m.m_nextpkt = null;
    if (chain.tail === null) chain.head = m;
    else chain.tail.m_nextpkt = m;
    chain.tail = m;
    chain.cnt++;
    chain.len += m.m_pkthdr.len;
  }
  return chain;
}

function* unlocked(xnu: Xnu, ifq: Ifclassq, chain: Chain): Routine<Dequeued> {
  for (let m = chain.head; m !== null; m = m.m_nextpkt) m.handOver(ifq.label, `${ifq.ifcq_ifp.if_xname} driver`);
  ifq.lastBatch = chain.cnt;
  yield* lck_mtx_unlock(xnu, ifq.ifcq_lock);
  return chain.head === null ? { error: EAGAIN, chain: EMPTY_CHAIN } : { error: 0, chain };
}

/** What is called; a scheduler that does not have it has a null pointer there. */
function called<T>(routine: T | null, name: string): T {
  if (routine !== null) return routine;
  return fail("Panic", "null-routine", "the scheduler has no such routine: a call through a null pointer", [["routine", name]]);
}
