/**
 * What every driver does when a device comes and goes: the interface is allocated, filled in, attached and taken
 * apart again, in the order of the drivers in sys/dev/netif. A driver brings what is its own (`Driver`).
 */
import type { Frozen, Routine, Step } from "../../sim/index.ts";
import { returned } from "../errnos.ts";
import { spuriousEngine, transmitEngine, type FaultBudget } from "../hw/card-engine.ts";
import { RingTiming, Wire } from "../hw/card-timing.ts";
import type { Kernel } from "../kernel.ts";
import { register_int } from "../kern/kern_intr.ts";
import type { Serializer } from "../kern/lwkt_serialize.ts";
import { lwkt_serialize_handler_disable } from "../kern/lwkt_serialize_array.ts";
import { panic } from "../panic.ts";
import { EINVAL } from "../sys/errno.ts";
import { SIOCSIFFLAGS, SIZEOF_IFREQ } from "../sys/sockio.ts";
import { ether_resolvemulti } from "./if_ethersubr.ts";
import { if_alloc, if_free } from "./if_alloc.ts";
import { if_attach } from "./if_attach.ts";
import { if_detach } from "./if_detach.ts";
import { if_initname } from "./if_name.ts";
import { if_up } from "./if_flags.ts";
import { ifq_mapsubq_mask, ifq_set_maxlen } from "./if_queue.ts";
import { ASSERT_IFNET_SERIALIZED_ALL, ifnet_deserialize_all, ifnet_serialize_all } from "./if_serialize.ts";
import { IFF_RUNNING, type Ifnet } from "./if_var.ts";
import { IFT_ETHER } from "./if_types.ts";
import { ifsq_watchdog_init } from "./if_watchdog.ts";
import { ifq_set_ready } from "./ifq_var.ts";
import {
  ifq_get_subq,
  ifq_set_subq_cnt,
  ifq_set_subq_mask,
  ifsq_get_index,
  ifsq_set_cpuid,
  ifsq_set_hw_serialize,
  ifsq_set_priv,
} from "./ifsq_var.ts";
import { Device, type DeviceOptions, type TxRing } from "./device.ts";
import { driverEntry } from "./driver-entry.ts";
import type { Driver, IfStart } from "./driver.ts";

/**
 * Makes a device and attaches its interface, down.
 * Context: thread, not a netisr.
 * Holds: nothing a network thread needs.
 * Blocks: yes.
 */
export function* attachDevice(k: Kernel, driver: Driver, options: DeviceOptions): Routine<Device> {
  const ifp = yield* if_alloc(k, IFT_ETHER, `${driver.name}${options.unit}`);
  if (ifp === null) return panic(k, "can not if_alloc()");
  if_initname(k, ifp, driver.name, options.unit);
  const device = new Device(k, driver, options, ifp);
  ifp.device = device;
  ifp.if_softc = driver.softc === undefined ? device : driver.softc(k, device);
  yield* ifp.if_mtu.store(options.mtu);
  setHooks(k, device);
  yield* setQueue(k, device);
  if (driver.setup !== undefined) yield* driver.setup(k, device);

  yield* if_attach(k, ifp, null);

  for (const ring of device.rings) yield* setSubqueue(k, device, ring);
  if (driver.attached !== undefined) yield* driver.attached(k, device);
  if (options.completions === "card") startCard(k, device);
  return device;
}

/** The procedure handles of the interface. */
function setHooks(k: Kernel, device: Device): void {
  const { driver, ifp } = device;
  ifp.if_start.fixed = driverEntry(k, countedStart(device));
  setHook(k, ifp.if_ioctl, driver.if_ioctl.bind(driver));
  setHook(k, ifp.if_init, driver.if_init?.bind(driver));
  setHook(k, ifp.if_watchdog, driver.if_watchdog?.bind(driver));
  setHook(k, ifp.if_npoll, driver.if_npoll?.bind(driver));
  if (driver.if_resolvemulti === undefined) ifp.if_resolvemulti.fixed = ether_resolvemulti;
  else setHook(k, ifp.if_resolvemulti, driver.if_resolvemulti.bind(driver));
  if (device.mode === "single") return;
  // Some of the four and not all: `if_attach` says so.
  setHook(k, ifp.if_serialize, driver.if_serialize?.bind(driver));
  setHook(k, ifp.if_deserialize, driver.if_deserialize?.bind(driver));
  setHook(k, ifp.if_tryserialize, driver.if_tryserialize?.bind(driver));
  ifp.if_serialize_assert.fixed = driver.if_serialize_assert?.bind(driver) ?? null;
}

function setHook<A extends readonly unknown[], T>(
  k: Kernel,
  field: Frozen<((...args: A) => Step<T>) | null>,
  hook: ((...args: A) => Step<T>) | undefined,
): void {
  if (hook !== undefined) field.fixed = driverEntry(k, hook);
}

/** Counts, and so makes sure that the hardware serializer is held. */
function countedStart({ driver, rings }: Device): IfStart {
  return (k, ifp, ifsq) => {
    (rings[ifsq_get_index(ifsq)] as TxRing).starts.held++; // one per subqueue
    return driver.if_start(k, ifp, ifsq);
  };
}

