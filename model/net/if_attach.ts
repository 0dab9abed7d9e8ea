/**
 * Making an interface known.
 *
 * Mirrors: sys/net/if.c (seed 001 lines 465 to 695): `if_attach`.
 * The link-level address is made in ifaddr/link_address.ts.
 */
import type { Routine } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { kfree, kmalloc, kmalloc_cachealign } from "../kern/kern_slaballoc.ts";
import { EVENTHANDLER_INVOKE } from "../kern/eventhandler.ts";
import { getmicrotime } from "../kern/kern_clock.ts";
import { lwkt_serialize_init, type Serializer } from "../kern/lwkt_serialize.ts";
import { cpu_sfence } from "../sys/atomic.ts";
import { M_DEVBUF, M_IFADDR, M_LWKTMSG, M_WAITOK, M_ZERO } from "../sys/malloc.ts";
import {
  ALTQF_CANTCHANGE,
  IfaltqSubqueBlock,
  IfsubqStageBlock,
  type Ifaltq,
  type IfaltqSubque,
} from "./altq/if_altq.ts";
import { if_attachdomain1 } from "./domain.ts";
import {
  Ifindex2ifnet,
  ifnet_array_add,
  ifnet_array_free,
  indexSlot,
  type IfnetArray,
} from "./if_array.ts";
import { ifq_set_classic } from "./if_classic.ts";
import { ifnetlistInsertTail } from "./if_list.ts";
import { ifnet_lock, ifnet_unlock } from "./if_lock.ts";
import { if_printf } from "./if_name.ts";
import { ifq_mapsubq_default, ifq_set_maxlen } from "./if_queue.ts";
import { setupSerializer } from "./if_serialize.ts";
import { ifsq_ifstart_dispatch } from "./if_start.ts";
import { IfdataPcpuBlock } from "./if_data.ts";
import { Ifnet } from "./if_var.ts";
import { IfaddrheadBlock } from "./ifaddr/ifaddrhead.ts";
import { makeLinkAddress } from "./ifaddr/link_address.ts";
import { ifsq_set_cpuid, ifsq_set_hw_serialize } from "./ifsq_var.ts";
import { NetmsgBlock, netmsg_init } from "./netmsg.ts";
import { netmsg_service_sync } from "./netisr.ts";
import { IFAN_ARRIVAL, devctl_notify, rt_ifannouncemsg } from "./route/rtsock.ts";
import { loadSockaddr, storeSockaddr, type Sockaddr } from "./sockaddr.ts";

/** Bytes of a cluster: what a packet may occupy. */
export const MCLBYTES = 2048;

/** One subqueue, its stages and its messages. */
function* setupSubque(
  k: Kernel,
  ifp: Ifnet,
  ifq: Ifaltq,
  ifsq: IfaltqSubque,
  q: number,
): Routine<void> {
  //@ 589-603
  lwkt_serialize_init(k, ifsq.ifsq_lock);
  ifsq.ifsq_index.fixed = q;

  ifsq.ifsq_altq.fixed = ifq;
  ifsq.ifsq_ifp.fixed = ifp;

  ifsq.ifsq_maxlen.fixed = ifq.altq_maxlen.fixed;
  ifsq.ifsq_maxbcnt.fixed = ifsq.ifsq_maxlen.fixed * MCLBYTES;
  // ifsq_prepended, ifsq_started and ifsq_hw_oactive: clear, as the allocation left them.
  yield* ifsq_set_cpuid(k, ifsq, 0);
  const serializer = ifp.if_serializer.fixed;
  if (serializer !== null) {
    //@ 604
    ifsq_set_hw_serialize(k, ifsq, serializer);
  }

  //@ 606-610
  ifsq.ifsq_stage.fixed = yield* kmalloc_cachealign(
    k,
    M_DEVBUF,
    M_WAITOK | M_ZERO,
    () => new IfsubqStageBlock(k, ifsq),
  );
  //@ 612-615
  const nmsgs = yield* kmalloc(
    k,
    M_LWKTMSG,
    M_WAITOK,
    () => new NetmsgBlock(k, `${ifsq.label} ifstart_nmsg`),
  );
  ifsq.ifsq_ifstart_nmsg.fixed = nmsgs;
  for (const nmsg of nmsgs.msgs) {
    //@ 616-618
    netmsg_init(k, nmsg, null, k.net.netisr_adone_rport, 0, ifsq_ifstart_dispatch);
    nmsg.u.ms_resultp = ifsq;
  }
}

/** The send queue: subqueues, limits, methods. */
function* setupQueue(k: Kernel, ifp: Ifnet): Routine<void> {
  //@ 567
  if (ifp.if_mapsubq.fixed === null) {
    //@ 568
    ifp.if_mapsubq.fixed = ifq_mapsubq_default;
  }

  //@ 570-577
  const ifq = ifp.if_snd;
  yield* ifq.altq_disc.store(null);
  yield* ifq.altq_flags.store(ifq.altq_flags.held & ALTQF_CANTCHANGE);
  yield* ifq.altq_tbr.store(null);
  ifq.altq_ifp.fixed = ifp;

  if (ifq.altq_subq_cnt.fixed <= 0) {
    //@ 578
    ifq.altq_subq_cnt.fixed = 1;
  }
  //@ 579-581
  const count = ifq.altq_subq_cnt.fixed;
  ifq.altq_subq.fixed = yield* kmalloc_cachealign(
    k,
    M_DEVBUF,
    M_WAITOK | M_ZERO,
    () => new IfaltqSubqueBlock(k, `${ifp.if_xname} subq`, count),
  );

  //@ 583
  if (ifq.altq_maxlen.fixed === 0) {
    //@ 584-585
    yield* if_printf(k, ifp, "driver didn't set altq_maxlen\n");
    ifq_set_maxlen(k, ifq, k.params.IFQ_MAXLEN);
  }

  //@ 588
  const { subq } = ifq.altq_subq.fixed;
  for (const [q, ifsq] of subq.entries()) yield* setupSubque(k, ifp, ifq, ifsq, q);
  //@ 621
  ifq_set_classic(k, ifq);
}

