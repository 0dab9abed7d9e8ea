/**
 * What is done to packets.
 *
 * Mirrors: bsd/kern/uipc_mbuf.c `m_free`, `m_freem`, `m_freem_list`, `m_prepend`, `m_adj`, `m_classifier_init`,
 * bsd/kern/kpi_mbuf.c `m_do_tx_compl_callback`, `mbuf_set_status`, `mbuf_set_timestamp`, `mbuf_get_timestamp_requested`.
 * Left out: the lock of the table of completion callbacks (registered at boot, never changed).
 */
import type { XnuIfnet } from "../net/if_var.ts";
import type { Xnu } from "../xnu.ts";
import { mayBlock } from "./locks.ts";
import {
  M_PKTHDR,
  PKTF_DRIVER_MTAG,
  PKTF_IFAINFO,
  PKTF_LOOP,
  PKTF_TS_VALID,
  PKTF_TX_COMPL_TS_REQ,
  XnuMbuf,
  XnuPkthdr,
} from "./mbuf.ts";

/** Room in a header buffer: what `MH_ALIGN` counts back from. */
const MHLEN = 56;
/** `MAX_MBUF_TX_COMPL_FUNC`. */
const TX_COMPL_FUNCS = 32;

/** A packet whose data begins `leading` bytes into its first buffer. */
export function m_gethdr(xnu: Xnu, owner: string, len: number, leading: number): XnuMbuf {
  const m = new XnuMbuf(xnu, xnu.nextPacket++, owner, M_PKTHDR, leading, len);
  xnu.mbufs.live.add(m);
  xnu.mbufs.made++;
  return m;
}

/**
 * Frees one buffer; returns the next one of its packet. Completions that were asked for and did not come yet come now.
 * Context: thread. Holds: no mutex in spin mode. Blocks: yes.
 */
export function m_free(xnu: Xnu, m: XnuMbuf): XnuMbuf | null {
  mayBlock(xnu, "m_free");
  if ((m.m_flags & M_PKTHDR) !== 0) {
    m_do_tx_compl_callback(xnu, m, null);
    xnu.mbufs.freed.push(m.id);
  }
  const next = m.free();
  xnu.mbufs.live.delete(m);
  xnu.mbufs.behind.delete(m);
  return next;
}

/** Frees a packet. Context: thread. Holds: no mutex in spin mode. Blocks: yes. */
export function m_freem(xnu: Xnu, m: XnuMbuf): void {
  let buffer: XnuMbuf | null = m;
  while (buffer !== null) buffer = m_free(xnu, buffer);
}

/** Frees a list of packets; returns how many. Context: thread. Holds: no mutex in spin mode. Blocks: yes. */
export function m_freem_list(xnu: Xnu, m: XnuMbuf): number {
  let packets = 0;
  let packet: XnuMbuf | null = m;
  while (packet !== null) {
    const next: XnuMbuf | null = packet.m_nextpkt;
    m_freem(xnu, packet);
    packet = next;
    packets++;
  }
  return packets;
}

/**
 * Puts `len` bytes in front: into leading space, or into a buffer of its own, which becomes the first and takes the header.
 * Null when there is no memory, and the packet is freed (`M_PREPEND`).
 * Context: thread. Holds: no mutex in spin mode. Blocks: yes.
 */
export function m_prepend(xnu: Xnu, m: XnuMbuf, len: number): XnuMbuf | null {
  mayBlock(xnu, "m_prepend");
  if (m.m_data >= len) {
    m.m_data -= len;
    m.m_len += len;
    m.m_pkthdr.len += len;
    return m;
  }
  if (xnu.shortage.strikes(xnu.params.prependFails)) {
    m_freem(xnu, m);
    return null;
  }
  const mn = new XnuMbuf(xnu, m.id, m.owner, m.m_flags, MHLEN - len, len);
  mn.m_pkthdr = m.m_pkthdr;
  m.m_pkthdr = new XnuPkthdr();
  m.m_flags &= ~M_PKTHDR;
  mn.m_next = m;
  mn.m_pkthdr.len += len;
  xnu.mbufs.live.delete(m);
  xnu.mbufs.behind.add(m);
  xnu.mbufs.live.add(mn);
  return mn;
}

/** Trims bytes from the front. Frees no buffer: one that held nothing else is left empty, its data where it was. */
export function m_adj(m: XnuMbuf, req_len: number): void {
  let len = req_len;
  let buffer: XnuMbuf | null = m;
  while (buffer !== null && len > 0) {
    if (buffer.m_len <= len) {
      len -= buffer.m_len;
      buffer.m_len = 0;
      buffer = buffer.m_next;
    } else {
      buffer.m_len -= len;
      buffer.m_data += len;
      len = 0;
    }
  }
  if ((m.m_flags & M_PKTHDR) !== 0) m.m_pkthdr.len -= req_len - len;
}

/** Forgets what the sender's side knew of the packet, but for the flags of the mask. */
export function m_classifier_init(m: XnuMbuf, pktf_mask: number): void {
  const { m_pkthdr: header } = m;
  header.tcp = false;
  header.pkt_flowid = 0;
  header.pkt_flags &= pktf_mask;
  if ((header.pkt_flags & PKTF_LOOP) === 0) header.pkt_svc = "BE";
  if ((header.pkt_flags & PKTF_TS_VALID) === 0) header.pkt_timestamp = 0;
}

/** Runs the completion callbacks of a packet, once. `ifp` null: the packet is freed without having been sent. */
export function m_do_tx_compl_callback(xnu: Xnu, m: XnuMbuf, ifp: XnuIfnet | null): void {
  const { m_pkthdr: header } = m;
  if ((header.pkt_flags & PKTF_TX_COMPL_TS_REQ) === 0) return;
  for (let i = 0; i < TX_COMPL_FUNCS; i++) {
    if ((header.pkt_compl_callbacks & (1 << i)) === 0) continue;
    const timestamp = (header.pkt_flags & PKTF_TS_VALID) === 0 ? 0 : header.pkt_timestamp;
    xnu.completions.push({ context: header.pkt_compl_context, ifp, timestamp, status: header.drv_tx_status });
  }
  header.pkt_compl_callbacks = 0;
}

/** What the driver says of the transmission. */
export function mbuf_set_status({ m_pkthdr: header }: XnuMbuf, status: number): void {
  if ((header.pkt_flags & PKTF_DRIVER_MTAG) === 0) header.pkt_flags |= PKTF_DRIVER_MTAG;
  header.drv_tx_status = status;
}

/** Stamps the packet. */
export function mbuf_set_timestamp({ m_pkthdr: header }: XnuMbuf, timestamp: number): void {
  header.pkt_flags |= PKTF_TS_VALID;
  header.pkt_timestamp = timestamp;
}

/** Did the sender ask for a time stamp? */
export const mbuf_get_timestamp_requested = ({ m_pkthdr: header }: XnuMbuf): boolean =>
  (header.pkt_flags & PKTF_TX_COMPL_TS_REQ) !== 0;

/** What `m_classifier_init` leaves of a packet that comes in on lo0. */
export const LOOPBACK_MASK = PKTF_LOOP | PKTF_IFAINFO;