/** Length and shape of the send queue. */
function* setQueue(k: Kernel, { ifp, options }: Device): Routine<void> {
  const ifq = ifp.if_snd;
  if ("qmax" in options.queue) ifq_set_maxlen(k, ifq, options.queue.qmax);
  else ifq.altq_maxlen.fixed = options.queue.maxlen;
  yield* ifq_set_ready(ifq);
  ifq_set_subq_cnt(ifq, options.subqs);
  if (options.subqs > 1) {
    ifp.if_mapsubq.fixed = ifq_mapsubq_mask;
    ifq_set_subq_mask(k, ifq, options.subqs - 1);
  }
}

/** Owner, driver's pointer, serializer and watchdog of a subqueue. */
function* setSubqueue(k: Kernel, device: Device, ring: TxRing): Routine<void> {
  const { driver } = device;
  const ifsq = ifq_get_subq(k, device.ifp.if_snd, ring.index);
  yield* ifsq_set_cpuid(k, ifsq, device.options.owners[ring.index] ?? 0);
  ifsq_set_priv(ifsq, ring);
  if (device.mode === "per-ring") ifsq_set_hw_serialize(k, ifsq, ring.serializer);
  if (driver.ifsq_watchdog !== undefined) {
    yield* ifsq_watchdog_init(k, ring.watchdog, ifsq, driverEntry(k, driver.ifsq_watchdog.bind(driver)));
  }
  ring.ifsq = ifsq;
}

/** Interrupts are set up; the card looks at its rings from now on. */
function startCard(k: Kernel, { driver, ifp, rings, options }: Device): void {
  const budget: FaultBudget = { ...options.faults };
  const wire = k.timing === null ? null : new Wire(k.timing);
  for (const ring of rings) {
    if (driver.setupIntr !== undefined) driver.setupIntr(k, ring);
    else setupInterrupt(k, ring, driver.txIntr.bind(driver), ring.serializer);
    if (wire !== null) ring.hw.timing = new RingTiming(k, ring.hw, wire);
    ring.hw.engine = k.x.spawn(ring.label, () => transmitEngine(k, ring.hw, budget), { daemon: true });
  }
  if (budget.spuriousInterrupts === 0) return;
  const hw = rings.map((ring) => ring.hw);
  k.x.spawn(`${ifp.if_xname} noise`, () => spuriousEngine(k, hw, budget), { daemon: true });
}

/**
 * Sets up the completion interrupt of a ring on the CPU the machine says (`bus_setup_intr`). With a serializer the
 * handler is called inside it; with null it has to take what it needs. Not called any more once the device is detached.
 * Context: thread, at attach. Holds: nothing. Blocks: no.
 * @see {@link defineDriver} for an example
 */
export function setupInterrupt(
  k: Kernel,
  ring: TxRing,
  handler: (k: Kernel, ring: TxRing) => Step<void>,
  serializer: Serializer | null,
): void {
  const { hw, device } = ring;
  const cpu = device.options.interruptCpus[ring.index] ?? 0;
  const entered = driverEntry(k, handler);
  // A handler that waited for its serializer looks once more after it got in.
  const unlessTornDown = (): Step<void> => (hw.intr === null ? k.x.ready(undefined) : entered(k, ring));
  hw.intr = register_int(k, cpu, ring.label, unlessTornDown, serializer);
}

/**
 * What `ifconfig up` does: marks the interface up, and has the driver follow; errno.
 * Context: thread; of the netisrs only 0.
 * Holds: nothing a network thread needs.
 * Blocks: yes.
 */
export function* upDevice(k: Kernel, { ifp }: Device): Routine<number> {
  yield* if_up(k, ifp);
  yield* ifnet_serialize_all(k, ifp);
  const if_ioctl = ifp.if_ioctl.fixed;
  const error = if_ioctl === null ? EINVAL : yield* if_ioctl(k, ifp, SIOCSIFFLAGS, new Uint8Array(SIZEOF_IFREQ), null);
  yield* ifnet_deserialize_all(k, ifp);
  return returned(k, "if_ioctl", error);
}

/**
 * Marks the device running or not and leaves its rings alone: what drivers do around a change of their set-up.
 * Context: thread.
 * Holds: every serializer of the interface.
 * Blocks: as the driver's `running` does; the usual one does not.
 */
export function* runDevice(k: Kernel, { driver, ifp }: Device, on: boolean): Routine<void> {
  const running = driver.running?.bind(driver) ?? setRunning;
  yield* driverEntry(k, running)(k, ifp, on);
}

/** The flags are loaded and stored, as all drivers do it. */
function* setRunning(k: Kernel, ifp: Ifnet, on: boolean): Routine<void> {
  ASSERT_IFNET_SERIALIZED_ALL(k, ifp);
  const flags = yield* ifp.if_flags.load();
  yield* ifp.if_flags.store(on ? flags | IFF_RUNNING : flags & ~IFF_RUNNING);
}

/**
 * Takes the device down, its interrupts with it, and forgets the interface.
 * Context: thread, not a netisr.
 * Holds: nothing a network thread needs.
 * Blocks: yes.
 */
export function* detachDevice(k: Kernel, { driver, ifp, rings }: Device): Routine<void> {
  yield* ifnet_serialize_all(k, ifp);
  yield* driverEntry(k, driver.stop.bind(driver))(k, ifp);
  for (const ring of rings) {
    ring.hw.intr = null;
    yield* lwkt_serialize_handler_disable(k, ring.serializer);
  }
  yield* ifnet_deserialize_all(k, ifp);
  yield* if_detach(k, ifp);
  yield* if_free(k, ifp);
}
