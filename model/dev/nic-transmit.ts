/** The transmit path of the card's driver: `if_start`, and what follows a completion. */
import type { Routine } from "../../sim/index.ts";
import { m_freem } from "../sys/mbuf.ts";
import {
  IFF_RUNNING,
  IFNET_STAT_INC,
  ifsq_clr_oactive,
  ifsq_dequeue,
  ifsq_devstart,
  ifsq_devstart_sched,
  ifsq_get_ifp,
  ifsq_is_empty,
  ifsq_set_oactive,
  type IfaltqSubque,
  type Ifnet,
  type Kernel,
} from "../net/driver.ts";
import {
  ringClean,
  ringCompleted,
  ringDoorbell,
  ringFill,
  ringUsed,
  type NicRing,
} from "./nic-ring.ts";
import { nicOf, ringOf, subqueOf, type Nic } from "./nic-softc.ts";

/**
 * `if_start`: {@link nicTransmit}, unless the card is stopped; not all callers have looked (`ifsq_devstart`,
 * `ifq_handoff`, `tbr_timeout`).
 * Context: any thread.
 * Holds: the ring's serializer.
 * Blocks: yes, for the subqueue lock.
 */
export function* nicStart(k: Kernel, ifp: Ifnet, ifsq: IfaltqSubque): Routine<void> {
  if (((yield* ifp.if_flags.load()) & IFF_RUNNING) !== 0) yield* nicTransmit(k, ifp, ifsq);
}

/**
 * Takes packets while there are any, up to the budget, and rings the doorbell once. A full ring sets oactive;
 * {@link nicTxeof} clears it and starts again. By itself the `if_start` of a card whose completions are made by hand.
 * Context: any thread.
 * Holds: the ring's serializer.
 * Blocks: yes, for the subqueue lock.
 */
export function* nicTransmit(k: Kernel, ifp: Ifnet, ifsq: IfaltqSubque): Routine<void> {
  const ring = ringOf(ifsq);
  const { options } = nicOf(ifp);
  let taken = 0;
  ring.starts.held++;
  while (taken < options.startBudget && !(yield* ifsq_is_empty(ifsq))) {
    if (ringUsed(ring) >= ring.size) {
      ifsq_set_oactive(ifsq);
      break;
    }
    const m = yield* ifsq_dequeue(k, ifsq);
    // Purged since we looked, or the token bucket says no.
    if (m === null) break;
    ringFill(ring, m);
    k.spend("driverEncap");
    taken++;
  }
  if (taken === 0) return;
  IFNET_STAT_INC(k, ifp, "opackets", taken);
  yield* ringDoorbell(k, ring);
  yield* watch(nicOf(ifp), ring);
}

/** Sets the watchdog of a ring that has been given packets. */
function* watch(nic: Nic, ring: NicRing): Routine<void> {
  const { of, seconds } = nic.options.watchdog;
  if (seconds === 0) return;
  if (of === "subqueue") yield* ring.watchdog.wd_timer.store(seconds);
  else yield* nic.ifp.if_timer.store(seconds);
}

/** Ends the watch over a ring that is empty. */
function* unwatch(nic: Nic, ring: NicRing): Routine<void> {
  const { of, seconds } = nic.options.watchdog;
  if (seconds === 0) return;
  if (of === "subqueue") yield* ring.watchdog.wd_timer.store(0);
  else if (nic.rings.every((one) => one === ring || idle(one))) yield* nic.ifp.if_timer.store(0);
}

/** Nothing on the ring, as far as whoever does not hold its serializer can tell. */
const idle = (ring: NicRing): boolean => ring.head === ring.tail;

/**
 * Handler of the completion interrupt. A card that was torn down or stopped is left alone: its rings are clean, and
 * a start would put packets on them that nobody takes off.
 * Context: interrupt thread.
 * Holds: the ring's serializer.
 * Blocks: yes, for the subqueue lock.
 */
export function* nicTxIntr(k: Kernel, ring: NicRing): Routine<void> {
  if (ring.intr === null) return;
  const ifp = subqueOf(ring).ifsq_ifp.fixed;
  if (((yield* ifp.if_flags.load()) & IFF_RUNNING) === 0) return;
  yield* nicTxeof(k, ring, yield* ringCompleted(k, ring), false);
}

/**
 * Cleans `done` slots (at most those in use), lets packets in again if a slot is free, and starts the subqueue:
 * directly, or on its owner CPU (`sched`).
 * Context: any thread.
 * Holds: the ring's serializer.
 * Blocks: yes, for the subqueue lock.
 */
export function* nicTxeof(k: Kernel, ring: NicRing, done: number, sched: boolean): Routine<void> {
  const ifsq = subqueOf(ring);
  const nic = nicOf(ifsq_get_ifp(ifsq));
  for (let left = Math.min(done, ringUsed(ring)); left > 0; left--) {
    m_freem(k, ringClean(ring));
    k.spend("driverClean");
  }
  if (ringUsed(ring) < ring.size) ifsq_clr_oactive(ifsq);
  if (ringUsed(ring) === 0) yield* unwatch(nic, ring);
  if (!(yield* ifsq_is_empty(ifsq))) {
    if (sched) yield* ifsq_devstart_sched(k, ifsq);
    else yield* ifsq_devstart(k, ifsq);
  }
}
