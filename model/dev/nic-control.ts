/** The card's driver outside the transmit path: up, down, polling, watchdogs. */
import type { Routine } from "../../sim/index.ts";
import {
  ASSERT_IFNET_SERIALIZED_ALL,
  IFF_RUNNING,
  IFNET_STAT_INC,
  deviceOf,
  ifsq_clr_oactive,
  ifsq_devstart_sched,
  ifsq_get_ifp,
  ifsq_set_cpuid,
  ifsq_watchdog_start,
  ifsq_watchdog_stop,
  m_freem,
  ringOf,
  type Device,
  type IfaltqSubque,
  type Ifnet,
  type Kernel,
} from "../net/driver.ts";

/** `IFCAP_RXCSUM`: what the card can do. */
const CAPABILITIES = 1;

/** Says what the card can do. Context: thread, before the interface is attached. Holds: nothing. Blocks: no. */
export function* nicSetup(_k: Kernel, { ifp }: Device): Routine<void> {
  yield* ifp.if_capabilities.store(CAPABILITIES);
}

/**
 * Brings the card up: rings empty, watchdogs armed, `IFF_RUNNING`.
 * Context: thread.
 * Holds: every serializer of the interface.
 * Blocks: as the callouts do.
 */
export function* nicInit(k: Kernel, device: Device): Routine<void> {
  const { ifp } = device;
  ASSERT_IFNET_SERIALIZED_ALL(k, ifp);
  yield* nicStop(k, ifp);
  yield* ifp.if_flags.store((yield* ifp.if_flags.load()) | IFF_RUNNING);
  for (const ring of device.rings) {
    ifsq_clr_oactive(ring.ifsq);
    if (watchesRings(device)) yield* ifsq_watchdog_start(k, ring.watchdog);
  }
}

/**
 * Takes the card down: not running, rings empty, watchdogs disarmed.
 * Context: thread.
 * Holds: every serializer of the interface.
 * Blocks: as the callouts do.
 */
export function* nicStop(k: Kernel, ifp: Ifnet): Routine<void> {
  const device = deviceOf(ifp);
  ASSERT_IFNET_SERIALIZED_ALL(k, ifp);
  yield* ifp.if_flags.store((yield* ifp.if_flags.load()) & ~IFF_RUNNING);
  if (device.options.watchdog.of === "interface") yield* ifp.if_timer.store(0);
  for (const ring of device.rings) {
    ifsq_clr_oactive(ring.ifsq);
    if (watchesRings(device)) yield* ifsq_watchdog_stop(k, ring.watchdog);
    while (ring.hw.used > 0) m_freem(k, ring.hw.clean());
    yield* ring.hw.reset();
  }
}

const watchesRings = ({ options: { watchdog } }: Device): boolean =>
  watchdog.of === "subqueue" && watchdog.seconds > 0;

/**
 * Polling is turned on or off: the subqueues go to the CPUs that poll them, and come back.
 * Context: thread.
 * Holds: every serializer of the interface.
 * Blocks: no.
 */
export function* nicNpoll(k: Kernel, ifp: Ifnet, on: boolean): Routine<void> {
  const { options, rings } = deviceOf(ifp);
  ASSERT_IFNET_SERIALIZED_ALL(k, ifp);
  const { owners, polling } = options;
  const cpus = on ? (polling ?? owners) : owners;
  for (const ring of rings) yield* ifsq_set_cpuid(k, ring.ifsq, cpus[ring.index] ?? 0);
}

/**
 * The watchdog of a subqueue ran out: resets the card and schedules every subqueue. With an empty ring there is
 * nothing to watch: the card was quicker, or was stopped since the watchdog decided.
 * Context: softclock.
 * Holds: every serializer of the interface.
 * Blocks: as the callouts do.
 */
export function* nicWatchdog(k: Kernel, ifsq: IfaltqSubque): Routine<void> {
  const { hw, watchdog } = ringOf(ifsq);
  if (hw.used > 0) return yield* nicIfWatchdog(k, ifsq_get_ifp(ifsq));
  ifsq_clr_oactive(ifsq);
  yield* watchdog.wd_timer.store(0);
}

/**
 * The watchdog of the interface ran out: resets the card and schedules every subqueue, unless all rings are empty.
 * Context: netisr 0.
 * Holds: every serializer of the interface.
 * Blocks: as the callouts do.
 */
export function* nicIfWatchdog(k: Kernel, ifp: Ifnet): Routine<void> {
  const device = deviceOf(ifp);
  ASSERT_IFNET_SERIALIZED_ALL(k, ifp);
  if (device.rings.every((ring) => ring.hw.used === 0)) return;
  IFNET_STAT_INC(k, ifp, "oerrors", 1);
  yield* nicInit(k, device);
  for (const ring of device.rings) yield* ifsq_devstart_sched(k, ring.ifsq);
}
