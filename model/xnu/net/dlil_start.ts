/**
 * Starting output: who asks for it, and the thread that does it.
 *
 * Mirrors: bsd/net/dlil.c `ifnet_start`, `ifnet_start_common`, `ifnet_start_thread_fn`, `ifnet_purge`.
 * Left out: `ifnet_enable_output` (`resetfc`), thread affinity, and with delayed start and the token bucket every timeout: the
 * thread sleeps until it is woken.
 *
 * `if_start_req` is the message: whoever counts it up while the thread is active is seen by it before it sleeps again, under
 * the lock that the sleep gives up (`noLostStart`). Nothing of the kind protects the sleep that the thread begins with.
 */
import type { Routine } from "../../../sim/index.ts";
import { PSPIN, msleep, thread_wakeup_thread } from "../kern/kern_synch.ts";
import { lck_mtx_lock_spin, lck_mtx_unlock } from "../kern/locks.ts";
import type { Xnu } from "../xnu.ts";
import { if_qflush } from "./classq_subr.ts";
import { ifnet_decr_iorefcnt, ifnet_is_attached } from "./dlil_refs.ts";
import { IFSF_FLOW_CONTROLLED, type XnuIfnet } from "./if_var.ts";

/** Asks the start thread to run the driver's start routine. Context: any. Holds: nothing it needs. Blocks: it spins. */
export function* ifnet_start(xnu: Xnu, ifp: XnuIfnet): Routine<void> {
  if (!ifp.txstart) return;
  yield* lck_mtx_lock_spin(ifp.if_start_lock);
  if ((ifp.if_start_flags.held & IFSF_FLOW_CONTROLLED) !== 0) {
    yield* lck_mtx_unlock(xnu, ifp.if_start_lock);
    return;
  }
  ifp.if_start_req.held++;
  const thread = ifp.if_start_thread.held;
  if (!ifp.if_start_active.held && thread !== null) {
    yield* thread_wakeup_thread(xnu, ifp.startChannel, thread);
  }
  yield* lck_mtx_unlock(xnu, ifp.if_start_lock);
}

/**
 * The start thread: sleeps, and runs the driver's start routine as often as somebody asked while it ran.
 * Context: the start thread. Holds: nothing. Blocks: yes.
 */
export function* ifnet_start_thread_fn(xnu: Xnu, ifp: XnuIfnet): Routine<void> {
  yield* lck_mtx_lock_spin(ifp.if_start_lock);
  for (;;) {
    if (ifp.if_start_thread.held !== null) {
      yield* msleep(xnu, ifp.startChannel, ifp.if_start_lock, PSPIN);
    }
    if (ifp.if_start_thread.held === null) {
      yield* lck_mtx_unlock(xnu, ifp.if_start_lock);
      yield* ifnet_purge(xnu, ifp);
      return;
    }
    ifp.if_start_active.held = true;
    yield* rounds(xnu, ifp);
    ifp.if_start_req.held = 0;
    ifp.if_start_active.held = false;
  }
}

/** Holds: `if_start_lock`, given up in between. */
function* rounds(xnu: Xnu, ifp: XnuIfnet): Routine<void> {
  for (;;) {
    const req = ifp.if_start_req.held;
    yield* lck_mtx_unlock(xnu, ifp.if_start_lock);
    if (!(yield* ifnet_is_attached(xnu, ifp))) {
      yield* lck_mtx_lock_spin(ifp.if_start_lock);
      return;
    }
    const { if_start } = yield* ifp.driver.load();
    if (if_start !== null) {
      ifp.inDriver++;
      yield* if_start(xnu, ifp);
      ifp.inDriver--;
    }
    yield* ifnet_decr_iorefcnt(xnu, ifp);
    yield* lck_mtx_lock_spin(ifp.if_start_lock);
    if (req === ifp.if_start_req.held) return;
  }
}

/** Drops all that waits in the send queue. Context: thread. Holds: nothing. Blocks: yes, for the queue's lock. */
export function* ifnet_purge(xnu: Xnu, ifp: XnuIfnet): Routine<void> {
  if (ifp.txstart) yield* if_qflush(xnu, ifp.if_snd);
}
