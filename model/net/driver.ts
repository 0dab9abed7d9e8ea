/**
 * What a network driver implements, and what it may call: the contract between the interface layer and any
 * driver. `model/dev/nic.ts` is written against this file and the kernel primitives, and nothing else.
 *
 * Mirrors: the procedure handles of `struct ifnet` (sys/net/if_var.h) and the function types of
 * sys/net/altq/if_altq.h and sys/net/ifq_var.h.
 *
 * A driver, in the order a kernel driver does it:
 *   1. `if_alloc`; set `if_softc`, `if_mtu`, the hooks, `ifq_set_maxlen`; several rings: `ifq_set_subq_cnt`,
 *      `ifq_set_subq_mask`, `if_mapsubq = ifq_mapsubq_mask`, and all four serialize hooks;
 *   2. `if_attach` (blocks: it synchronises with every network thread);
 *   3. per subqueue `ifsq_set_cpuid`, `ifsq_set_priv`, with several rings `ifsq_set_hw_serialize`,
 *      `ifsq_watchdog_init`; `register_int` for the completion interrupt;
 *   4. `if_init` under `ifnet_serialize_all`: sets `IFF_RUNNING`.
 */
import type { Step } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import type { Mbuf } from "../sys/mbuf.ts";
import type { AltqPktattr, Ifaltq, IfaltqSubque } from "./altq/if_altq.ts";
import type { Ifnet, IfnetSerialize } from "./if_var.ts";

/**
 * Takes packets off a subqueue and puts them on the hardware. Called with the hardware serializer of the
 * subqueue held, by any thread. When the hardware is full: `ifsq_set_oactive` and stop; the completion
 * interrupt clears it and calls `ifsq_devstart`.
 */
export type IfStart = (k: Kernel, ifp: Ifnet, ifsq: IfaltqSubque) => Step<void>;
/** A control request; errno. Called with all serializers held. */
export type IfIoctl = (k: Kernel, ifp: Ifnet, cmd: number, data: number) => Step<number>;
/** Brings the hardware up and sets `IFF_RUNNING`. Called with all serializers held. */
export type IfInit = (k: Kernel, softc: unknown) => Step<void>;
/** Polling is turned on or off: gives the subqueues to other CPUs. Called with all serializers held. */
export type IfNpoll = (k: Kernel, ifp: Ifnet, on: boolean) => Step<void>;
/** `if_timer` ran out. Called by netisr 0 with all serializers held. */
export type IfWatchdog = (k: Kernel, ifp: Ifnet) => Step<void>;

/** Takes the serializers; may block. */
export type IfSerialize = (k: Kernel, ifp: Ifnet, slz: IfnetSerialize) => Step<void>;
/** Gives the serializers up. */
export type IfDeserialize = (k: Kernel, ifp: Ifnet, slz: IfnetSerialize) => Step<void>;
/** Takes the serializers if all are free; true when it did. Never blocks. */
export type IfTryserialize = (k: Kernel, ifp: Ifnet, slz: IfnetSerialize) => Step<boolean>;
/** Panics unless the current thread holds (or does not hold) the serializers. */
export type IfSerializeAssert = (
  k: Kernel,
  ifp: Ifnet,
  slz: IfnetSerialize,
  serialized: boolean,
) => void;

/** A subqueue watchdog ran out. Called by a softclock thread with all serializers held. */
export type IfsqWatchdog = (k: Kernel, ifsq: IfaltqSubque) => Step<void>;

/** `altq_mapsubq_t`: index of the subqueue a CPU transmits on. */
export type AltqMapsubq = (ifq: Ifaltq, cpuid: number) => number;
/** `ifsq_enqueue_t`: errno. Consumes the packet either way. Called with the subqueue lock held. */
export type IfsqEnqueue = (
  k: Kernel,
  ifsq: IfaltqSubque,
  m: Mbuf,
  pa: AltqPktattr | null,
) => Step<number>;
/** `ifsq_dequeue_t`: `ALTDQ_REMOVE` or `ALTDQ_POLL`. Called with the subqueue lock held. */
export type IfsqDequeue = (k: Kernel, ifsq: IfaltqSubque, op: number) => Step<Mbuf | null>;
/** `ifsq_request_t`: `ALTRQ_PURGE`. Called with the subqueue lock held. */
export type IfsqRequest = (k: Kernel, ifsq: IfaltqSubque, req: number) => Step<number>;

export type { Kernel } from "../kernel.ts";
export type { Mbuf } from "../sys/mbuf.ts";
export type { IfaltqSubque } from "./altq/if_altq.ts";
export type { Ifnet, IfnetSerialize } from "./if_var.ts";
export { IFF_RUNNING, IFF_UP, IFNET_STAT_INC, IFT_ETHER } from "./if_var.ts";
export { if_alloc, if_attach, if_free } from "./if_attach.ts";
export { if_up } from "./if_flags.ts";
export { if_detach } from "./if_detach.ts";
export {
  ASSERT_IFNET_SERIALIZED_ALL,
  ifnet_deserialize_all,
  ifnet_serialize_all,
} from "./if_serialize.ts";
export { ifq_mapsubq_mask, ifq_set_maxlen } from "./if_queue.ts";
export { ifq_set_ready, ifsq_dequeue } from "./ifq_var.ts";
export {
  ifq_get_subq,
  ifq_set_subq_cnt,
  ifq_set_subq_mask,
  ifsq_clr_oactive,
  ifsq_get_ifp,
  ifsq_get_priv,
  ifsq_is_empty,
  ifsq_set_cpuid,
  ifsq_set_hw_serialize,
  ifsq_set_oactive,
  ifsq_set_priv,
} from "./ifsq_var.ts";
export { ifsq_devstart, ifsq_devstart_sched } from "./if_start.ts";
export {
  IfsubqWatchdog,
  ifsq_watchdog_init,
  ifsq_watchdog_start,
  ifsq_watchdog_stop,
} from "./if_watchdog.ts";
