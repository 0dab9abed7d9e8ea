/**
 * An interface goes up, down, and away.
 *
 * Mirrors: bsd/net/dlil.c `ifnet_detach`, `ifnet_detaching_enqueue`, `ifnet_detacher_thread_cont`, `ifnet_detach_final`,
 * bsd/net/if.c `if_updown`, `if_down`, `if_up`.
 * Left out: addresses, routes, filters, listeners of bpf, events, the input thread of its own, what the memory of an interface becomes; who waits
 * for another change of the same flag sleeps until that is over, where C looks every 100 ms.
 *
 * lo0 is never detached; a scenario that detaches gives the loopback driver a second interface.
 */
import { Op, fail, type Routine } from "../../../sim/index.ts";
import { EINVAL, ENXIO } from "../kern/errno.ts";
import { msleep, wakeup, wakeup_one } from "../kern/kern_synch.ts";
import { lck_mtx_lock, lck_mtx_lock_spin, lck_mtx_unlock } from "../kern/locks.ts";
import type { XnuMbuf } from "../kern/mbuf.ts";
import { m_freem_list } from "../kern/uipc_mbuf.ts";
import { returned, type Xnu } from "../xnu.ts";
import { flushForLink, ifclassq_teardown } from "./classq_subr.ts";
import { ifnet_purge } from "./dlil_start.ts";
import { IFF_UP, IFRF_ATTACHED, IFRF_DETACHING, type IfnetDriver, type XnuIfnet } from "./if_var.ts";

/** Marks the interface down, and drops what waits. Context: thread. Holds: nothing. Blocks: yes. */
export function if_down(xnu: Xnu, ifp: XnuIfnet): Routine<void> {
  return if_updown(xnu, ifp, false);
}

/** Marks the interface up, and drops what waits. Context: thread. Holds: nothing. Blocks: yes. */
export function if_up(xnu: Xnu, ifp: XnuIfnet): Routine<void> {
  return if_updown(xnu, ifp, true);
}

function* if_updown(xnu: Xnu, ifp: XnuIfnet, up: boolean): Routine<void> {
  yield* lck_mtx_lock(xnu, ifp.if_lock);
  while (ifp.updownchange.held) yield* msleep(xnu, ifp.updownChannel, ifp.if_lock, 0);
  const flags = ifp.if_flags.held;
  if (up !== ((flags & IFF_UP) !== 0)) {
    ifp.updownchange.held = true;
    yield* ifp.if_flags.store(up ? flags | IFF_UP : flags & ~IFF_UP);
    yield* lck_mtx_unlock(xnu, ifp.if_lock);
    yield* flushForLink(xnu, ifp.if_snd);
    yield* lck_mtx_lock(xnu, ifp.if_lock);
    ifp.updownchange.held = false;
    yield* wakeup(xnu, ifp.updownChannel);
  }
  yield* lck_mtx_unlock(xnu, ifp.if_lock);
}

/** Begins to detach; the detacher thread does the rest. Context: thread. Holds: nothing. Blocks: yes. */
export function* ifnet_detach(xnu: Xnu, ifp: XnuIfnet): Routine<number> {
  yield* lck_mtx_lock_spin(ifp.if_ref_lock);
  const refflags = ifp.if_refflags.held;
  if ((refflags & IFRF_ATTACHED) === 0) {
    yield* lck_mtx_unlock(xnu, ifp.if_ref_lock);
    return returned(xnu, "ifnet_detach", (refflags & IFRF_DETACHING) === 0 ? EINVAL : ENXIO);
  }
  yield* ifp.if_refflags.store((refflags & ~IFRF_ATTACHED) | IFRF_DETACHING);
  yield* lck_mtx_unlock(xnu, ifp.if_ref_lock);
  yield* if_down(xnu, ifp);
  yield* lck_mtx_lock(xnu, xnu.dlil_ifnet_lock);
  xnu.ifnet_detaching.push(ifp);
  yield* wakeup(xnu, xnu.ifnet_delayed_run);
  yield* lck_mtx_unlock(xnu, xnu.dlil_ifnet_lock);
  return returned(xnu, "ifnet_detach", 0);
}

/** The detacher thread. Context: itself. Holds: nothing. Blocks: yes. */
export function* ifnet_detacher_thread_cont(xnu: Xnu): Routine<void> {
  yield* lck_mtx_lock(xnu, xnu.dlil_ifnet_lock);
  for (;;) {
    while (xnu.ifnet_detaching.length === 0) yield* msleep(xnu, xnu.ifnet_delayed_run, xnu.dlil_ifnet_lock, 0);
    const ifp = xnu.ifnet_detaching.shift();
    yield* lck_mtx_unlock(xnu, xnu.dlil_ifnet_lock);
    if (ifp !== undefined) yield* ifnet_detach_final(xnu, ifp);
    yield* lck_mtx_lock(xnu, xnu.dlil_ifnet_lock);
  }
}

function* ifnet_detach_final(xnu: Xnu, ifp: XnuIfnet): Routine<void> {
  yield* lck_mtx_lock(xnu, ifp.if_ref_lock);
  if ((ifp.if_refflags.held & IFRF_DETACHING) === 0) {
    fail("Panic", "detach-final-flags", "ifnet_detach_final: flags mismatch (detaching not set)");
  }
  while (ifp.if_refio.held > 0) yield* msleep(xnu, ifp.refioChannel, ifp.if_ref_lock, 0);
  yield* lck_mtx_unlock(xnu, ifp.if_ref_lock);
  yield* ifclassq_teardown(xnu, ifp.if_snd);
  ifp.torndown = true;
  yield* lck_mtx_lock(xnu, ifp.if_lock);
  ifp.protocols.held = [];
  yield* lck_mtx_lock_spin(ifp.if_start_lock);
  if (ifp.if_start_thread.held !== null) {
    ifp.if_start_flags.held = 0;
    ifp.if_start_thread.held = null;
    yield* wakeup_one(xnu, ifp.startChannel);
  }
  yield* lck_mtx_unlock(xnu, ifp.if_start_lock);
  yield* ifp.driver.store(STUBS);
  yield* lck_mtx_unlock(xnu, ifp.if_lock);
}

function* ifp_if_output(xnu: Xnu, _ifp: XnuIfnet, m: XnuMbuf): Routine<number> {
  yield* xnu.x.pause(Op.Yield);
  m_freem_list(xnu, m);
  return 0;
}

function ifp_if_start(xnu: Xnu, ifp: XnuIfnet): Routine<void> {
  return ifnet_purge(xnu, ifp);
}

/** What the routines of a driver that may unload point to. */
const STUBS: IfnetDriver = { if_output: ifp_if_output, if_start: ifp_if_start };
