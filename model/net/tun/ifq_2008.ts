/**
 * The send queue of 2008: one list, its own lock, a token bucket.
 *
 * Mirrors: sys/net/ifq_var.h, sys/net/altq/altq_subr.c, altq_var.h of May 2008, which seed 003 compiles against: the era
 * before subqueues. `ifq_enqueue`, `ifq_dequeue`, `ifq_poll`, `ifq_purge`, `ifq_handoff`, `ifq_classify`, `tbr_dequeue`.
 * Left out: the prepended packet (nobody prepends on a tun interface), disciplines other than one class first in first
 * out: with ALTQ the order is the discipline's business, what tun(4) sees is that it is enabled and may be rate-limited.
 *
 * An environment of tun(4), beside the subqueues of seed 001. Time fills the token bucket; here `tbrRefill` does.
 */
import { Struct, guardedBy, published, word, type Guarded, type Published, type Routine, type Word } from "../../../sim/index.ts";
import type { Kernel } from "../../kernel.ts";
import {
  ASSERT_SERIALIZED,
  Serializer,
  lwkt_serialize_adaptive_enter,
  lwkt_serialize_exit,
} from "../../kern/lwkt_serialize.ts";
import { handChain, type DataMbuf } from "../../kern/uipc_mbuf.ts";
import { ENOBUFS } from "../../sys/errno.ts";
import { M_MCAST, m_freem } from "../../sys/mbuf.ts";
import type { Ifnet2008 } from "./ifnet_2008.ts";

/** A discipline is in charge. */
const ALTQF_ENABLED = 0x02;
/** Disciplines may be put in charge. */
const ALTQF_READY = 0x01;

/** The driver cannot take more. */
const IFF_OACTIVE = 0x400;

/** `struct tb_regulator`: bytes that may leave now. Under the queue's lock. */
export interface TbRegulator {
  tokens: number;
  readonly depth: number;
  /** The last thing asked was what would come next: then that may leave whatever the bucket has. */
  polled: boolean;
}

/** `struct altq_pktattr`: what the classifier found. */
export interface AltqPktattr {
  readonly pattr_af: number;
}

/** `struct ifaltq`. */
export class Ifaltq2008 extends Struct {
  readonly altq_lock: Serializer;
  readonly altq_flags: Word<number>;
  readonly altq_tbr: Guarded<TbRegulator | null>;
  readonly packets: Guarded<readonly DataMbuf[]>;
  /** Loaded without the lock. */
  readonly ifq_len: Published<number>;
  ifq_maxlen = 0;
  /** Counted under the interface's serializer. */
  readonly ifq_drops: Guarded<number>;

  constructor(k: Kernel, label: string, serializer: Serializer) {
    super(k.x, label);
    this.altq_lock = new Serializer(k, `${label} altq_lock`);
    this.altq_flags = word(this, 0);
    this.altq_tbr = guardedBy<TbRegulator | null>(this, this.altq_lock, null);
    this.packets = guardedBy<readonly DataMbuf[]>(this, this.altq_lock, []);
    this.ifq_len = published(this, this.altq_lock, 0);
    this.ifq_drops = guardedBy(this, serializer, 0);
  }
}

/** Packets at most. Context: attach. */
export function ifq_set_maxlen_2008(ifq: Ifaltq2008, len: number): void {
  ifq.ifq_maxlen = len;
}

/** Disciplines may be attached. Context: attach. Holds: nothing. Blocks: no. */
export function* ifq_set_ready_2008(ifq: Ifaltq2008): Routine<void> {
  yield* ifq.altq_flags.store((yield* ifq.altq_flags.load()) | ALTQF_READY);
}

/** Is a discipline in charge? No lock. Context: any. Holds: anything. Blocks: no. */
export function* ifq_is_enabled_2008(ifq: Ifaltq2008): Routine<boolean> {
  return ((yield* ifq.altq_flags.load()) & ALTQF_ENABLED) !== 0;
}

/** Is there no packet? No lock, and no thought of the token bucket. Context: any. Holds: anything. Blocks: no. */
export function* ifq_is_empty(ifq: Ifaltq2008): Routine<boolean> {
  return (yield* ifq.ifq_len.load()) === 0;
}

/** Has the classifier look at the packet, when there is one. Context: any. Holds: not the queue's lock. Blocks: yes. */
export function* ifq_classify(k: Kernel, ifq: Ifaltq2008, _m: DataMbuf, af: number): Routine<AltqPktattr | null> {
  if (!(yield* ifq_is_enabled_2008(ifq))) return null;
  yield* lwkt_serialize_adaptive_enter(k, ifq.altq_lock);
  yield* lwkt_serialize_exit(k, ifq.altq_lock);
  return { pattr_af: af };
}

/**
 * Appends a packet; a full queue frees it: ENOBUFS.
 * Context: thread. Holds: not the queue's lock. Blocks: yes, for that.
 */
