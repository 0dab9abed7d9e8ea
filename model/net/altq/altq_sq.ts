/**
 * The lock, the assertions and the counters of a subqueue.
 *
 * Mirrors: sys/net/altq/if_altq.h, the `ALTQ_SQ_*` macros.
 */
import type { Step } from "../../../sim/index.ts";
import {
  ASSERT_NOT_SERIALIZED,
  ASSERT_SERIALIZED,
  lwkt_serialize_adaptive_enter,
  lwkt_serialize_exit,
  type Serializer,
} from "../../kern/lwkt_serialize.ts";
import type { Kernel } from "../../kernel.ts";
import { KASSERT, panic } from "../../panic.ts";
import type { IfaltqSubque } from "./if_altq.ts";

/** Takes the subqueue lock: an adaptive serializer, which spins for a while and then sleeps. */
export const ALTQ_SQ_LOCK = (k: Kernel, ifsq: IfaltqSubque): Step<void> =>
  lwkt_serialize_adaptive_enter(k, ifsq.ifsq_lock);

export const ALTQ_SQ_UNLOCK = (k: Kernel, ifsq: IfaltqSubque): Step<void> =>
  lwkt_serialize_exit(k, ifsq.ifsq_lock);

export function ALTQ_SQ_ASSERT_LOCKED(k: Kernel, ifsq: IfaltqSubque): void {
  ASSERT_SERIALIZED(k, ifsq.ifsq_lock);
}

export function ASSERT_ALTQ_SQ_SERIALIZED_HW(k: Kernel, ifsq: IfaltqSubque): void {
  ASSERT_SERIALIZED(k, hwSerialize(k, ifsq));
}

export function ASSERT_ALTQ_SQ_NOT_SERIALIZED_HW(k: Kernel, ifsq: IfaltqSubque): void {
  ASSERT_NOT_SERIALIZED(k, hwSerialize(k, ifsq));
}

/** The hardware serializer. The kernel follows the pointer without looking; where it is NULL, that is a page fault. */
export function hwSerialize(k: Kernel, ifsq: IfaltqSubque): Serializer {
  const serializer = ifsq.ifsq_hw_serialize.fixed;
  if (serializer === null) return panic(k, "page fault: ifsq_hw_serialize is NULL");
  return serializer;
}

/** One packet of `bytes` more. The store of the packet counter, which others peek at, is the point. */
export function ALTQ_SQ_CNTR_INC(ifsq: IfaltqSubque, bytes: number): Step<void> {
  ifsq.ifsq_bcnt.held += bytes;
  return ifsq.ifsq_len.store(ifsq.ifsq_len.held + 1);
}

/** One packet of `bytes` less. The store of the packet counter, which others peek at, is the point. */
export function ALTQ_SQ_CNTR_DEC(k: Kernel, ifsq: IfaltqSubque, bytes: number): Step<void> {
  KASSERT(k, ifsq.ifsq_len.held > 0, "invalid packet count");
  KASSERT(k, ifsq.ifsq_bcnt.held >= bytes, "invalid byte count");
  ifsq.ifsq_bcnt.held -= bytes;
  return ifsq.ifsq_len.store(ifsq.ifsq_len.held - 1);
}

export function ALTQ_SQ_PRIO_CNTR_INC(ifsq: IfaltqSubque, bytes: number): void {
  ifsq.ifsq_prio_len.held++;
  ifsq.ifsq_prio_bcnt.held += bytes;
}

export function ALTQ_SQ_PRIO_CNTR_DEC(k: Kernel, ifsq: IfaltqSubque, bytes: number): void {
  KASSERT(k, ifsq.ifsq_prio_len.held > 0, "invalid prio packet count");
  ifsq.ifsq_prio_len.held--;
  KASSERT(k, ifsq.ifsq_prio_bcnt.held >= bytes, "invalid prio byte count");
  ifsq.ifsq_prio_bcnt.held -= bytes;
}
