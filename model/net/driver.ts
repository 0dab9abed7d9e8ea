/**
 * What a network driver implements, and what it may call: the contract between the interface layer and any
 * driver. A driver is an object, {@link Driver}; `model/dev` is written against this file and nothing else.
 *
 * Mirrors: the procedure handles of `struct ifnet` (sys/net/if_var.h) and the function types of
 * sys/net/altq/if_altq.h and sys/net/ifq_var.h.
 *
 * What is the same in every driver is done for it (`attachDevice`, `detachDevice`), in the order of a kernel driver:
 *   1. `if_alloc`; `if_softc`, `if_mtu`, the hooks, `ifq_set_maxlen`; several rings: `ifq_set_subq_cnt`,
 *      `ifq_set_subq_mask`, `if_mapsubq = ifq_mapsubq_mask`, and all four serialize hooks; `setup`;
 *   2. `if_attach` (blocks: it synchronises with every network thread);
 *   3. per subqueue `ifsq_set_cpuid`, `ifsq_set_priv` (a {@link TxRing}), with several serializers
 *      `ifsq_set_hw_serialize`, `ifsq_watchdog_init`; `attached`; the completion interrupts; the card starts;
 *   4. up: `if_ioctl(SIOCSIFFLAGS)` under `ifnet_serialize_all`, which is to set `IFF_RUNNING`;
 *   5. detach: `stop` and the end of the interrupts under `ifnet_serialize_all`; `if_detach`; `if_free`.
 */
import type { Step } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import type { Mbuf } from "../sys/mbuf.ts";
import type { AltqPktattr, Ifaltq, IfaltqSubque } from "./altq/if_altq.ts";
import type { Device, DeviceOptions, SerializerMode, TxRing } from "./device.ts";
import type { Llsa } from "./if_multi_var.ts";
import type { Ifnet, IfnetSerialize } from "./if_var.ts";
import type { Sockaddr } from "./sockaddr.ts";
import type { Ucred } from "../kern/kern_prot.ts";

/**
 * Takes packets off a subqueue and puts them on the hardware. Called with the hardware serializer of the
 * subqueue held, by any thread. When the hardware is full: `ifsq_set_oactive` and stop; the completion
 * interrupt clears it and calls `ifsq_devstart`.
 */
export type IfStart = (k: Kernel, ifp: Ifnet, ifsq: IfaltqSubque) => Step<void>;
/**
 * A control request; errno. `data`: what it carries (`Ifreq` reads it), `cr`: who asks, null for the kernel. Called with
 * all serializers held.
 */
export type IfIoctl = (k: Kernel, ifp: Ifnet, cmd: number, data: Uint8Array, cr: Ucred | null) => Step<number>;
/** Brings the hardware up and sets `IFF_RUNNING`. Called with all serializers held. */
export type IfInit = (k: Kernel, softc: unknown) => Step<void>;
/** Polling is turned on or off: gives the subqueues to other CPUs. Called with all serializers held. */
export type IfNpoll = (k: Kernel, ifp: Ifnet, on: boolean) => Step<void>;
/**
 * Which link-level address stands for a multicast address: into `llsa`, allocated from `M_IFMADDR`, or null when the
 * address is a link-level one; errno when it cannot be. Called with all serializers held.
 */
export type IfResolvemulti = (k: Kernel, ifp: Ifnet, llsa: Llsa, sa: Sockaddr | null) => Step<number>;
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

/**
 * A network driver. `S` is its softc, what it keeps of a device; without {@link Driver.softc} that is the
 * {@link Device} itself. All members are called as methods of the object.
 */
export interface Driver<S = Device> {
  /** `if_dname`: its interfaces are called by it and a number (`em0`). Lower case letters and digits. */
  readonly name: string;

  /** Takes packets off a subqueue and gives them to the card. See {@link IfStart}. */
  if_start(k: Kernel, ifp: Ifnet, ifsq: IfaltqSubque): Step<void>;
  /**
   * A control request; errno. `SIOCSIFFLAGS`: the card follows `IFF_UP` (up: `IFF_RUNNING`, down: {@link stop}); any
   * other it does not know is `EINVAL`. `data` is what the request carries. Called with every serializer held.
   */
  if_ioctl(k: Kernel, ifp: Ifnet, cmd: number, data: Uint8Array, cr: Ucred | null): Step<number>;
  /**
   * The card is taken down: `IFF_RUNNING` cleared, packets on the rings freed, the rings reset, watchdogs stopped.
   * Called before detach with every serializer held.
   */
  stop(k: Kernel, ifp: Ifnet): Step<void>;
  /** The completion interrupt of a ring. Called by an interrupt thread, inside the ring's serializer. */
  txIntr(k: Kernel, ring: TxRing): Step<void>;

  /** Brings the card up. See {@link IfInit}. */
  if_init?(k: Kernel, softc: S): Step<void>;
  /** `if_timer` ran out. See {@link IfWatchdog}. */
  if_watchdog?(k: Kernel, ifp: Ifnet): Step<void>;
  /** The watchdog of a subqueue ran out; with it, `attachDevice` prepares the watchdog of each ring. */
  ifsq_watchdog?(k: Kernel, ifsq: IfaltqSubque): Step<void>;
  /** Polling is turned on or off. See {@link IfNpoll}. Without it the interface cannot be polled. */
  if_npoll?(k: Kernel, ifp: Ifnet, on: boolean): Step<void>;

