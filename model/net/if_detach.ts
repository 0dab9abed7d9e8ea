/**
 * Forgetting an interface.
 *
 * Mirrors: sys/net/if.c (seed 001 lines 876 to 1009): `if_detach`.
 *
 * What is staged, queued, or carried by an `if_start` message when the frees come is not waited for beyond what
 * `netmsg_service_sync`, `lwkt_synchronize_ipiqs` and `ifq_stage_detach` prove. A regulator, if set, is not freed.
 */
import type { Routine } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { EVENTHANDLER_INVOKE } from "../kern/eventhandler.ts";
import { kfree } from "../kern/kern_slaballoc.ts";
import { lwkt_synchronize_ipiqs } from "../kern/lwkt_ipiq.ts";
import { crit_enter, crit_exit } from "../kern/thread2.ts";
import { KASSERT, panic } from "../panic.ts";
import { M_DEVBUF, M_IFADDR, M_LWKTMSG } from "../sys/malloc.ts";
import { altq_detach, altq_disable } from "./altq/altq_subr.ts";
import { ALTQF_ENABLED } from "./altq/if_altq.ts";
import { detachDomains } from "./domain.ts";
import { ifnet_array_del, ifnet_array_free, indexSlot, type IfnetArray } from "./if_array.ts";
import { if_down } from "./if_flags.ts";
import { ifnetlistRemove } from "./if_list.ts";
import { ifnet_lock, ifnet_unlock } from "./if_lock.ts";
import { ifpoll_deregister } from "./if_poll.ts";
import { ifq_stage_detach } from "./if_stage.ts";
import { IFF_NPOLLING, type Ifnet } from "./if_var.ts";
import { if_purgeaddrs_nolink } from "./ifaddr/if_purgeaddrs.ts";
import { ifa_destroy, ifa_ifunlink } from "./ifaddr/ifa_chain.ts";
import { familyOf } from "./ifaddr/ifa_ref.ts";
import { ifaddrFirst, myAddrhead } from "./ifaddr/ifaddrhead.ts";
import { netmsg_service_sync } from "./netisr.ts";
import { in6_ifdetach, in_ifdetach } from "./protocols.ts";
import { deleteRoutes } from "./route/if_rtdel.ts";
import { IFAN_DEPARTURE, devctl_notify, rt_ifannouncemsg } from "./route/rtsock.ts";
import { AF_LINK } from "./sockaddr.ts";

/** Takes the interface out of the index table and lowers `if_index` past holes. Holds: the ifnet lock. */
function* removeIndex(k: Kernel, ifp: Ifnet): Routine<void> {
  //@ 902-903
  const { if_index } = k.net;
  const table = k.net.ifindex2ifnet.held;
  if (table === null) return panic(k, "page fault: ifindex2ifnet is NULL");
  yield* indexSlot(table, ifp.if_index.fixed).store(null);
  while (if_index.held > 0 && indexSlot(table, if_index.held).held === null) {
    //@ 904
    k.onBranch?.("index table: if_index lowered");
    yield* if_index.store(if_index.held - 1);
  }
}

/** Takes the interface out of the index table, the list and the array; waits until no netisr reads the old array. */
function* withdraw(k: Kernel, ifp: Ifnet): Routine<void> {
  //@ 897
  yield* ifnet_lock(k);

  yield* removeIndex(k, ifp);

  //@ 909-918
  yield* ifnetlistRemove(k, ifp);

  // Old ifnet array: freed after all netisrs were synchronised.
  const old_ifnet_array: IfnetArray = k.net.ifnet_array.held;
  yield* k.net.ifnet_array.store(yield* ifnet_array_del(k, ifp, old_ifnet_array));

  yield* ifnet_unlock(k);

  // Synchronise all netisrs so that the old array is no longer accessed.
  //@ 924-925
  yield* netmsg_service_sync(k);
  yield* ifnet_array_free(k, old_ifnet_array);
}

/** Turns polling and the discipline off, and the interface down. */
function* quiesce(k: Kernel, ifp: Ifnet): Routine<void> {
  //@ 932
  if (((yield* ifp.if_flags.load()) & IFF_NPOLLING) !== 0) {
    //@ 933
    k.onBranch?.("detach: polling turned off");
    yield* ifpoll_deregister(k, ifp);
  }
  //@ 935-938
  yield* if_down(k, ifp);

  const ifq = ifp.if_snd;
  if (((yield* ifq.altq_flags.load()) & ALTQF_ENABLED) !== 0) {
    //@ 939
    k.onBranch?.("detach: discipline turned off");
    yield* altq_disable(k, ifq);
  }
  //@ 940
  if ((yield* ifq.altq_disc.load()) !== null) {
    //@ 941
    k.onBranch?.("detach: discipline taken off");
    yield* altq_detach(k, ifq);
  }
}

/** Deletes all addresses, the link-level one last. */
function* purgeAddresses(k: Kernel, ifp: Ifnet): Routine<void> {
  //@ 947-950
  yield* ifp.if_lladdr.store(null);

  yield* if_purgeaddrs_nolink(k, ifp);
  const first = ifaddrFirst(myAddrhead(k, ifp));
  if (first !== null) {
    //@ 953-960
    const ifa = first.ifa.fixed;
    KASSERT(k, familyOf(k, ifa) === AF_LINK, "non-link ifaddr is left on if_addrheads");

    yield* ifa_ifunlink(k, ifa, ifp);
    yield* ifa_destroy(k, ifa);
    KASSERT(
      k,
      ifaddrFirst(myAddrhead(k, ifp)) === null,
      "there are still ifaddrs left on if_addrheads",
    );
  }
}

/**
 * Forgets an interface: announces that it goes, withdraws it, deletes its addresses and routes, and frees what attach
 * allocated. The caller frees the structure itself (`if_free`).
 * Context: thread, neither a netisr nor an ifnet thread.
 * Holds: nothing a network thread needs.
 * Blocks: yes, for the ifnet lock, every network thread and every CPU's IPIs, inside a critical section.
 */
export function* if_detach(k: Kernel, ifp: Ifnet): Routine<void> {
  // Announce that the interface is gone.
  //@ 885-887
  yield* EVENTHANDLER_INVOKE(k, k.net.ifnet_detach_event, ifp);
  rt_ifannouncemsg(k, ifp, IFAN_DEPARTURE);
  devctl_notify(k, ifp, "DETACH");

  yield* withdraw(k, ifp);

  //@ 930
  yield* crit_enter(k);
  yield* quiesce(k, ifp);
  yield* purgeAddresses(k, ifp);

  //@ 967-977
  yield* in_ifdetach(k, ifp);
  yield* in6_ifdetach(k, ifp);
  yield* deleteRoutes(k, ifp);

  //@ 988
  yield* detachDomains(k, ifp);

  //@ 993-998
  yield* kfree(k, ifp.if_addrheads.fixed, M_IFADDR);

  yield* lwkt_synchronize_ipiqs(k, "if_detach");
  yield* ifq_stage_detach(k, ifp.if_snd);

  const block = ifp.if_snd.altq_subq.fixed;
  for (const ifsq of block.subq) {
    //@ 999-1002
    yield* kfree(k, ifsq.ifsq_ifstart_nmsg.fixed, M_LWKTMSG);
    yield* kfree(k, ifsq.ifsq_stage.fixed, M_DEVBUF);
  }
  //@ 1004-1008
  yield* kfree(k, block, M_DEVBUF);

  yield* kfree(k, ifp.if_data_pcpu.fixed, M_DEVBUF);

  yield* crit_exit(k);
}
