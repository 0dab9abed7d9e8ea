/**
 * Marking an interface up and down.
 *
 * Mirrors: sys/net/if.c (seed 001 lines 1479 to 1614): `if_unroute`, `if_route`, `if_down`, `if_up`, as far as the
 * flags and the purge of the send queue go.
 * Left out (control plane: later): `if_lastchange`, telling protocols about each address, `rt_ifmsg`, `in6_if_up`.
 */
import { misuse, type Routine } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { curthread } from "../kern/globaldata.ts";
import { lwkt_domsg, lwkt_replymsg } from "../kern/lwkt_msgport.ts";
import { TD_TYPE_NETISR } from "../kern/lwkt_thread.ts";
import { KASSERT } from "../panic.ts";
import { IFF_UP, type Ifnet } from "./if_var.ts";
import { ifq_purge_all } from "./ifq_var.ts";
import { NetmsgBase, netmsg_init, type NetisrFn } from "./netmsg.ts";
import { netisr_cpuport, netmsg_service_sync } from "./netisr.ts";

/** `struct netmsg_ifroute`. */
class NetmsgIfroute extends NetmsgBase {
  readonly ifp: Ifnet;
  readonly flag: number;

  constructor(k: Kernel, label: string, ifp: Ifnet, flag: number) {
    super(k, label);
    this.ifp = ifp;
    this.flag = flag;
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
function* domsgNetisr0(
  k: Kernel,
  name: string,
  dispatch: NetisrFn,
  ifp: Ifnet,
  flag: number,
): Routine<void> {
  ASSERT_CANDOMSG_NETISR0(k);
  const msg = new NetmsgIfroute(k, name, ifp, flag);
  netmsg_init(k, msg, null, curthread(k).td_msgport, 0, dispatch);
  yield* lwkt_domsg(k, netisr_cpuport(k, 0), msg, 0);
  msg.leaveFrame();
}

/**
 * Clears the flag and purges the send queue. The flags are loaded and stored: a driver's change in between is lost.
 * Context: netisr 0, as a message handler.
 * Holds: nothing.
 * Blocks: yes, for the subqueue locks.
 */
function* if_unroute_dispatch(k: Kernel, nmsg: NetmsgBase): Routine<void> {
  const { ifp, flag } = ifrouteOf(nmsg);

  yield* ifp.if_flags.store((yield* ifp.if_flags.load()) & ~flag);
  yield* ifq_purge_all(k, ifp.if_snd);
  yield* lwkt_replymsg(k, nmsg, 0);
}

/**
 * Marks the interface down at netisr 0.
 * Context: thread; of the netisrs only 0.
 * Holds: nothing netisr 0 needs.
 * Blocks: yes, for netisr 0.
 */
function* if_unroute(k: Kernel, ifp: Ifnet, flag: number): Routine<void> {
  yield* domsgNetisr0(k, "if_unroute", if_unroute_dispatch, ifp, flag);
}

/**
 * Purges the send queue and sets the flag. The flags are loaded and stored: a driver's change in between is lost.
 * Context: netisr 0, as a message handler.
 * Holds: nothing.
 * Blocks: yes, for the subqueue locks.
 */
function* if_route_dispatch(k: Kernel, nmsg: NetmsgBase): Routine<void> {
  const { ifp, flag } = ifrouteOf(nmsg);

  yield* ifq_purge_all(k, ifp.if_snd);
  yield* ifp.if_flags.store((yield* ifp.if_flags.load()) | flag);
  yield* lwkt_replymsg(k, nmsg, 0);
}

/**
 * Marks the interface up at netisr 0.
 * Context: thread; of the netisrs only 0.
 * Holds: nothing netisr 0 needs.
 * Blocks: yes, for netisr 0.
 */
function* if_route(k: Kernel, ifp: Ifnet, flag: number): Routine<void> {
  yield* domsgNetisr0(k, "if_route", if_route_dispatch, ifp, flag);
}

/**
 * Marks the interface down and waits until every network thread has finished what it had begun before.
 * Context: thread; of the netisrs only 0.
 * Holds: nothing a network thread needs.
 * Blocks: yes, for every network thread.
 */
export function* if_down(k: Kernel, ifp: Ifnet): Routine<void> {
  yield* if_unroute(k, ifp, IFF_UP);
  yield* netmsg_service_sync(k);
}

/**
 * Marks the interface up.
 * Context: thread; of the netisrs only 0.
 * Holds: nothing netisr 0 needs.
 * Blocks: yes, for netisr 0.
 */
export function* if_up(k: Kernel, ifp: Ifnet): Routine<void> {
  yield* if_route(k, ifp, IFF_UP);
}
