/**
 * What the interface layer announces: to routing sockets, and to who reads /dev/devctl.
 *
 * Mirrors, as an environment: sys/net/rtsock.c `rt_ifannouncemsg`, `rt_ifmsg`, `rt_newaddrmsg`, `rt_newmaddrmsg`;
 * sys/kern/subr_bus.c `devctl_notify`.
 *
 * Contract: each call is one piece, blocks nobody, and may come from any context. It names the interface by its
 * index, which it reads: announcing an interface that is gone is a use after free. The listeners are a log
 * (`NetGlobals.announced`); what a routing socket would be sent, and that a message may be lost for want of an
 * mbuf, is nothing the interface layer can notice.
 */
import type { Kernel } from "../../kernel.ts";
import type { Ifmultiaddr } from "../if_multi_var.ts";
import type { Ifnet } from "../if_var.ts";
import type { Ifaddr } from "../ifaddr/ifaddr.ts";
import { familyOf } from "../ifaddr/ifa_ref.ts";

/** The interface has come, and is gone. */
export const IFAN_ARRIVAL = 0;
export const IFAN_DEPARTURE = 1;

/** One announcement. */
export interface Announcement {
  readonly message: "RTM_IFANNOUNCE" | "RTM_IFINFO" | "RTM_NEWADDR" | "RTM_DELADDR" | "RTM_NEWMADDR" | "RTM_DELMADDR" | "devctl";
  readonly if_index: number;
  readonly what: string;
}

/** The address has come, and is gone. */
export const RTM_NEWADDR = 0xc;
export const RTM_DELADDR = 0xd;

function announce(k: Kernel, ifp: Ifnet, message: Announcement["message"], what: string): void {
  k.net.announced.push({ message, if_index: ifp.if_index.fixed, what });
}

/** An interface comes or goes. Context: any. Holds: anything. Blocks: no. */
export function rt_ifannouncemsg(k: Kernel, ifp: Ifnet, what: number): void {
  announce(k, ifp, "RTM_IFANNOUNCE", what === IFAN_ARRIVAL ? "arrival" : "departure");
}

/** Flags of an interface have changed. Context: any. Holds: anything. Blocks: no. */
export function rt_ifmsg(k: Kernel, ifp: Ifnet): void {
  announce(k, ifp, "RTM_IFINFO", "");
}

/** An address of an interface comes or goes. Context: any. Holds: a reference on the address. Blocks: no. */
export function rt_newaddrmsg(k: Kernel, cmd: number, ifp: Ifnet, ifa: Ifaddr): void {
  announce(k, ifp, cmd === RTM_NEWADDR ? "RTM_NEWADDR" : "RTM_DELADDR", `family ${familyOf(k, ifa)}`);
}

/** A multicast membership has come, and is gone. */
export const RTM_NEWMADDR = 0xf;
export const RTM_DELMADDR = 0x10;

/**
 * A multicast membership comes or goes. The link-level address that belongs to it is for routing sockets alone.
 * Context: any. Holds: all serializers of the interface. Blocks: no.
 */
export function rt_newmaddrmsg(k: Kernel, cmd: number, ifma: Ifmultiaddr): void {
  announce(k, ifma.ifma_ifp.held, cmd === RTM_NEWMADDR ? "RTM_NEWMADDR" : "RTM_DELMADDR", ifma.label);
}

/** A line for /dev/devctl: system IFNET, the interface, what happened. Context: any. Holds: anything. Blocks: no. */
export function devctl_notify(k: Kernel, ifp: Ifnet, type: string): void {
  announce(k, ifp, "devctl", type);
}
