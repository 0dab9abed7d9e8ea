/**
 * Marking an interface up and down.
 *
 * Mirrors: sys/net/if.c (seed 001 lines 1479 to 1614): `if_unroute`, `if_route`, `if_down`, `if_up`.
 */
import { misuse, type Routine } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { curthread } from "../kern/globaldata.ts";
import { getmicrotime } from "../kern/kern_clock.ts";
import { lwkt_domsg, lwkt_replymsg } from "../kern/lwkt_msgport.ts";
import { TD_TYPE_NETISR } from "../kern/lwkt_thread.ts";
import { KASSERT } from "../panic.ts";
import { IFF_UP, type Ifnet } from "./if_var.ts";
import { familyOf } from "./ifaddr/ifa_ref.ts";
import { ifaddrFirst, ifaddrNext, myAddrhead } from "./ifaddr/ifaddrhead.ts";
import { ifq_purge_all } from "./ifq_var.ts";
import { NetmsgBase, netmsg_init, type NetisrFn } from "./netmsg.ts";
import { netisr_cpuport, netmsg_service_sync } from "./netisr.ts";
import { PRC_IFDOWN, PRC_IFUP, in6_if_up, kpfctlinput } from "./protocols.ts";
import { rt_ifmsg } from "./route/rtsock.ts";
import { AF_UNSPEC } from "./sockaddr.ts";

/** `struct netmsg_ifroute`. */
class NetmsgIfroute extends NetmsgBase {
  readonly ifp: Ifnet;
  readonly flag: number;
  /** Family of the addresses whose protocol is told; `AF_UNSPEC`: all. */
  readonly fam: number;

  constructor(k: Kernel, label: string, ifp: Ifnet, flag: number, fam: number) {
    super(k, label);
    this.ifp = ifp;
    this.flag = flag;
    this.fam = fam;
  }
}

/** In C a cast. */
function ifrouteOf(nmsg: NetmsgBase): NetmsgIfroute {
  if (nmsg instanceof NetmsgIfroute) return nmsg;
  return misuse("no-ifroute-message", `${nmsg.label} was sent by neither if_route nor if_unroute`);
}

/** A netisr other than 0 would deadlock with a chain of forwards that starts at netisr 0. */
export function ASSERT_CANDOMSG_NETISR0(k: Kernel): void {
  const td = curthread(k);
  KASSERT(
    k,
    td.td_type !== TD_TYPE_NETISR || td.td_msgport === netisr_cpuport(k, 0),
    "can't domsg to netisr0 from this thread",
  );
}

/** Sends a message about the interface to netisr 0 and waits for the answer. */
function* domsgNetisr0(k: Kernel, dispatch: NetisrFn, msg: NetmsgIfroute): Routine<void> {
  ASSERT_CANDOMSG_NETISR0(k);
  netmsg_init(k, msg, null, curthread(k).td_msgport, 0, dispatch);
  yield* lwkt_domsg(k, netisr_cpuport(k, 0), msg, 0);
  msg.leaveFrame();
}

/**
 * Clears the flag, tells the protocols about each address, and purges the send queue. The flags are loaded and stored: a
 * driver's change in between is lost. A protocol may block; the walk then goes on from the address it was at.
 * Context: netisr 0, as a message handler.
 * Holds: nothing.
 * Blocks: yes, for protocols and the subqueue locks.
 */
