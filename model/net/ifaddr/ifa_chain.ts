/**
 * Putting an address on every CPU's list of its interface, taking it off, dropping the references of its creation:
 * one message each, which the ifnet threads pass on from CPU 0 to the last.
 *
 * Mirrors: sys/net/if.c (seed 001 lines 94 to 99 and 3167 to 3264); sys/net/if_var.h `ifa_domsg`, `ifa_forwardmsg`.
 *
 * While a message is under way the address is on the lists of some CPUs and not of the others. Only ifnet threads
 * change the lists, so two chains follow each other on every CPU in the order in which they began on CPU 0.
 */
import { misuse, type Routine, type Step } from "../../../sim/index.ts";
import type { Kernel } from "../../kernel.ts";
import { curthread, mycpuid } from "../../kern/globaldata.ts";
import type { LwktMsg } from "../../kern/lwkt_msgport.ts";
import { crit_enter, crit_exit } from "../../kern/thread2.ts";
import { KASSERT } from "../../panic.ts";
import { ifnet_domsg, ifnet_forwardmsg } from "../if_init.ts";
import type { Ifnet } from "../if_var.ts";
import { NetmsgBase, netmsg_init, type NetisrFn } from "../netmsg.ts";
import { ASSERT_IFAC_VALID, IFAFREE, myContainer } from "./ifa_ref.ts";
import { IFA_LIST_IFADDRHEAD, type Ifaddr } from "./ifaddr.ts";
import { ifaddrInsertHead, ifaddrInsertTail, ifaddrRemove, myAddrhead } from "./ifaddrhead.ts";

/** `struct netmsg_ifaddr`. */
class NetmsgIfaddr extends NetmsgBase {
  readonly ifa: Ifaddr;
  /** Null for a message that needs none. */
  readonly ifp: Ifnet | null;
  readonly tail: boolean;

  constructor(k: Kernel, label: string, ifa: Ifaddr, ifp: Ifnet | null, tail: boolean) {
    super(k, label);
    this.ifa = ifa;
    this.ifp = ifp;
    this.tail = tail;
  }
}

/** In C a cast. */
function ifaddrOf(nmsg: NetmsgBase): NetmsgIfaddr {
  if (nmsg instanceof NetmsgIfaddr) return nmsg;
  return misuse("no-ifaddr-message", `${nmsg.label} is no message about an address`);
}

/** In C an uninitialised pointer. */
const interfaceOf = ({ ifp, label }: NetmsgIfaddr): Ifnet =>
  ifp ?? misuse("no-interface", `${label} names no interface`);

/** `ifa_domsg`. Context: thread, not an ifnet thread. Holds: nothing an ifnet thread needs. Blocks: yes. */
const ifa_domsg = (k: Kernel, lmsg: LwktMsg, cpu: number): Step<number> => ifnet_domsg(k, lmsg, cpu);

/** `ifa_forwardmsg`. Context: ifnet thread. Holds: the message. Blocks: no. */
const ifa_forwardmsg = (k: Kernel, lmsg: LwktMsg, nextcpu: number): Routine<void> =>
  ifnet_forwardmsg(k, lmsg, nextcpu);

/** Chains that are under way, for properties: nothing in the kernel knows it. */
export class ChainWatch {
  underWay = 0;
  /** Called when a chain is done and no other is under way. */
  watchers: (() => void)[] | null = null;

  done(): void {
    this.underWay--;
    if (this.underWay > 0 || this.watchers === null) return;
    for (const watcher of this.watchers) watcher();
  }
}

/** Starts a chain and waits for its end. */
function* chain(k: Kernel, msg: NetmsgIfaddr, dispatch: NetisrFn): Routine<void> {
  k.net.ifaChains.underWay++;
  netmsg_init(k, msg, null, curthread(k).td_msgport, 0, dispatch);
  yield* ifa_domsg(k, msg, 0);
  msg.leaveFrame();
  k.net.ifaChains.done();
}

/**
 * Puts the address on this CPU's list, and passes on.
 * Context: ifnet thread, as a message handler.
 * Holds: nothing.
 * Blocks: no.
 */
