/** The transmit path of the card's driver: `if_start`, and what follows a completion. */
import type { Routine } from "../../sim/index.ts";
import {
  IFF_RUNNING,
  IFNET_STAT_INC,
  deviceOf,
  ifsq_clr_oactive,
  ifsq_dequeue,
  ifsq_devstart,
  ifsq_devstart_sched,
  ifsq_is_empty,
  ifsq_set_oactive,
  m_freem,
  ringOf,
  type IfaltqSubque,
  type Ifnet,
  type Kernel,
  type TxRing,
} from "../net/driver.ts";

/**
 * `if_start`: {@link nicTransmit}, unless the card is stopped; not all callers have looked (`ifsq_devstart`,
 * `ifq_handoff`, `tbr_timeout`). A card whose completions are made by hand is never stopped.
 * Context: any thread.
 * Holds: the ring's serializer.
 * Blocks: yes, for the subqueue lock.
 */
export function* nicStart(k: Kernel, ifp: Ifnet, ifsq: IfaltqSubque): Routine<void> {
  const byHand = deviceOf(ifp).options.completions === "by-hand";
  if (byHand || ((yield* ifp.if_flags.load()) & IFF_RUNNING) !== 0) yield* nicTransmit(k, ifp, ifsq);
}

/**
 * Takes packets while there are any, up to the budget, and rings the doorbell once. A full ring sets oactive;
 * {@link nicTxeof} clears it and starts again.
 * Context: any thread.
 * Holds: the ring's serializer.
 * Blocks: yes, for the subqueue lock.
 */
function* nicTransmit(k: Kernel, ifp: Ifnet, ifsq: IfaltqSubque): Routine<void> {
  const ring = ringOf(ifsq);
  const { hw } = ring;
  const { startBudget } = ring.device.options;
  let taken = 0;
  while (taken < startBudget && !(yield* ifsq_is_empty(ifsq))) {
    if (hw.used >= hw.size) {
      ifsq_set_oactive(ifsq);
      break;
    }
    const m = yield* ifsq_dequeue(k, ifsq);
    // Purged since we looked, or the token bucket says no.
    if (m === null) break;
    hw.fill(m);
    taken++;
  }
  if (taken === 0) return;
  IFNET_STAT_INC(k, ifp, "opackets", taken);
  yield* hw.doorbell();
  yield* nicWatch(ring);
}

/** Sets the watchdog of a ring that has been given packets. */
function* nicWatch({ device, watchdog }: TxRing): Routine<void> {
  const { of, seconds } = device.options.watchdog;
  if (seconds === 0) return;
  if (of === "subqueue") yield* watchdog.wd_timer.store(seconds);
  else yield* device.ifp.if_timer.store(seconds);
}

/** Ends the watch over a ring that is empty. */
function* nicUnwatch(ring: TxRing): Routine<void> {
  const { ifp, rings, options } = ring.device;
  const { of, seconds } = options.watchdog;
  if (seconds === 0) return;
  if (of === "subqueue") yield* ring.watchdog.wd_timer.store(0);
  else if (rings.every((one) => one === ring || one.hw.idle)) yield* ifp.if_timer.store(0);
}

/**
 * Handler of the completion interrupt. A card that was stopped is left alone: its rings are clean, and a start would
 * put packets on them that nobody takes off.
 * Context: interrupt thread.
 * Holds: the ring's serializer.
 * Blocks: yes, for the subqueue lock.
 */
export function* nicTxIntr(k: Kernel, ring: TxRing): Routine<void> {
  if (((yield* ring.device.ifp.if_flags.load()) & IFF_RUNNING) === 0) return;
  yield* nicTxeof(k, ring, yield* ring.hw.completed(), false);
}

/**
 * Cleans `done` slots (at most those in use), lets packets in again if a slot is free, and starts the subqueue:
 * directly, or on its owner CPU (`sched`).
 * Context: any thread.
 * Holds: the ring's serializer.
 * Blocks: yes, for the subqueue lock.
 */
export function* nicTxeof(k: Kernel, ring: TxRing, done: number, sched: boolean): Routine<void> {
  const { hw, ifsq } = ring;
  for (let left = Math.min(done, hw.used); left > 0; left--) m_freem(k, hw.clean());
  if (hw.used < hw.size) ifsq_clr_oactive(ifsq);
  if (hw.used === 0) yield* nicUnwatch(ring);
  if (!(yield* ifsq_is_empty(ifsq))) {
    if (sched) yield* ifsq_devstart_sched(k, ifsq);
    else yield* ifsq_devstart(k, ifsq);
  }
}
