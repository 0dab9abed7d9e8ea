/**
 * The loopback driver's data path.
 *
 * Mirrors: bsd/net/if_loop.c `lo_pre_enqueue`, `lo_start` (seed 000), `lo_tx_compl`, `lo_output`, LO_BPF_TAP_OUT,
 * LO_BPF_TAP_OUT_MULTI.
 *
 * With `lo_txstart` a packet takes two threads: the sender's, which queues it and asks for output, and the start thread, which
 * takes what it can and hands it to the input side. Without it `lo_output` does all of that in the sender.
 */
//@ seed 000
import { fail, type Routine } from "../../../sim/index.ts";
import {
  CSUM_DATA_VALID,
  CSUM_IP_CHECKED,
  CSUM_IP_VALID,
  CSUM_PSEUDO_HDR,
  M_PKTHDR,
  PKTF_LOOP,
  type XnuMbuf,
} from "../kern/mbuf.ts";
import {
  m_adj,
  m_do_tx_compl_callback,
  mbuf_get_timestamp_requested,
  mbuf_set_status,
  mbuf_set_timestamp,
} from "../kern/uipc_mbuf.ts";
import { nanouptime, returned, type Xnu } from "../xnu.ts";
import { bpf_tap_out } from "./bpf.ts";
import { ifnet_input_extended } from "./dlil_input.ts";
import { LOOPBACK_HEADER } from "./dlil_output.ts";
import { ifnet_dequeue_multi, ifnet_dequeue_service_class_multi, ifnet_enqueue } from "./dlil_queue.ts";
import { IFNET_SCHED_MODEL_NORMAL, type StatIncrement, type XnuIfnet } from "./if_var.ts";

/** What checksums of a packet on the loopback interface are said to be. */
export const LOOPBACK_CSUM = CSUM_DATA_VALID | CSUM_PSEUDO_HDR | CSUM_IP_CHECKED | CSUM_IP_VALID;

/** `VERIFY(m->m_flags & M_PKTHDR)`. */
function VERIFY_PKTHDR(m: XnuMbuf, where: string): void {
  if ((m.m_flags & M_PKTHDR) !== 0) return;
  fail("Panic", "no-packet-header", `${where}: assertion failed: m->m_flags & M_PKTHDR`, [["mbuf", m.label]]);
}

/**
 * Queues each packet of a list, with its header behind it and its checksums declared right; returns 0 always. Whoever
 * queues asks for output, so that the start thread takes it; a packet that is refused the queue frees and counts.
 * Context: any thread that sends.
 * Holds: an IO reference.
 * Blocks: yes, for the queue's lock.
 */
export function* lo_pre_enqueue(xnu: Xnu, ifp: XnuIfnet, m0: XnuMbuf | null): Routine<number> {
  //@ 9-10
  let m = m0;
  const error = 0;

  //@ 12
  while (m !== null) {
    //@ 13-16
    VERIFY_PKTHDR(m, "lo_pre_enqueue");
    const n: XnuMbuf | null = m.m_nextpkt;
    m.m_nextpkt = null;

    //@ 23
    if (m.m_pkthdr.rcvif === null) {
      //@ 24
      m.m_pkthdr.rcvif = ifp;
    }

    //@ 26-35
    m.m_pkthdr.pkt_flags |= PKTF_LOOP;
    m.m_pkthdr.pkt_hdr = { m, at: m.m_data };
    m.m_pkthdr.csum_data = 0xffff;
    m.m_pkthdr.csum_flags = LOOPBACK_CSUM;
    m_adj(m, LOOPBACK_HEADER);

    //@ 41
    yield* ifnet_enqueue(xnu, ifp, m);
    //@ 43
    m = n;
  }
  //@ 46
  return returned(xnu, "lo_pre_enqueue", error);
}

/**
 * Takes packets from the send queue until there are none, and hands each list to the input side.
 * Context: the start thread, of which there is one.
 * Holds: an IO reference.
 * Blocks: yes: the queue's lock, `bpf_mlock`, the input thread's lock.
 */
