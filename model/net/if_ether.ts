/**
 * ARP, as far as the interface layer calls it, and what all Ethernet interfaces begin with.
 *
 * Mirrors: sys/net/if_arp.h `struct arpcom`; sys/netinet/if_ether.c `arp_gratuitous`, `arprequest_async`.
 * Left out: what a request says, and the cache.
 */
import { misuse, word, type Routine, type Word } from "../../sim/index.ts";
import { deref, outOfBounds } from "../fault.ts";
import type { Kernel } from "../kernel.ts";
import { mycpuid } from "../kern/globaldata.ts";
import { lwkt_sendmsg } from "../kern/lwkt_msgport.ts";
import { M_NOWAIT } from "../sys/malloc.ts";
import { M_BCAST, m_gethdr, type Mbuf } from "../sys/mbuf.ts";
import { ifq_dispatch } from "./if_dispatch.ts";
import { Ifnet } from "./if_var.ts";
import { NetmsgBase, netmsg_init } from "./netmsg.ts";
import { netisr_cpuport } from "./netisr.ts";

/** Bytes of a link-level address. */
const ETHER_ADDR_LEN = 6;
/** Bytes of a request in its frame. */
const ARP_LENGTH = 42;

/** `struct arpcom`: the interface, and its address as the driver reads it. */
export class Arpcom extends Ifnet {
  /** Written without a lock, as a whole. */
  readonly ac_enaddr: Word<Uint8Array>;

  constructor(k: Kernel, type: number, called: string) {
    super(k, type, called);
    this.ac_enaddr = word(this, new Uint8Array(ETHER_ADDR_LEN));
  }

  /** `(struct arpcom *)ifp->if_softc`: what a driver keeps begins with the interface. */
  static of(k: Kernel, ifp: Ifnet): Arpcom {
    deref(k, ifp.if_softc ?? null, "ifp->if_softc");
    return ifp instanceof Arpcom ? ifp : outOfBounds(k, ifp.label, 0, 0);
  }
}

/** The packet of a request, with the message that is embedded in it; its interface is `ms_resultp`. */
class NetmsgArp extends NetmsgBase {
  readonly m: Mbuf;
  readonly ifp: Ifnet;

  constructor(k: Kernel, m: Mbuf, ifp: Ifnet) {
    super(k, `message of ${m.label}`);
    this.m = m;
    this.ifp = ifp;
  }
}

/** In the netisr: puts the request out. Its message is not replied to. */
function* arpreq_send_handler(k: Kernel, nmsg: NetmsgBase): Routine<void> {
  if (!(nmsg instanceof NetmsgArp)) return misuse("no-arp-message", nmsg.label);
  yield* ifq_dispatch(k, nmsg.ifp, nmsg.m, null);
}

/**
 * Broadcasts whose address this is: allocates a request and has the netisr of this CPU put it out. Nothing when there is
 * no memory. Made for callers that hold the serializers.
 * Context: thread.
 * Holds: anything.
 * Blocks: no.
 */
export function* arp_gratuitous(k: Kernel, ifp: Ifnet): Routine<void> {
  const m = m_gethdr(k, M_NOWAIT, { id: -++k.net.arpPackets, len: ARP_LENGTH, flags: M_BCAST, owner: "arp request" });
  if (m === null) return;
  const nmsg = new NetmsgArp(k, m, ifp);
  netmsg_init(k, nmsg, null, k.net.netisr_apanic_rport, 0, arpreq_send_handler);
  yield* lwkt_sendmsg(k, netisr_cpuport(k, mycpuid(k)), nmsg);
}
