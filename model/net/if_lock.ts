/**
 * The lock of the interface lists. Network threads never take it, so it may be held while waiting for them.
 *
 * Mirrors: sys/net/if.c (seed 001 lines 3495 to 3509).
 */
import type { Routine } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { curthread } from "../kern/globaldata.ts";
import { mtx_lock, mtx_unlock } from "../kern/kern_mutex.ts";
import { TD_TYPE_NETISR } from "../kern/lwkt_thread.ts";
import { KASSERT } from "../panic.ts";

/**
 * Takes the ifnet lock.
 * Context: thread, not a netisr.
 * Holds: no serializer.
 * Blocks: yes.
 */
export function* ifnet_lock(k: Kernel): Routine<void> {
  //@ 3498-3500
  KASSERT(k, curthread(k).td_type !== TD_TYPE_NETISR, "try holding ifnet lock in netisr");
  yield* mtx_lock(k, k.net.ifnet_mtx);
}

/**
 * Gives the ifnet lock up.
 * Context: thread, not a netisr.
 * Holds: the ifnet lock.
 * Blocks: no.
 */
export function* ifnet_unlock(k: Kernel): Routine<void> {
  //@ 3506-3508
  KASSERT(k, curthread(k).td_type !== TD_TYPE_NETISR, "try holding ifnet lock in netisr");
  yield* mtx_unlock(k, k.net.ifnet_mtx);
}
