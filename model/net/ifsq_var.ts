/**
 * The inline accessors of a subqueue: interlock, hardware state, owner CPU, per-CPU parts.
 *
 * Mirrors: sys/net/ifq_var.h, the one-line accessors.
 */
import type { Routine, Step } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import {
  lwkt_serialize_enter,
  lwkt_serialize_exit,
  lwkt_serialize_try,
  type Serializer,
} from "../kern/lwkt_serialize.ts";
import { KASSERT } from "../panic.ts";
import {
  ALTQ_SUBQ_INDEX_DEFAULT,
  type Ifaltq,
  type IfaltqSubque,
  type IfsubqStage,
} from "./altq/if_altq.ts";
import { hwSerialize } from "./altq/altq_sq.ts";
import type { Ifnet } from "./if_var.ts";
import { ifsq_poll_locked } from "./ifq_var.ts";
import type { NetmsgBase } from "./netmsg.ts";

/** Hardware takes no packets. Holds: the hardware serializer. */
export function ifsq_set_oactive(ifsq: IfaltqSubque): void {
  ifsq.ifsq_hw_oactive.held = 1;
}

/** Hardware takes packets again. Holds: the hardware serializer. */
export function ifsq_clr_oactive(ifsq: IfaltqSubque): void {
  ifsq.ifsq_hw_oactive.held = 0;
}

/** Is the hardware too busy to take packets? Holds: the hardware serializer. */
export const ifsq_is_oactive = (ifsq: IfaltqSubque): boolean => ifsq.ifsq_hw_oactive.held !== 0;

/**
 * Is the subqueue empty? A look without the lock: stale as soon as it is taken.
 * Context: any.
 * Holds: nothing.
 * Blocks: no.
 */
export function* ifsq_is_empty(ifsq: IfaltqSubque): Routine<boolean> {
  return (yield* ifsq.ifsq_len.load()) === 0;
}

/**
 * Could a packet be dequeued now? With a token bucket the question has side effects: a poll that passes the
 * token check grants the next dequeue a free pass. Holds: the subqueue lock.
 */
export function ifsq_data_ready(k: Kernel, ifsq: IfaltqSubque): Step<boolean> {
  if (ifsq.ifsq_altq.fixed.altq_tbr.held !== null) return dataReadyByToken(k, ifsq);
  return k.x.ready(ifsq.ifsq_len.held !== 0);
}

function* dataReadyByToken(k: Kernel, ifsq: IfaltqSubque): Routine<boolean> {
  return (yield* ifsq_poll_locked(k, ifsq)) !== null;
}

/** Does a duty to call `if_start` exist? Holds: the subqueue lock. */
export const ifsq_is_started = (ifsq: IfaltqSubque): boolean => ifsq.ifsq_started.held !== 0;

/** The caller takes the duty to call `if_start`. Holds: the subqueue lock. */
export function ifsq_set_started(ifsq: IfaltqSubque): void {
  ifsq.ifsq_started.held = 1;
}

/** The duty to call `if_start` ends. Holds: the subqueue lock. */
export function ifsq_clr_started(ifsq: IfaltqSubque): void {
  ifsq.ifsq_started.held = 0;
}

/** The stage of a CPU. Context: that CPU's netisr. */
export const ifsq_get_stage = (ifsq: IfaltqSubque, cpuid: number): IfsubqStage =>
  ifsq.ifsq_stage.fixed.stages[cpuid] as IfsubqStage; // one per CPU

/** The owner CPU, right now. A word: a point, and it may change at any time. */
export const ifsq_get_cpuid = (ifsq: IfaltqSubque): Step<number> => ifsq.ifsq_cpuid.load();

/** Gives the subqueue to a CPU. Whoever carries the duty chases the change (`ifsq_ifstart_dispatch`). */
export function ifsq_set_cpuid(k: Kernel, ifsq: IfaltqSubque, cpuid: number): Step<void> {
  KASSERT(k, cpuid >= 0 && cpuid < k.params.ncpus, `invalid ifsq_cpuid ${cpuid}`);
  return ifsq.ifsq_cpuid.store(cpuid);
}