function* ifq_enqueue(k: Kernel, ifq: Ifaltq2008, m: DataMbuf, _pa: AltqPktattr | null): Routine<number> {
  yield* lwkt_serialize_adaptive_enter(k, ifq.altq_lock);
  let error = 0;
  if (ifq.packets.held.length >= ifq.ifq_maxlen) {
    m_freem(k, m);
    error = ENOBUFS;
  } else {
    handChain(m, ifq.label);
    yield* setPackets(ifq, [...ifq.packets.held, m]);
  }
  yield* lwkt_serialize_exit(k, ifq.altq_lock);
  return error;
}

function* setPackets(ifq: Ifaltq2008, packets: readonly DataMbuf[]): Routine<void> {
  ifq.packets.held = packets;
  yield* ifq.ifq_len.store(packets.length);
}

/** Does the bucket let something leave? Holds: the queue's lock. */
const mayLeave = (tbr: TbRegulator | null, removes: boolean): boolean =>
  tbr === null || tbr.tokens > 0 || (removes && tbr.polled);

/** `tbr_dequeue`, or the discipline's own: what is next, removed or not. Holds: the queue's lock. */
function* takeNext(ifq: Ifaltq2008, removes: boolean): Routine<DataMbuf | null> {
  const tbr = ifq.altq_tbr.held;
  if (!mayLeave(tbr, removes)) return null;
  const [m = null, ...rest] = ifq.packets.held;
  if (m !== null && removes) yield* setPackets(ifq, rest);
  if (tbr !== null) {
    if (m !== null && removes) tbr.tokens -= m.m_pkthdr.len;
    tbr.polled = !removes;
  }
  return m;
}

/** Takes the next packet; null when there is none, or none may leave. Context: thread. Holds: not the lock. Blocks: yes. */
export function* ifq_dequeue(k: Kernel, ifq: Ifaltq2008, _mpolled: DataMbuf | null): Routine<DataMbuf | null> {
  yield* lwkt_serialize_adaptive_enter(k, ifq.altq_lock);
  const m = yield* takeNext(ifq, true);
  yield* lwkt_serialize_exit(k, ifq.altq_lock);
  return m;
}

/** The packet {@link ifq_dequeue} would take; nothing keeps it there. Context: thread. Holds: not the lock. Blocks: yes. */
export function* ifq_poll(k: Kernel, ifq: Ifaltq2008): Routine<DataMbuf | null> {
  yield* lwkt_serialize_adaptive_enter(k, ifq.altq_lock);
  const m = yield* takeNext(ifq, false);
  yield* lwkt_serialize_exit(k, ifq.altq_lock);
  return m;
}

/** Frees all packets. Context: thread. Holds: not the lock. Blocks: yes, for it. */
export function* ifq_purge(k: Kernel, ifq: Ifaltq2008): Routine<void> {
  yield* lwkt_serialize_adaptive_enter(k, ifq.altq_lock);
  for (const m of ifq.packets.held) m_freem(k, m);
  yield* setPackets(ifq, []);
  yield* lwkt_serialize_exit(k, ifq.altq_lock);
}

/**
 * Queues a packet and starts the interface. The packet is consumed either way; its length is looked at afterwards, when
 * it may be gone.
 * Context: thread. Holds: the interface's serializer. Blocks: yes, for the queue's lock.
 */
export function* ifq_handoff_2008(k: Kernel, ifp: Ifnet2008, m: DataMbuf, pa: AltqPktattr | null): Routine<number> {
  ASSERT_SERIALIZED(k, ifp.if_serializer);
  const error = yield* ifq_enqueue(k, ifp.if_snd, m, pa);
  if (error !== 0) return error;
  ifp.if_obytes.held += m.m_pkthdr.len;
  if ((m.m_flags & M_MCAST) !== 0) ifp.if_omcasts.held++;
  if (((yield* ifp.if_flags.load()) & IFF_OACTIVE) === 0) yield* ifp.if_start(k, ifp);
  return 0;
}

/** Puts a discipline in charge, with a token bucket or without. Context: thread. Holds: nothing. Blocks: yes. */
export function* altqEnable(k: Kernel, ifq: Ifaltq2008, tbr: TbRegulator | null): Routine<void> {
  yield* lwkt_serialize_adaptive_enter(k, ifq.altq_lock);
  ifq.altq_tbr.held = tbr;
  yield* ifq.altq_flags.store((yield* ifq.altq_flags.load()) | ALTQF_ENABLED);
  yield* lwkt_serialize_exit(k, ifq.altq_lock);
}

/** The clock has filled the bucket. Context: thread. Holds: nothing. Blocks: yes, for the queue's lock. */
export function* tbrRefill(k: Kernel, ifq: Ifaltq2008, bytes: number): Routine<void> {
  yield* lwkt_serialize_adaptive_enter(k, ifq.altq_lock);
  const tbr = ifq.altq_tbr.held;
  if (tbr !== null) tbr.tokens = Math.min(tbr.depth, tbr.tokens + bytes);
  yield* lwkt_serialize_exit(k, ifq.altq_lock);
}
