/**
 * The send queue of an interface.
 *
 * Mirrors: bsd/net/classq/if_classq.h `struct ifclassq`, IFCQ_*, CLASSQ_*.
 * Left out: the token bucket (lo0 has none), statistics per class.
 *
 * The scheduler is an object here, where C keeps its state in `ifcq_disc` and its routines in pointers beside it: a
 * scheduler says which of them it has. The pointers to the two routines that dequeue several packets are cells of their own,
 * because they are loaded without the lock and `ifclassq_detach` leaves them behind.
 */
import { Struct, guardedBy, published } from "../../../sim/index.ts";
import { lck_mtx_convert_spin, lck_mtx_init, type LckMtx } from "../kern/locks.ts";
import type { ServiceClass, XnuMbuf } from "../kern/mbuf.ts";
import type { Xnu } from "../xnu.ts";
import type { XnuIfnet } from "./if_var.ts";

/** Caps of one dequeue. */
export const CLASSQ_DEQUEUE_MAX_BYTE_LIMIT = 1024 * 1024;

export const PKTSCHEDT_NONE = 0;
export const PKTSCHEDT_TCQ = 6;
export const PKTSCHEDT_QFQ = 4;
export const PKTSCHEDT_FQ_CODEL = 7;

export const IFCQF_READY = 0x01;
export const IFCQF_ENABLED = 0x04;

/** What an enqueue came to: the errno, and whether the packet is gone. */
export interface Enqueued {
  readonly error: number;
  readonly pdrop: boolean;
}

/** What a dequeue took: a list linked by `m_nextpkt`, or nothing. */
export interface Chain {
  readonly head: XnuMbuf | null;
  readonly tail: XnuMbuf | null;
  readonly cnt: number;
  readonly len: number;
}

export const EMPTY_CHAIN: Chain = { head: null, tail: null, cnt: 0, len: 0 };

export type DequeueMulti = (pktLimit: number, byteLimit: number) => Chain;
export type DequeueScMulti = (sc: ServiceClass, pktLimit: number, byteLimit: number) => Chain;

/** A scheduler; all of it under the queue's lock. A routine it does not have is null. */
export interface Discipline {
  readonly type: number;
  enqueue(m: XnuMbuf): Enqueued;
  readonly dequeue: (() => XnuMbuf | null) | null;
  readonly dequeueSc: ((sc: ServiceClass) => XnuMbuf | null) | null;
  readonly dequeueMulti: DequeueMulti | null;
  readonly dequeueScMulti: DequeueScMulti | null;
  /** CLASSQRQ_PURGE. */
  purge(): void;
  /** CLASSQRQ_THROTTLE of the background class: on or off. */
  throttle(on: boolean): void;
  /** Packets of a class, for properties: in the order the class would give them, flow by flow. */
  waiting(): readonly { readonly sc: ServiceClass; readonly flow: number; readonly m: XnuMbuf }[];
}

/** `struct ifclassq`. */
export class Ifclassq extends Struct {
  readonly ifcq_ifp: XnuIfnet;
  readonly ifcq_lock: LckMtx;
  readonly ifcq_len;
  readonly ifcq_bytes;
  readonly ifcq_maxlen;
  readonly ifcq_flags;
  readonly ifcq_type;
  readonly ifcq_disc;
  readonly ifcq_dequeue_multi;
  readonly ifcq_dequeue_sc_multi;
  /** Packets and bytes that were dropped from the queue. */
  readonly ifcq_dropcnt;
  /** For properties: packets that the last dequeue took. */
  lastBatch = 0;

  constructor(xnu: Xnu, ifp: XnuIfnet, maxlen: number) {
    super(xnu.x, `${ifp.if_xname} if_snd`);
    this.ifcq_ifp = ifp;
    const lock = lck_mtx_init(xnu, `${ifp.if_xname} ifcq_lock`);
    this.ifcq_lock = lock;
    this.ifcq_len = guardedBy(this, lock, 0);
    this.ifcq_bytes = guardedBy(this, lock, 0);
    this.ifcq_maxlen = guardedBy(this, lock, maxlen);
    this.ifcq_flags = guardedBy(this, lock, 0);
    this.ifcq_type = guardedBy(this, lock, PKTSCHEDT_NONE);
    this.ifcq_disc = guardedBy<Discipline | null>(this, lock, null);
    this.ifcq_dequeue_multi = published<DequeueMulti | null>(this, lock, null);
    this.ifcq_dequeue_sc_multi = published<DequeueScMulti | null>(this, lock, null);
    this.ifcq_dropcnt = guardedBy(this, lock, 0);
  }
}

/** The queue holds one packet more. */
export function IFCQ_INC(ifq: Ifclassq, len: number): void {
  ifq.ifcq_len.held++;
  ifq.ifcq_bytes.held += len;
}

/** The queue holds one packet less. */
export function IFCQ_DEC(ifq: Ifclassq, len: number): void {
  ifq.ifcq_len.held--;
  ifq.ifcq_bytes.held -= len;
}

/** The holder of the queue's lock is about to free or to allocate. */
export const IFCQ_CONVERT_LOCK = (xnu: Xnu, ifq: Ifclassq): void => lck_mtx_convert_spin(xnu, ifq.ifcq_lock);