function* ifa_iflink_dispatch(k: Kernel, nmsg: NetmsgBase): Routine<void> {
  //@ 3170-3184
  const msg = ifaddrOf(nmsg);
  const { ifa } = msg;
  const ifp = interfaceOf(msg);
  const cpu = mycpuid(k);

  yield* crit_enter(k);

  const ifac = myContainer(k, ifa);
  ASSERT_IFAC_VALID(k, ifac);
  KASSERT(k, (ifac.ifa_listmask.mine & IFA_LIST_IFADDRHEAD) === 0, "ifaddr is on if_addrheads");

  ifac.ifa_listmask.mine |= IFA_LIST_IFADDRHEAD;
  if (msg.tail) {
    //@ 3185
    ifaddrInsertTail(myAddrhead(k, ifp), ifac);
  } else {
    //@ 3187
    ifaddrInsertHead(myAddrhead(k, ifp), ifac);
  }

  //@ 3189-3191
  yield* crit_exit(k);

  yield* ifa_forwardmsg(k, nmsg, cpu + 1);
}

/**
 * Puts the address on every CPU's list of the interface, last or first.
 * Context: thread, not an ifnet thread.
 * Holds: nothing an ifnet thread needs.
 * Blocks: yes, for every ifnet thread.
 */
export function* ifa_iflink(k: Kernel, ifa: Ifaddr, ifp: Ifnet, tail: boolean): Routine<void> {
  //@ 3199-3205
  ifa.publish();
  yield* chain(k, new NetmsgIfaddr(k, "ifa_iflink", ifa, ifp, tail), ifa_iflink_dispatch);
}

/**
 * Takes the address off this CPU's list, and passes on.
 * Context: ifnet thread, as a message handler.
 * Holds: nothing.
 * Blocks: no.
 */
function* ifa_ifunlink_dispatch(k: Kernel, nmsg: NetmsgBase): Routine<void> {
  //@ 3211-3229
  const msg = ifaddrOf(nmsg);
  const { ifa } = msg;
  const ifp = interfaceOf(msg);
  const cpu = mycpuid(k);

  yield* crit_enter(k);

  const ifac = myContainer(k, ifa);
  ASSERT_IFAC_VALID(k, ifac);
  KASSERT(k, (ifac.ifa_listmask.mine & IFA_LIST_IFADDRHEAD) !== 0, "ifaddr is not on if_addrhead");

  ifaddrRemove(myAddrhead(k, ifp), ifac);
  ifac.ifa_listmask.mine &= ~IFA_LIST_IFADDRHEAD;

  yield* crit_exit(k);

  yield* ifa_forwardmsg(k, nmsg, cpu + 1);
}

/**
 * Takes the address off every CPU's list of the interface. Who found it there before may still hold it.
 * Context: thread, not an ifnet thread.
 * Holds: nothing an ifnet thread needs.
 * Blocks: yes, for every ifnet thread.
 */
export function* ifa_ifunlink(k: Kernel, ifa: Ifaddr, ifp: Ifnet): Routine<void> {
  //@ 3237-3242
  yield* chain(k, new NetmsgIfaddr(k, "ifa_ifunlink", ifa, ifp, false), ifa_ifunlink_dispatch);
}

/**
 * Drops this CPU's reference of the creation, and passes on.
 * Context: ifnet thread, as a message handler.
 * Holds: nothing.
 * Blocks: no.
 */
function* ifa_destroy_dispatch(k: Kernel, nmsg: NetmsgBase): Routine<void> {
  //@ 3248-3251
  const msg = ifaddrOf(nmsg);

  yield* IFAFREE(k, msg.ifa);
  yield* ifa_forwardmsg(k, nmsg, mycpuid(k) + 1);
}

/**
 * Drops the references of the creation on every CPU. The address is gone when the last user's reference is.
 * Context: thread, not an ifnet thread.
 * Holds: nothing an ifnet thread needs.
 * Blocks: yes, for every ifnet thread.
 */
export function* ifa_destroy(k: Kernel, ifa: Ifaddr): Routine<void> {
  //@ 3259-3263
  yield* chain(k, new NetmsgIfaddr(k, "ifa_destroy", ifa, null, false), ifa_destroy_dispatch);
}