export function* lo_start(xnu: Xnu, ifp: XnuIfnet): Routine<void> {
  //@ 64
  const s: StatIncrement = { packets_in: 0, packets_out: 0, bytes_in: 0, bytes_out: 0 };

  //@ 66
  for (;;) {
    //@ 67-70
    const { lo } = xnu;
    let dequeued;
    if ((yield* lo.lo_sched_model.load()) === IFNET_SCHED_MODEL_NORMAL) {
      //@ 71-72
      dequeued = yield* ifnet_dequeue_multi(xnu, ifp, yield* lo.lo_dequeue_max.load());
      if (dequeued.error !== 0) {
        //@ 73
        break;
      }
    } else {
      //@ 75-77
      const sc = yield* lo.lo_dequeue_sc.load();
      dequeued = yield* ifnet_dequeue_service_class_multi(xnu, ifp, sc, yield* lo.lo_dequeue_max.load());
      if (dequeued.error !== 0) {
        //@ 78
        break;
      }
    }
    const { head: m, tail: m_tail, cnt, len } = dequeued.chain;

    //@ 81-82
    yield* LO_BPF_TAP_OUT_MULTI(xnu, m);
    lo_tx_compl(xnu, ifp, m);

    //@ 85-88
    s.packets_in = cnt;
    s.packets_out = cnt;
    s.bytes_in = len;
    s.bytes_out = len;

    //@ 90
    yield* ifnet_input_extended(xnu, ifp, m, m_tail, { ...s });
  }
}

function* LO_BPF_TAP_OUT_MULTI(xnu: Xnu, m: XnuMbuf | null): Routine<void> {
  if (!(yield* xnu.lo.bpf_callback.load())) return;
  for (let n = m; n !== null; n = n.m_nextpkt) yield* LO_BPF_TAP_OUT(xnu, n);
}

function* LO_BPF_TAP_OUT(xnu: Xnu, m: XnuMbuf): Routine<void> {
  if (yield* xnu.lo.bpf_callback.load()) yield* bpf_tap_out(xnu, m, m.m_pkthdr.pkt_hdr);
}

/** Says that one packet has been sent: stamps it if asked to, and runs its completion callbacks. */
function lo_tx_compl(xnu: Xnu, ifp: XnuIfnet, m: XnuMbuf | null): void {
  if (m === null) return;
  if (xnu.params.timestamps && mbuf_get_timestamp_requested(m)) mbuf_set_timestamp(m, nanouptime(xnu));
  mbuf_set_status(m, 0);
  m_do_tx_compl_callback(xnu, m, ifp);
}

/**
 * Without `lo_txstart`: from the protocol to the input side in one go. Bytes are counted with the header, unlike in
 * {@link lo_start}.
 * Context: any thread that sends.
 * Holds: an IO reference.
 * Blocks: yes: `bpf_mlock`, the input thread's lock.
 */
export function* lo_output(xnu: Xnu, ifp: XnuIfnet, m_list: XnuMbuf): Routine<number> {
  let m_tail: XnuMbuf | null = null;
  let cnt = 0;
  let len = 0;
  for (let m: XnuMbuf | null = m_list; m !== null; m = m.m_nextpkt) {
    VERIFY_PKTHDR(m, "lo_output");
    cnt++;
    len += m.m_pkthdr.len;
    m.m_pkthdr.rcvif ??= ifp;
    m.m_pkthdr.pkt_flags |= PKTF_LOOP;
    m.m_pkthdr.pkt_hdr = { m, at: m.m_data };
    m.m_pkthdr.csum_data = 0xffff;
    m.m_pkthdr.csum_flags = LOOPBACK_CSUM;
    m_adj(m, LOOPBACK_HEADER);
    m.handOver(m.owner, `${ifp.if_xname} driver`);
    yield* LO_BPF_TAP_OUT(xnu, m);
    if (m.m_nextpkt === null) m_tail = m;
    lo_tx_compl(xnu, ifp, m);
  }
  const s: StatIncrement = { packets_in: cnt, packets_out: cnt, bytes_in: len, bytes_out: len };
  return yield* ifnet_input_extended(xnu, ifp, m_list, m_tail, s);
}
