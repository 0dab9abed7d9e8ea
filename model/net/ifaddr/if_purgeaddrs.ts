/**
 * Deleting the addresses of an interface, except the link-level one.
 *
 * Mirrors: sys/net/if.c (seed 001 lines 726 to 813).
 */
import type { Routine } from "../../../sim/index.ts";
import type { Kernel } from "../../kernel.ts";
import { curthread } from "../../kern/globaldata.ts";
import { lwkt_domsg, lwkt_replymsg } from "../../kern/lwkt_msgport.ts";
import { KASSERT } from "../../panic.ts";
import { ASSERT_CANDOMSG_NETISR0 } from "../if_flags.ts";
import type { Ifnet } from "../if_var.ts";
import { netisr_cpuport } from "../netisr.ts";
import { NetmsgBase, netmsg_init } from "../netmsg.ts";
import { in6_purgeaddr, in_control } from "../protocols.ts";
import { AF_INET, AF_INET6, AF_LINK, AF_UNSPEC, loadSockaddr } from "../sockaddr.ts";
import { ifa_destroy, ifa_ifunlink } from "./ifa_chain.ts";
import { familyOf } from "./ifa_ref.ts";
import type { IfaddrContainer } from "./ifaddr.ts";
import { ifaddrFirst, ifaddrNext, myAddrhead } from "./ifaddrhead.ts";

/**
 * Deletes the addresses that this CPU's list has, on every CPU. It waits for the ifnet threads at each of them, and
 * goes on from the successor it noted before.
 * Context: netisr 0, as a message handler.
 * Holds: nothing.
 * Blocks: yes, for every ifnet thread.
 */
function* if_purgeaddrs_nolink_dispatch(k: Kernel, nmsg: NetmsgBase): Routine<void> {
  //@ 732-737
  const ifp = nmsg.u.ms_resultp as Ifnet; // set by if_purgeaddrs_nolink
  KASSERT(k, curthread(k).td_msgport === netisr_cpuport(k, 0), "not in netisr0");

  //@ 745-746
  let ifac = ifaddrFirst(myAddrhead(k, ifp));
  while (ifac !== null) {
    const next: IfaddrContainer | null = ifaddrNext(ifac);
    yield* purge(k, ifp, ifac);
    ifac = next;
  }

  //@ 798
  yield* lwkt_replymsg(k, nmsg, 0);
}

/** One turn of the loop. */
function* purge(k: Kernel, ifp: Ifnet, ifac: IfaddrContainer): Routine<void> {
  //@ 747-750
  const ifa = ifac.ifa.fixed;

  const family = familyOf(k, ifa);
  if (family === AF_UNSPEC) {
    //@ 751
    k.onBranch?.("purge: a marker is left alone");
    return;
  }

  //@ 754
  if (family === AF_LINK) {
    //@ 755
    return;
  }
  //@ 758
  if (family === AF_INET) {
    //@ 769-771
    const ifra_addr = yield* loadSockaddr(k, ifa.ifa_addr.fixed);
    if (ifa.ifa_dstaddr.fixed !== null) {
      //@ 772
      yield* loadSockaddr(k, ifa.ifa_dstaddr.fixed);
    }
    //@ 773-774
    if ((yield* in_control(k, ifra_addr, ifp)) === 0) {
      //@ 775
      k.onBranch?.("purge: an IPv4 address");
      return;
    }
  }
  //@ 779
  if (family === AF_INET6) {
    //@ 789-791
    k.onBranch?.("purge: an IPv6 address");
    yield* in6_purgeaddr(k, ifa, ifp);
    return;
  }
  //@ 794-795
  k.onBranch?.("purge: an address of another family");
  yield* ifa_ifunlink(k, ifa, ifp);
  yield* ifa_destroy(k, ifa);
}

/**
 * Deletes every address of the interface but the link-level one.
 * Context: thread; of the netisrs only 0.
 * Holds: nothing netisr 0 or an ifnet thread needs.
 * Blocks: yes, for netisr 0.
 */
export function* if_purgeaddrs_nolink(k: Kernel, ifp: Ifnet): Routine<void> {
  //@ 805-812
  ASSERT_CANDOMSG_NETISR0(k);

  const nmsg = new NetmsgBase(k, "if_purgeaddrs_nolink");
  netmsg_init(k, nmsg, null, curthread(k).td_msgport, 0, if_purgeaddrs_nolink_dispatch);
  nmsg.u.ms_resultp = ifp;
  yield* lwkt_domsg(k, netisr_cpuport(k, 0), nmsg, 0);
  nmsg.leaveFrame();
}
