/**
 * Packets go out: from a protocol to the interface.
 *
 * Mirrors: bsd/net/dlil.c `dlil_output` (with `raw` 0), `dlil_output_handler`, bsd/net/if_loop.c `lo_pre_output`, `lo_framer`.
 * Left out: filters, checksums, TSO, pktap, statistics of forwarded packets, what a caller is told of flow control (`adv`):
 * the loopback interface never returns what would be told.
 */
import type { Routine } from "../../../sim/index.ts";
import { EHOSTUNREACH, EJUSTRETURN, ENETUNREACH, ENXIO } from "../kern/errno.ts";
import { M_BCAST, M_LOOP, type XnuMbuf } from "../kern/mbuf.ts";
import { m_freem, m_freem_list, m_prepend, mbuf_set_timestamp } from "../kern/uipc_mbuf.ts";
import { nanouptime, returned, type Xnu } from "../xnu.ts";
import { find_attached_proto } from "./dlil_input.ts";
import { ifnet_decr_iorefcnt, ifnet_is_attached } from "./dlil_refs.ts";
import type { Family, XnuIfnet } from "./if_var.ts";

/** `sizeof (struct loopback_header)`. */
export const LOOPBACK_HEADER = 4;

/** What the route of a packet says: go, vanish, or be refused (a route to a host, to a network). */
export type LoRoute = "up" | "blackhole" | "reject-host" | "reject-net";

/**
 * Sends a list of packets, which is consumed whatever is returned. Context: thread. Holds: nothing below. Blocks: yes.
 */
export function* dlil_output(
  xnu: Xnu,
  ifp: XnuIfnet,
  family: Family,
  packetlist: XnuMbuf | null,
  route: LoRoute,
): Routine<number> {
  if (!(yield* ifnet_is_attached(xnu, ifp))) {
    if (packetlist !== null) m_freem_list(xnu, packetlist);
    return returned(xnu, "dlil_output", ENXIO);
  }
  const error = yield* output(xnu, ifp, family, packetlist, route);
  yield* ifnet_decr_iorefcnt(xnu, ifp);
  return returned(xnu, "dlil_output", error === EJUSTRETURN ? 0 : error);
}

function* output(
  xnu: Xnu,
  ifp: XnuIfnet,
  family: Family,
  packetlist: XnuMbuf | null,
  route: LoRoute,
): Routine<number> {
  if ((yield* find_attached_proto(xnu, ifp, family)) === null) {
    if (packetlist !== null) m_freem_list(xnu, packetlist);
    return ENXIO;
  }
  let rest = packetlist;
  let retval = 0;
  let m: XnuMbuf | null = null;
  // The protocol looks at the first packet only, and again when that vanishes.
  do {
    [m, rest] = split(rest);
    if (m === null) return retval;
    retval = lo_pre_output(xnu, m, route);
  } while (retval === EJUSTRETURN);
  if (retval !== 0) {
    m_freem(xnu, m);
    if (rest !== null) m_freem_list(xnu, rest);
    return retval;
  }
  return yield* send(xnu, ifp, family, m, rest);
}

/** The first packet of a list, and what follows it. */
function split(list: XnuMbuf | null): [first: XnuMbuf | null, rest: XnuMbuf | null] {
  if (list === null) return [null, null];
  const rest = list.m_nextpkt;
  list.m_nextpkt = null;
  return [list, rest];
}

/** Frames every packet and hands them to the driver in one list (`IFEF_SENDLIST`). */
function* send(xnu: Xnu, ifp: XnuIfnet, family: Family, first: XnuMbuf, list: XnuMbuf | null): Routine<number> {
  let m: XnuMbuf | null = first;
  let rest = list;
  let head: XnuMbuf | null = null;
  let tail: XnuMbuf | null = null;
  let retval = 0;
  while (m !== null) {
    const framed = frame(xnu, ifp, family, m);
    retval = framed === null ? EJUSTRETURN : 0;
    if (framed !== null) {
      mbuf_set_timestamp(framed, nanouptime(xnu));
      if (tail === null) head = framed;
      else tail.m_nextpkt = framed;
      tail = framed;
    }
    [m, rest] = split(rest);
  }
  if (head === null) return retval;
  const { if_output } = yield* ifp.driver.load();
  ifp.inDriver++;
  retval = yield* if_output(xnu, ifp, head);
  ifp.inDriver--;
  return retval;
}

/** With a header in front; null: there was no memory, and the packet is gone. */
function frame(xnu: Xnu, ifp: XnuIfnet, family: Family, m: XnuMbuf): XnuMbuf | null {
  const set = (m.m_flags & (M_BCAST | M_LOOP)) !== 0 && m.m_pkthdr.rcvif === null;
  if (set) m.m_pkthdr.rcvif = ifp;
  const framed = lo_framer(xnu, m, family);
  if (framed !== null && set && framed.m_pkthdr.rcvif === ifp) framed.m_pkthdr.rcvif = null;
  return framed;
}

/** The loopback driver's look at the route; a packet that vanishes is freed here, one that is refused is not. */
function lo_pre_output(xnu: Xnu, m: XnuMbuf, route: LoRoute): number {
  m.m_flags |= M_LOOP;
  if (route === "up") return 0;
  if (route !== "blackhole") return route === "reject-host" ? EHOSTUNREACH : ENETUNREACH;
  m_freem(xnu, m);
  return EJUSTRETURN;
}

/** The link-level header: the family. */
function lo_framer(xnu: Xnu, m: XnuMbuf, family: Family): XnuMbuf | null {
  const framed = m_prepend(xnu, m, LOOPBACK_HEADER);
  framed?.putWord(framed.m_data, family);
  return framed;
}
