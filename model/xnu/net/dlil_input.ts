/**
 * Packets come in: from a driver into the mailbox of the main input thread, and from there to the protocols.
 *
 * Mirrors: bsd/net/dlil.c `ifnet_input_extended`, `ifnet_input_common`, `dlil_input_handler`, `dlil_main_input_thread_func`,
 * `dlil_input_packet_list_common`, `dlil_ifproto_input`, bsd/net/if_loop.c `lo_demux`, `lo_input`.
 * Left out: dedicated input threads, polling, filters, pktap, checksums of the sending side, counts of multicasts.
 * Environment: `proto_input` is the protocol. It takes the list and counts it (`Xnu.delivered`); that it may block for its
 * domain's lock changes nothing here, since nothing is held.
 *
 * lo0 never goes away, so that nothing here takes an IO reference for it; for every other interface each packet does.
 */
import { Op, fail, type Routine } from "../../../sim/index.ts";
import { EINVAL } from "../kern/errno.ts";
import { PSPIN, msleep, wakeup_one } from "../kern/kern_synch.ts";
import { lck_mtx_lock, lck_mtx_lock_spin, lck_mtx_unlock } from "../kern/locks.ts";
import { PKTF_TS_VALID, type HeaderPointer, type XnuMbuf } from "../kern/mbuf.ts";
import { LOOPBACK_MASK, m_classifier_init, m_freem, m_freem_list, mbuf_set_timestamp } from "../kern/uipc_mbuf.ts";
import { nanouptime, type Xnu } from "../xnu.ts";
import { familyAt } from "./bpf.ts";
import { ifnet_decr_iorefcnt, ifnet_is_attached } from "./dlil_refs.ts";
import { DLIL_INPUT_RUNNING, DLIL_INPUT_WAITING } from "./dlil_threading.ts";
import type { Family, StatIncrement, XnuIfnet } from "./if_var.ts";

/**
 * Takes a list of packets from a driver, with its tail and what it comes to. Context: thread. Holds: for lo0 nothing.
 * Blocks: it spins.
 */
export function* ifnet_input_extended(
  xnu: Xnu,
  ifp: XnuIfnet,
  m_head: XnuMbuf | null,
  m_tail: XnuMbuf | null,
  s: StatIncrement,
): Routine<number> {
  if (m_head === null) return EINVAL;
  if (ifp !== xnu.lo_ifp && !(yield* ifnet_is_attached(xnu, ifp))) {
    m_freem_list(xnu, m_head);
    return EINVAL;
  }
  if (xnu.params.sanityCheck) checkChain(m_head, m_tail, s);
  const error = yield* dlil_input_handler(xnu, ifp, m_head, s);
  if (ifp !== xnu.lo_ifp) yield* ifnet_decr_iorefcnt(xnu, ifp);
  return error;
}

/** `dlil_input_sanity_check`: the list is as long as the driver says, and ends where it says. */
function checkChain(m_head: XnuMbuf, m_tail: XnuMbuf | null, s: StatIncrement): void {
  let m_cnt = 1;
  let last = m_head;
  for (let next = last.m_nextpkt; next !== null; next = last.m_nextpkt) {
    last = next;
    m_cnt++;
  }
  if (last === m_tail && m_cnt === s.packets_in) return;
  fail("Panic", "input-packet-chain", "ifnet_input_common: invalid input packet chain", [
    ["expected", `${String(s.packets_in)} packets, the last ${m_tail?.label ?? "nothing"}`],
    ["got", `${String(m_cnt)} packets, the last ${last.label}`],
  ]);
}

function* dlil_input_handler(xnu: Xnu, ifp: XnuIfnet, m_head: XnuMbuf, s: StatIncrement): Routine<number> {
  const inp = xnu.input;
  yield* lck_mtx_lock_spin(inp.input_lck);
  const added: XnuMbuf[] = [];
  for (let m: XnuMbuf | null = m_head; m !== null; m = m.m_nextpkt) {
    m.handOver(`${ifp.if_xname} driver`, inp.label);
    added.push(m);
    xnu.handedIn.push(m.m_pkthdr.len);
  }
  if (ifp === xnu.lo_ifp) inp.lo_rcvq_pkts.held = [...inp.lo_rcvq_pkts.held, ...added];
  else inp.rcvq_pkts.held = [...inp.rcvq_pkts.held, ...added];
  yield* ifp.ifi_ipackets.add(s.packets_in);
  yield* ifp.ifi_ibytes.add(s.bytes_in);
  yield* ifp.ifi_opackets.add(s.packets_out);
  yield* ifp.ifi_obytes.add(s.bytes_out);
  inp.input_waiting.held |= DLIL_INPUT_WAITING;
  if ((inp.input_waiting.held & DLIL_INPUT_RUNNING) === 0) yield* wakeup_one(xnu, inp.channel);
  yield* lck_mtx_unlock(xnu, inp.input_lck);
  return 0;
}

