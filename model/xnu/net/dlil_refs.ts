/**
 * IO references: what keeps an interface from being torn down while somebody is inside.
 *
 * Mirrors: bsd/net/dlil.c `ifnet_is_attached`, `ifnet_decr_iorefcnt`.
 */
import { fail, type Routine } from "../../../sim/index.ts";
import { wakeup } from "../kern/kern_synch.ts";
import { lck_mtx_lock_spin, lck_mtx_unlock } from "../kern/locks.ts";
import type { Xnu } from "../xnu.ts";
import { IFRF_DETACHING, IF_FULLY_ATTACHED, type XnuIfnet } from "./if_var.ts";

/** Is the interface attached? Takes an IO reference if it is. Context: thread. Holds: nothing it needs. Blocks: it spins. */
export function* ifnet_is_attached(xnu: Xnu, ifp: XnuIfnet): Routine<boolean> {
  yield* lck_mtx_lock_spin(ifp.if_ref_lock);
  const attached = IF_FULLY_ATTACHED(ifp.if_refflags.held);
  if (attached) ifp.if_refio.held++;
  yield* lck_mtx_unlock(xnu, ifp.if_ref_lock);
  return attached;
}

/** Gives an IO reference back; the last one wakes who detaches. Context: thread. Holds: an IO reference. Blocks: it spins. */
export function* ifnet_decr_iorefcnt(xnu: Xnu, ifp: XnuIfnet): Routine<void> {
  yield* lck_mtx_lock_spin(ifp.if_ref_lock);
  if (ifp.if_refio.held <= 0) fail("Panic", "refio-underflow", "ifnet_decr_iorefcnt: if_refio is 0");
  ifp.if_refio.held--;
  if (ifp.if_refio.held === 0 && (ifp.if_refflags.held & IFRF_DETACHING) !== 0) {
    yield* wakeup(xnu, ifp.refioChannel);
  }
  yield* lck_mtx_unlock(xnu, ifp.if_ref_lock);
}
