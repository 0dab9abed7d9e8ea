/**
 * Forgetting an interface.
 *
 * Mirrors: sys/net/if.c (seed 001 lines 876 to 1009): `if_detach`.
 * Left out (control plane: later): announcements, addresses, protocol structures and routes
 * (`if_rtdel_dispatch`), domains, `altq_detach` (no discipline but the classic one).
 *
 * What is staged, queued, or carried by an `if_start` message when the frees come is not waited for beyond what
 * `netmsg_service_sync`, `lwkt_synchronize_ipiqs` and `ifq_stage_detach` prove. A regulator, if set, is not freed.
 */
import type { Routine } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { kfree } from "../kern/kern_slaballoc.ts";
import { lwkt_synchronize_ipiqs } from "../kern/lwkt_ipiq.ts";
import { crit_enter, crit_exit } from "../kern/thread2.ts";
import { panic } from "../panic.ts";
import { M_DEVBUF, M_LWKTMSG } from "../sys/malloc.ts";
import { altq_disable } from "./altq/altq_subr.ts";
import { ALTQF_ENABLED } from "./altq/if_altq.ts";
import { ifnet_array_del, ifnet_array_free, indexSlot, type IfnetArray } from "./if_array.ts";
import { if_down } from "./if_flags.ts";
import { ifnetlistRemove } from "./if_list.ts";
import { ifnet_lock, ifnet_unlock } from "./if_lock.ts";
import { ifpoll_deregister } from "./if_poll.ts";
import { ifq_stage_detach } from "./if_stage.ts";
import { IFF_NPOLLING, type Ifnet } from "./if_var.ts";
import { netmsg_service_sync } from "./netisr.ts";

/** Takes the interface out of the index table and lowers `if_index` past holes. Holds: the ifnet lock. */
function* removeIndex(k: Kernel, ifp: Ifnet): Routine<void> {
  const { if_index } = k.net;
  const table = k.net.ifindex2ifnet.held;
  if (table === null) return panic(k, "page fault: ifindex2ifnet is NULL");
  yield* indexSlot(table, ifp.if_index.fixed).store(null);
  while (if_index.held > 0 && indexSlot(table, if_index.held).held === null) {
    k.onBranch?.("index table: if_index lowered");
    yield* if_index.store(if_index.held - 1);
  }
}

/**
 * Forgets an interface and frees its send queue. The caller frees the structure itself (`if_free`).
 * Context: thread, not a netisr.
 * Holds: nothing a network thread needs.
 * Blocks: yes, for the ifnet lock, every network thread and every CPU's IPIs, inside a critical section.
 */
export function* if_detach(k: Kernel, ifp: Ifnet): Routine<void> {
  yield* ifnet_lock(k);

  yield* removeIndex(k, ifp);

  yield* ifnetlistRemove(k, ifp);

  // Old ifnet array: freed after all netisrs were synchronised.
  const old_ifnet_array: IfnetArray = k.net.ifnet_array.held;
  yield* k.net.ifnet_array.store(yield* ifnet_array_del(k, ifp, old_ifnet_array));

  yield* ifnet_unlock(k);

  // Synchronise all netisrs so that the old array is no longer accessed.
  yield* netmsg_service_sync(k);
  yield* ifnet_array_free(k, old_ifnet_array);

  yield* crit_enter(k);
  if (((yield* ifp.if_flags.load()) & IFF_NPOLLING) !== 0) {
    k.onBranch?.("detach: polling turned off");
    yield* ifpoll_deregister(k, ifp);
  }
  yield* if_down(k, ifp);

  const ifq = ifp.if_snd;
  if (((yield* ifq.altq_flags.load()) & ALTQF_ENABLED) !== 0) {
    k.onBranch?.("detach: discipline turned off");
    yield* altq_disable(k, ifq);
  }

  yield* lwkt_synchronize_ipiqs(k, "if_detach");
  yield* ifq_stage_detach(k, ifq);

  const block = ifq.altq_subq.fixed;
  for (const ifsq of block.subq) {
    yield* kfree(k, ifsq.ifsq_ifstart_nmsg.fixed, M_LWKTMSG);
    yield* kfree(k, ifsq.ifsq_stage.fixed, M_DEVBUF);
  }
  yield* kfree(k, block, M_DEVBUF);

  yield* kfree(k, ifp.if_data_pcpu.fixed, M_DEVBUF);

  yield* crit_exit(k);
}