/**
 * Puts the interface into the index table, growing it, and its index into the link-level address; the table it replaced.
 * Holds: the ifnet lock.
 */
function* installIndex(k: Kernel, ifp: Ifnet, sdl_addr: Sockaddr): Routine<Ifindex2ifnet | null> {
  //@ 634-640
  const { net } = k;
  let old: Ifindex2ifnet | null = null;

  // Don't update if_index until ifindex2ifnet is set up.
  const index = net.if_index.held + 1;
  ifp.if_index.fixed = index;
  yield* storeSdlIndex(k, sdl_addr, index);

  let table = net.ifindex2ifnet.held;
  if (table === null || index >= net.if_indexlim.held) {
    //@ 647-650
    net.if_indexlim.held <<= 1;
    const n = net.if_indexlim.held;
    const q = yield* kmalloc(
      k,
      M_IFADDR,
      M_WAITOK | M_ZERO,
      () => new Ifindex2ifnet(k, "ifindex2ifnet", n),
    );
    if (table !== null) {
      //@ 651-653
      for (let i = 0; i < n / 2; ++i) {
        yield* indexSlot(q, i).store(indexSlot(table, i).held);
      }
      // Freed after all netisrs were synchronised.
      old = table;
    }
    //@ 655
    yield* net.ifindex2ifnet.store(q);
    table = q;
    k.onBranch?.("index table: grows");
  } else {
    k.onBranch?.("index table: has a slot");
  }
  //@ 657-663
  yield* indexSlot(table, index).store(ifp);

  // if_index after the slot, so that netisrs get a consistent view of ifindex2ifnet.
  cpu_sfence(k);
  yield* net.if_index.store(index);
  return old;
}

/** `sdl_addr->sdl_index = ifp->if_index`. */
function* storeSdlIndex(k: Kernel, sdl_addr: Sockaddr, index: number): Routine<void> {
  const bytes = (yield* loadSockaddr(k, sdl_addr)).slice();
  bytes.set([index & 0xff, index >> 8], 2);
  yield* storeSockaddr(k, sdl_addr, bytes);
}

/**
 * Makes an interface known: gives it its link-level address, puts it into the index table, the interface array and the
 * interface list, has the domains take it in, and announces it. `serializer` is the driver's, or null for the embedded
 * one; null too when the driver brings serialize functions.
 * Context: thread, neither a netisr nor an ifnet thread.
 * Holds: nothing a network thread needs.
 * Blocks: yes, for memory, the ifnet lock and every network thread.
 */
export function* if_attach(
  k: Kernel,
  ifp: Ifnet,
  serializer: Serializer | null,
): Routine<void> {
  setupSerializer(k, ifp, serializer);

  //@ 527-534
  ifp.if_addrheads.fixed = yield* kmalloc(
    k,
    M_IFADDR,
    M_WAITOK | M_ZERO,
    () => new IfaddrheadBlock(k, `${ifp.if_xname} if_addrheads`),
  );
  yield* ifp.if_lastchange.store(getmicrotime(k));

  const sdl_addr = yield* makeLinkAddress(k, ifp);

  //@ 564-565
  ifp.if_data_pcpu.fixed = yield* kmalloc_cachealign(
    k,
    M_DEVBUF,
    M_WAITOK | M_ZERO,
    () => new IfdataPcpuBlock(k, `${ifp.if_xname} if_data_pcpu`),
  );

  yield* setupQueue(k, ifp);

  //@ 631
  yield* ifnet_lock(k);

  const old_ifindex2ifnet = yield* installIndex(k, ifp, sdl_addr);
  ifp.publish();

  // Old ifnet array: freed after all netisrs were synchronised.
  //@ 669-677
  const old_ifnet_array: IfnetArray = k.net.ifnet_array.held;
  yield* k.net.ifnet_array.store(yield* ifnet_array_add(k, ifp, old_ifnet_array));

  yield* ifnetlistInsertTail(k, ifp);

  yield* ifnet_unlock(k);

  // Synchronise all netisrs so that the old table and array are no longer accessed.
  //@ 683-684
  yield* netmsg_service_sync(k);
  if (old_ifindex2ifnet !== null) {
    //@ 685
    yield* kfree(k, old_ifindex2ifnet, M_IFADDR);
  }
  //@ 686
  yield* ifnet_array_free(k, old_ifnet_array);

  //@ 688
  if (k.net.domains.length > 0) {
    //@ 689
    yield* if_attachdomain1(k, ifp);
  }

  // Announce the interface.
  //@ 692-694
  yield* EVENTHANDLER_INVOKE(k, k.net.ifnet_attach_event, ifp);
  devctl_notify(k, ifp, "ATTACH");
  rt_ifannouncemsg(k, ifp, IFAN_ARRIVAL);
}
