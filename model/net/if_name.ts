/**
 * Names of interfaces, and what they print and announce under them.
 *
 * Mirrors: sys/net/if.c (seed 001 lines 1616 to 1628 and 2706 to 2734).
 */
import { published, type Routine } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { kprintf } from "../kern/subr_prf.ts";
import { IFNAMSIZ } from "./ifreq.ts";
import { type Ifnet } from "./if_var.ts";
import { devctl_notify, rt_ifmsg } from "./route/rtsock.ts";

/** No unit number in the name. */
export const IF_DUNIT_NONE = -1;

/** What a driver stores in `if_link_state` when the link is there. */
const LINK_STATE_UP = 2;

/** The interface cannot be found yet: whoever finds it finds the name written. */
function setXname(k: Kernel, ifp: Ifnet, name: string): void {
  ifp.xname = published(ifp, k.net.ifnet_mtx, name.slice(0, IFNAMSIZ - 1));
}

/**
 * Names an interface: the driver's name and a unit number, or the name alone. What does not fit into `IFNAMSIZ` bytes
 * is cut off.
 * Context: thread, before the interface is attached.
 * Holds: nothing.
 * Blocks: no.
 */
export function if_initname(k: Kernel, ifp: Ifnet, name: string, unit: number): void {
  //@ 2715-2717
  ifp.if_dname = name;
  ifp.if_dunit = unit;
  if (unit !== IF_DUNIT_NONE) {
    //@ 2718
    setXname(k, ifp, `${name}${unit}`);
  } else {
    //@ 2720
    setXname(k, ifp, name);
  }
}

/**
 * Prints a text behind the name of the interface; how many characters that were. The text comes formatted.
 * Context: any.
 * Holds: anything.
 * Blocks: no.
 */
export function* if_printf(k: Kernel, ifp: Ifnet, text: string): Routine<number> {
  //@ 2729-2733
  let retval = kprintf(k, `${yield* ifp.xname.load()}: `);
  retval += kprintf(k, text);
  return retval;
}

/**
 * Tells routing sockets and devd that the state of the link has changed; the driver has stored it.
 * Context: any thread.
 * Holds: anything.
 * Blocks: no.
 */
export function* if_link_state_change(k: Kernel, ifp: Ifnet): Routine<void> {
  //@ 1623-1627
  const link_state = yield* ifp.if_link_state.load();

  rt_ifmsg(k, ifp);
  devctl_notify(k, ifp, link_state === LINK_STATE_UP ? "LINK_UP" : "LINK_DOWN");
}