/** The message of a CPU that schedules `if_start`. Context: that CPU. */
export const ifsq_get_ifstart_lmsg = (ifsq: IfaltqSubque, cpuid: number): NetmsgBase =>
  ifsq.ifsq_ifstart_nmsg.fixed.msgs[cpuid] as NetmsgBase; // one per CPU

/** The place of a subqueue in its queue, from 0. */
export const ifsq_get_index = (ifsq: IfaltqSubque): number => ifsq.ifsq_index.fixed;

/** The interface a subqueue belongs to. */
export const ifsq_get_ifp = (ifsq: IfaltqSubque): Ifnet => ifsq.ifsq_ifp.fixed;

/** The driver's own pointer. Context: the driver, once, after attach. */
export function ifsq_set_priv(ifsq: IfaltqSubque, priv: unknown): void {
  ifsq.ifsq_hw_priv.fixed = priv;
}

/** What the driver left with {@link ifsq_set_priv}; of an attached device its `TxRing`. */
export const ifsq_get_priv = (ifsq: IfaltqSubque): unknown => ifsq.ifsq_hw_priv.fixed;

/** Sets the hardware serializer, once. Context: attach, or the driver after it. */
export function ifsq_set_hw_serialize(k: Kernel, ifsq: IfaltqSubque, hwslz: Serializer): void {
  KASSERT(k, ifsq.ifsq_hw_serialize.fixed === null, "hw serialize has been setup");
  ifsq.ifsq_hw_serialize.fixed = hwslz;
}

/** Takes the hardware serializer; may block. */
export const ifsq_serialize_hw = (k: Kernel, ifsq: IfaltqSubque): Step<void> =>
  lwkt_serialize_enter(k, hwSerialize(k, ifsq));

/** Gives the hardware serializer of a subqueue up. */
export const ifsq_deserialize_hw = (k: Kernel, ifsq: IfaltqSubque): Step<void> =>
  lwkt_serialize_exit(k, hwSerialize(k, ifsq));

/** Takes the hardware serializer if it is free. */
export const ifsq_tryserialize_hw = (k: Kernel, ifsq: IfaltqSubque): Step<boolean> =>
  lwkt_serialize_try(k, hwSerialize(k, ifsq));

/** A subqueue by its index, 0 to `altq_subq_cnt` - 1; panics for any other. */
export function ifq_get_subq(k: Kernel, ifq: Ifaltq, index: number): IfaltqSubque {
  KASSERT(k, index >= 0 && index < ifq.altq_subq_cnt.fixed, `invalid qid ${index}`);
  return ifq.altq_subq.fixed.subq[index] as IfaltqSubque; // asserted
}

export const ifq_get_subq_default = (ifq: Ifaltq): IfaltqSubque =>
  ifq.altq_subq.fixed.subq[ALTQ_SUBQ_INDEX_DEFAULT] as IfaltqSubque; // there is always one

/** The subqueue a CPU transmits on. */
export const ifq_map_subq = (k: Kernel, ifq: Ifaltq, cpuid: number): IfaltqSubque =>
  ifq_get_subq(k, ifq, ifq.altq_mapsubq.fixed(ifq, cpuid));

/** Context: the driver, before attach. */
export function ifq_set_subq_cnt(ifq: Ifaltq, count: number): void {
  ifq.altq_subq_cnt.fixed = count;
}

/** Context: the driver, before attach. */
export function ifq_set_subq_mask(k: Kernel, ifq: Ifaltq, mask: number): void {
  KASSERT(k, ((mask + 1) & mask) === 0, `invalid mask ${mask.toString(16)}`);
  ifq.altq_subq_mask.fixed = mask;
}