function* if_unroute_dispatch(k: Kernel, nmsg: NetmsgBase): Routine<void> {
  //@ 1492-1498
  const { ifp, flag, fam } = ifrouteOf(nmsg);

  yield* ifp.if_flags.store((yield* ifp.if_flags.load()) & ~flag);
  yield* ifp.if_lastchange.store(getmicrotime(k));
  //@ 1505
  for (let ifac = ifaddrFirst(myAddrhead(k, ifp)); ifac !== null; ifac = ifaddrNext(ifac)) {
    //@ 1506-1509
    const ifa = ifac.ifa.fixed;

    const family = familyOf(k, ifa);
    if (family === AF_UNSPEC) {
      //@ 1510
      continue;
    }

    //@ 1512
    if (fam === AF_UNSPEC || fam === family) {
      //@ 1513
      yield* kpfctlinput(k, PRC_IFDOWN, ifa.ifa_addr.fixed);
    }
  }
  //@ 1515-1518
  yield* ifq_purge_all(k, ifp.if_snd);
  rt_ifmsg(k, ifp);

  yield* lwkt_replymsg(k, nmsg, 0);
}

/**
 * Marks the interface down at netisr 0.
 * Context: thread; of the netisrs only 0.
 * Holds: nothing netisr 0 needs.
 * Blocks: yes, for netisr 0.
 */
function* if_unroute(k: Kernel, ifp: Ifnet, flag: number, fam: number): Routine<void> {
  //@ 1526-1533
  yield* domsgNetisr0(k, if_unroute_dispatch, new NetmsgIfroute(k, "if_unroute", ifp, flag, fam));
}

/**
 * Purges the send queue, sets the flag, and tells the protocols about each address. The flags are loaded and stored: a
 * driver's change in between is lost. A protocol may block; the walk then goes on from the address it was at.
 * Context: netisr 0, as a message handler.
 * Holds: nothing.
 * Blocks: yes, for protocols and the subqueue locks.
 */
function* if_route_dispatch(k: Kernel, nmsg: NetmsgBase): Routine<void> {
  //@ 1542-1549
  const { ifp, flag, fam } = ifrouteOf(nmsg);

  yield* ifq_purge_all(k, ifp.if_snd);
  yield* ifp.if_flags.store((yield* ifp.if_flags.load()) | flag);
  yield* ifp.if_lastchange.store(getmicrotime(k));
  //@ 1556
  for (let ifac = ifaddrFirst(myAddrhead(k, ifp)); ifac !== null; ifac = ifaddrNext(ifac)) {
    //@ 1557-1560
    const ifa = ifac.ifa.fixed;

    const family = familyOf(k, ifa);
    if (family === AF_UNSPEC) {
      //@ 1561
      continue;
    }

    //@ 1563
    if (fam === AF_UNSPEC || fam === family) {
      //@ 1564
      yield* kpfctlinput(k, PRC_IFUP, ifa.ifa_addr.fixed);
    }
  }
  //@ 1566-1571
  rt_ifmsg(k, ifp);
  yield* in6_if_up(k, ifp);

  yield* lwkt_replymsg(k, nmsg, 0);
}

/**
 * Marks the interface up at netisr 0.
 * Context: thread; of the netisrs only 0.
 * Holds: nothing netisr 0 needs.
 * Blocks: yes, for netisr 0.
 */
function* if_route(k: Kernel, ifp: Ifnet, flag: number, fam: number): Routine<void> {
  //@ 1579-1586
  yield* domsgNetisr0(k, if_route_dispatch, new NetmsgIfroute(k, "if_route", ifp, flag, fam));
}

/**
 * Marks the interface down and waits until every network thread has finished what it had begun before.
 * Context: thread; of the netisrs only 0.
 * Holds: nothing a network thread needs.
 * Blocks: yes, for every network thread.
 */
export function* if_down(k: Kernel, ifp: Ifnet): Routine<void> {
  //@ 1601-1602
  yield* if_unroute(k, ifp, IFF_UP, AF_UNSPEC);
  yield* netmsg_service_sync(k);
}

/**
 * Marks the interface up.
 * Context: thread; of the netisrs only 0.
 * Holds: nothing netisr 0 needs.
 * Blocks: yes, for netisr 0.
 */
export function* if_up(k: Kernel, ifp: Ifnet): Routine<void> {
  //@ 1613
  yield* if_route(k, ifp, IFF_UP, AF_UNSPEC);
}