  /** Which link-level address stands for a multicast address. Default: as on an Ethernet. See {@link IfResolvemulti}. */
  if_resolvemulti?(k: Kernel, ifp: Ifnet, llsa: Llsa, sa: Sockaddr | null): Step<number>;

  // -- multi serializers mode: all four or none -------------------------------------------------------
  if_serialize?(k: Kernel, ifp: Ifnet, slz: IfnetSerialize): Step<void>;
  if_deserialize?(k: Kernel, ifp: Ifnet, slz: IfnetSerialize): Step<void>;
  if_tryserialize?(k: Kernel, ifp: Ifnet, slz: IfnetSerialize): Step<boolean>;
  if_serialize_assert?(k: Kernel, ifp: Ifnet, slz: IfnetSerialize, serialized: boolean): void;
  /** One serializer for everything, or one per ring. Default: per ring where there are serialize functions. */
  readonly serializers?: SerializerMode | ((options: DeviceOptions) => SerializerMode);

  // -- what a driver does its own way -----------------------------------------------------------------
  /** Makes `if_softc`. Called once, before the interface is filled in. */
  softc?(k: Kernel, device: Device): S;
  /** Called before `if_attach`, with the interface filled in: the place to change what is frozen by it. */
  setup?(k: Kernel, device: Device): Step<void>;
  /** Called behind `if_attach`, with all subqueues ready and no interrupt set up yet. */
  attached?(k: Kernel, device: Device): Step<void>;
  /** Sets up the interrupt of a ring (`setupInterrupt`) instead of {@link txIntr} inside the ring's serializer. */
  setupIntr?(k: Kernel, ring: TxRing): void;
  /** The driver marks itself running or not. Default: it loads `if_flags` and stores them with `IFF_RUNNING` changed. */
  running?(k: Kernel, ifp: Ifnet, on: boolean): Step<void>;
}

/**
 * A driver as it is, typed: what it misses and misspells is an error where it is written.
 * @example
 * import { defineDriver, nicDriver } from "interlock/model";
 *
 * // The stock driver under another name, with an if_start of its own around the stock one.
 * const driver = defineDriver({
 *   ...nicDriver,
 *   name: "mine",
 *   *if_start(k, ifp, ifsq) {
 *     yield* nicDriver.if_start(k, ifp, ifsq);
 *   },
 * });
 * driver.name; // => "mine"
 */
export const defineDriver = <S = Device>(driver: Driver<S>): Driver<S> => driver;

// -- types ----------------------------------------------------------------------------------------------
export type { Kernel } from "../kernel.ts";
export type { Mbuf } from "../sys/mbuf.ts";
export type { Serializer } from "../kern/lwkt_serialize.ts";
export type { CardRing } from "../hw/card-ring.ts";
export type { IfaltqSubque } from "./altq/if_altq.ts";
export type { Device, DeviceOptions, SerializerMode, TxRing } from "./device.ts";
export type { Ifnet, IfnetSerialize } from "./if_var.ts";

// -- the device ---------------------------------------------------------------------------------------
export { deviceOf, ringOf } from "./device.ts";
export { setupInterrupt } from "./device-attach.ts";
export { driverEntry } from "./driver-entry.ts";

// -- the interface --------------------------------------------------------------------------------------
export { EBUSY, EINVAL, EIO, ENOBUFS, ENXIO, EOPNOTSUPP } from "../sys/errno.ts";
export { m_freem } from "../sys/mbuf.ts";
export { SIOCADDMULTI, SIOCDELMULTI, SIOCSIFADDR, SIOCSIFCAP, SIOCSIFFLAGS, SIOCSIFMEDIA, SIOCSIFMTU, SIOCSIFPHYS } from "../sys/sockio.ts";
export { Ifreq } from "./ifreq.ts";
export { IFF_ALLMULTI, IFF_PROMISC, IFF_RUNNING, IFF_UP, IFNET_STAT_INC } from "./if_var.ts";
export { ASSERT_IFNET_SERIALIZED_ALL, ifnet_deserialize_all, ifnet_serialize_all } from "./if_serialize.ts";
export { AF_LINK, hexOf, lladdrAt, loadSockaddr, sdlAlen } from "./sockaddr.ts";
export { ifq_set_maxlen } from "./if_queue.ts";

// -- serializers ------------------------------------------------------------------------------------------
export {
  ASSERT_NOT_SERIALIZED,
  ASSERT_SERIALIZED,
  lwkt_serialize_enter,
  lwkt_serialize_exit,
  lwkt_serialize_try,
} from "../kern/lwkt_serialize.ts";
export {
  lwkt_serialize_array_enter,
  lwkt_serialize_array_exit,
  lwkt_serialize_array_try,
} from "../kern/lwkt_serialize_array.ts";

// -- subqueues ----------------------------------------------------------------------------------------------
export { ifsq_dequeue, ifsq_poll, ifsq_prepend, ifsq_purge } from "./ifq_var.ts";
export {
  ifq_get_subq,
  ifsq_clr_oactive,
  ifsq_deserialize_hw,
  ifsq_get_cpuid,
  ifsq_get_ifp,
  ifsq_get_index,
  ifsq_get_priv,
  ifsq_is_empty,
  ifsq_is_oactive,
  ifsq_serialize_hw,
  ifsq_set_cpuid,
  ifsq_set_oactive,
  ifsq_set_priv,
} from "./ifsq_var.ts";
export { if_devstart, if_devstart_sched, ifsq_devstart, ifsq_devstart_sched } from "./if_start.ts";
export { IfsubqWatchdog, ifsq_watchdog_start, ifsq_watchdog_stop } from "./if_watchdog.ts";