/** The main input thread: sleeps until there is work, takes all of it, lo0 first. Context: itself. Holds: nothing. Blocks: yes. */
export function* dlil_main_input_thread_func(xnu: Xnu): Routine<void> {
  const inp = xnu.input;
  for (;;) {
    yield* lck_mtx_lock_spin(inp.input_lck);
    while ((inp.input_waiting.held & ~DLIL_INPUT_RUNNING) === 0) {
      inp.input_waiting.held &= ~DLIL_INPUT_RUNNING;
      yield* msleep(xnu, inp.channel, inp.input_lck, PSPIN);
    }
    inp.input_waiting.held |= DLIL_INPUT_RUNNING;
    inp.input_waiting.held &= ~DLIL_INPUT_WAITING;
    const m = inp.rcvq_pkts.held;
    inp.rcvq_pkts.held = [];
    const m_loop = inp.lo_rcvq_pkts.held;
    inp.lo_rcvq_pkts.held = [];
    for (const packet of [...m_loop, ...m]) packet.handOver(inp.label, "input thread");
    yield* lck_mtx_unlock(xnu, inp.input_lck);
    if (m_loop.length > 0) yield* dlil_input_packet_list(xnu, xnu.lo_ifp, m_loop);
    if (m.length > 0) yield* dlil_input_packet_list(xnu, null, m);
  }
}

/** Packets on their way to one protocol. */
interface Collected {
  ifp: XnuIfnet;
  family: Family;
  packets: XnuMbuf[];
}

/** Hands packets up, in lists of one interface and one protocol. */
function* dlil_input_packet_list(xnu: Xnu, ifp_param: XnuIfnet | null, list: readonly XnuMbuf[]): Routine<void> {
  let last: Collected | null = null;
  for (const [i, m] of list.entries()) {
    const ifp = ifp_param ?? m.m_pkthdr.rcvif;
    if (ifp === null) return fail("Panic", "no-rcvif", "dlil_input_packet_list: packet without rcvif", [["mbuf", m.label]]);
    m.m_nextpkt = null;
    const frame_header = m.m_pkthdr.pkt_hdr;
    m.m_pkthdr.pkt_hdr = null;
    const counted = ifp !== xnu.lo_ifp;
    if (counted && !(yield* ifnet_is_attached(xnu, ifp))) {
      m_freem(xnu, m);
      // The end of the list is reached all the same: what was collected goes up.
      if (i === list.length - 1 && last !== null) yield* dlil_ifproto_input(xnu, last);
      continue;
    }
    m_classifier_init(m, counted ? PKTF_TS_VALID : LOOPBACK_MASK);
    const family = yield* find_attached_proto(xnu, ifp, lo_demux(frame_header));
    if (family === null) {
      m_freem(xnu, m);
    } else {
      if (last !== null && (last.ifp !== ifp || last.family !== family)) {
        yield* dlil_ifproto_input(xnu, last);
        last = null;
      }
      m.m_pkthdr.pkt_hdr = frame_header;
      last ??= { ifp, family, packets: [] };
      last.packets.push(m);
    }
    if (i === list.length - 1 && last !== null) yield* dlil_ifproto_input(xnu, last);
    if (counted) yield* ifnet_decr_iorefcnt(xnu, ifp);
  }
}

/** The family of the header in front of the data. */
const lo_demux = (frame_header: HeaderPointer | null): string => familyAt(frame_header);

/** The protocol attached to the interface for a family; null: none. Context: thread. Holds: nothing. Blocks: yes. */
export function* find_attached_proto(xnu: Xnu, ifp: XnuIfnet, family: string): Routine<Family | null> {
  yield* lck_mtx_lock(xnu, ifp.if_lock);
  const found = ifp.protocols.held.find((each) => each === family) ?? null;
  yield* lck_mtx_unlock(xnu, ifp.if_lock);
  return found;
}

function* dlil_ifproto_input(xnu: Xnu, collected: Collected): Routine<void> {
  yield* lo_input(xnu, collected);
}

/** The protocol gets the list. Only its first packet is stamped. */
function* lo_input(xnu: Xnu, { ifp, family, packets }: Collected): Routine<void> {
  const [first] = packets;
  if (xnu.params.timestamps && first !== undefined) mbuf_set_timestamp(first, nanouptime(xnu));
  for (const m of packets) {
    yield* xnu.x.pause(Op.Yield);
    m.handOver("input thread", `protocol ${family}`);
    xnu.delivered.push({ m, ifp, family });
  }
}
