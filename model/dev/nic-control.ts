/** The card's driver outside the transmit path: up, down, control requests, watchdogs. */
import type { Routine } from "../../sim/index.ts";
import { EINVAL } from "../sys/errno.ts";
import { m_freem } from "../sys/mbuf.ts";
import { SIOCSIFFLAGS } from "../sys/sockio.ts";
import {
  ASSERT_IFNET_SERIALIZED_ALL,
  IFF_RUNNING,
  IFF_UP,
  IFNET_STAT_INC,
  ifsq_clr_oactive,
  ifsq_devstart_sched,
  ifsq_get_ifp,
  ifsq_set_cpuid,
  ifsq_watchdog_start,
  ifsq_watchdog_stop,
  type IfaltqSubque,
  type Ifnet,
  type Kernel,
} from "../net/driver.ts";
import { ringClean, ringReset, ringUsed } from "./nic-ring.ts";
import { nicOf, ringOf, subqueOf, type Nic } from "./nic-softc.ts";

/**
 * Brings the card up: rings empty, watchdogs armed, `IFF_RUNNING`.
 * Context: thread.
 * Holds: every serializer of the interface.
 * Blocks: as the callouts do.
 */
export function* nicInit(k: Kernel, softc: unknown): Routine<void> {
  const nic = softc as Nic; // if_softc
  const { ifp } = nic;
  ASSERT_IFNET_SERIALIZED_ALL(k, ifp);
  yield* nicStop(k, nic);
  yield* ifp.if_flags.store((yield* ifp.if_flags.load()) | IFF_RUNNING);
  for (const ring of nic.rings) {
    ifsq_clr_oactive(subqueOf(ring));
    if (watchesRings(nic)) yield* ifsq_watchdog_start(k, ring.watchdog);
  }
}

/**
 * Takes the card down: not running, rings empty, watchdogs disarmed.
 * Context: thread.
 * Holds: every serializer of the interface.
 * Blocks: as the callouts do.
 */
export function* nicStop(k: Kernel, nic: Nic): Routine<void> {
  const { ifp } = nic;
  ASSERT_IFNET_SERIALIZED_ALL(k, ifp);
  yield* ifp.if_flags.store((yield* ifp.if_flags.load()) & ~IFF_RUNNING);
  if (nic.options.watchdog.of === "interface") yield* ifp.if_timer.store(0);
  for (const ring of nic.rings) {
    ifsq_clr_oactive(subqueOf(ring));
    if (watchesRings(nic)) yield* ifsq_watchdog_stop(k, ring.watchdog);
    while (ringUsed(ring) > 0) m_freem(k, ringClean(ring));
    yield* ringReset(k, ring);
  }
}

/**
 * Marks the card running or not and leaves its rings alone: what drivers do around a change of their set-up. The
 * flags are loaded and stored, as all drivers do it.
 * Context: thread.
 * Holds: every serializer of the interface.
 * Blocks: no.
 */
export function* nicSetRunning(k: Kernel, { ifp }: Nic, running: boolean): Routine<void> {
  ASSERT_IFNET_SERIALIZED_ALL(k, ifp);
  const flags = yield* ifp.if_flags.load();
  yield* ifp.if_flags.store(running ? flags | IFF_RUNNING : flags & ~IFF_RUNNING);
}

const watchesRings = (nic: Nic): boolean =>
  nic.options.watchdog.of === "subqueue" && nic.options.watchdog.seconds > 0;

/**
 * `SIOCSIFFLAGS`: the card follows `IFF_UP`. Anything else is `EINVAL`.
 * Context: thread.
 * Holds: every serializer of the interface.
 * Blocks: as the callouts do.
 */
export function* nicIoctl(k: Kernel, ifp: Ifnet, cmd: number, _data: number): Routine<number> {
  if (cmd !== SIOCSIFFLAGS) return EINVAL;
  const flags = yield* ifp.if_flags.load();
  const running = (flags & IFF_RUNNING) !== 0;
  if ((flags & IFF_UP) !== 0) {
    if (!running) yield* nicInit(k, nicOf(ifp));
  } else if (running) {
    yield* nicStop(k, nicOf(ifp));
  }
  return 0;
}

/**
 * Polling is turned on or off: the subqueues go to the CPUs that poll them, and come back.
 * Context: thread.
 * Holds: every serializer of the interface.
 * Blocks: no.
 */
export function* nicNpoll(k: Kernel, ifp: Ifnet, on: boolean): Routine<void> {
  const nic = nicOf(ifp);
  ASSERT_IFNET_SERIALIZED_ALL(k, ifp);
  const { owners, polling } = nic.options;
  const cpus = on ? (polling ?? owners) : owners;
  for (const ring of nic.rings) yield* ifsq_set_cpuid(k, subqueOf(ring), cpus[ring.index] ?? 0);
}

/**
 * The watchdog of a subqueue ran out: resets the card and schedules every subqueue. With an empty ring there is
 * nothing to watch: the card was quicker, or was stopped since the watchdog decided.
 * Context: softclock.
 * Holds: every serializer of the interface.
 * Blocks: as the callouts do.
 */
export function* nicWatchdog(k: Kernel, ifsq: IfaltqSubque): Routine<void> {
  const ring = ringOf(ifsq);
  if (ringUsed(ring) > 0) return yield* nicIfWatchdog(k, ifsq_get_ifp(ifsq));
  ifsq_clr_oactive(ifsq);
  yield* ring.watchdog.wd_timer.store(0);
}

/**
 * The watchdog of the interface ran out: resets the card and schedules every subqueue, unless all rings are empty.
 * Context: netisr 0.
 * Holds: every serializer of the interface.
 * Blocks: as the callouts do.
 */
export function* nicIfWatchdog(k: Kernel, ifp: Ifnet): Routine<void> {
  const nic = nicOf(ifp);
  ASSERT_IFNET_SERIALIZED_ALL(k, ifp);
  if (nic.rings.every((ring) => ringUsed(ring) === 0)) return;
  IFNET_STAT_INC(k, ifp, "oerrors", 1);
  yield* nicInit(k, nic);
  for (const ring of nic.rings) yield* ifsq_devstart_sched(k, subqueOf(ring));
}
