/**
 * FQ-CoDel: a packet enters a flow and leaves it.
 *
 * Mirrors: bsd/net/classq/classq_fq_codel.c `fq_addq`, `fq_getq_flow_internal`, `fq_getq_flow`, `fq_head_drop`,
 * `fq_detect_dequeue_stall`, `fq_destroy`, bsd/net/pktsched/pktsched_fq_codel.c `fq_if_hash_pkt`, `fq_if_destroy_flow`,
 * `fq_if_add_fcentry`, `fq_if_flow_feedback`, `fq_if_is_flow_heavy`, `fq_if_drop_packet`.
 *
 * Plain functions: all of it happens under the queue's lock, which is converted to full mode before anything is freed or
 * allocated. What blocks there lets nobody see anything that the lock guards.
 */
import { fail } from "../../../sim/index.ts";
import { PKTF_FLOW_ADV, PKTF_PRIV_GUARDED, type XnuMbuf } from "../kern/mbuf.ts";
import { m_freem } from "../kern/uipc_mbuf.ts";
import { zalloc, zfree } from "../kern/zalloc.ts";
import { nanouptime } from "../xnu.ts";
import {
  FLOWQ_ZONE,
  FQF_DELAY_HIGH,
  FQF_FLOWCTL_CAPABLE,
  FQF_FLOWCTL_ON,
  FQF_NEW_FLOW,
  FQF_OLD_FLOW,
  FQ_IF_LARGE_FLOW_BYTE_LIMIT,
  FQ_IS_DELAYHIGH,
  FQ_MIN_FC_THRESHOLD_BYTES,
  Fq,
  TARGET_QDELAY,
  UPDATE_INTERVAL,
  classAt,
  flowKey,
  fq_empty,
  fq_if_service_to_priority,
  type FqClass,
  type FqIf,
} from "./fq_codel_flow.ts";
import { IFCQ_CONVERT_LOCK, IFCQ_DEC } from "./if_classq.ts";

/** What the scheduler says of a packet (CLASSQEQ_*). */
export type Verdict = "success" | "success-fc" | "drop" | "drop-fc" | "drop-sp";

/** The flow of a packet, made when there is none; null without memory. */
function fq_if_hash_pkt(fqs: FqIf, m: XnuMbuf, now: number): Fq | null {
  const { xnu, fqs_ifq, flows } = fqs;
  const { pkt_flowid, pkt_svc } = m.m_pkthdr;
  const scidx = fq_if_service_to_priority(fqs, pkt_svc);
  const key = flowKey(pkt_flowid, scidx);
  let fq = flows.get(key) ?? null;
  if (fq === null) {
    IFCQ_CONVERT_LOCK(xnu, fqs_ifq);
    fq = zalloc(xnu, FLOWQ_ZONE, () => new Fq(fqs_ifq, pkt_flowid, scidx, now));
    if (fq !== null) {
      flows.set(key, fq);
      classAt(fqs, scidx).fcl_flows_cnt++;
    }
  }
  if (fq !== null && fq.fq_getqtime === 0) fq.fq_getqtime = now;
  return fq;
}

/** Takes a flow out of the table and frees it. It is on neither list of its class, and empty. */
export function fq_if_destroy_flow(fqs: FqIf, fq_cl: FqClass, fq: Fq): void {
  const { xnu, fqs_ifq, flows } = fqs;
  flows.delete(flowKey(fq.fq_flowhash, fq.fq_sc_index));
  fq_cl.fcl_flows_cnt--;
  IFCQ_CONVERT_LOCK(xnu, fqs_ifq);
  const listed = (fq.fq_flags.held & (FQF_NEW_FLOW | FQF_OLD_FLOW)) !== 0;
  if (!fq_empty(fq) || listed || fq.fq_bytes.held !== 0) {
    fail("Panic", "fq-destroy", "fq_destroy: flow still in use", [["flow", fq.label]]);
  }
  zfree(xnu, FLOWQ_ZONE, fq);
}

/** Takes a flow off the list of old flows, and frees it with `remove_hash`. */
export function fq_if_empty_old_flow(fqs: FqIf, fq_cl: FqClass, fq: Fq, remove_hash: boolean): void {
  fq_cl.fcl_old_flows = fq_cl.fcl_old_flows.filter((each) => each !== fq);
  fq.fq_flags.held &= ~FQF_OLD_FLOW;
  if (remove_hash) fq_if_destroy_flow(fqs, fq_cl, fq);
}

/** Takes a flow off the list of new flows, to the end of the old ones with `add_to_old`. */
export function fq_if_empty_new_flow(fq: Fq, fq_cl: FqClass, add_to_old: boolean): void {
  fq_cl.fcl_new_flows = fq_cl.fcl_new_flows.filter((each) => each !== fq);
  fq.fq_flags.held &= ~FQF_NEW_FLOW;
  if (!add_to_old) return;
  fq_cl.fcl_old_flows.push(fq);
  fq.fq_flags.held |= FQF_OLD_FLOW;
}

/** A flow that nobody dequeued from for an interval although it has bytes is late. */
function fq_detect_dequeue_stall(flowq: Fq, now: number): void {
  if (FQ_IS_DELAYHIGH(flowq) || flowq.fq_getqtime === 0 || fq_empty(flowq)) return;
  if (flowq.fq_bytes.held < FQ_MIN_FC_THRESHOLD_BYTES) return;
  if (now > flowq.fq_getqtime + UPDATE_INTERVAL) flowq.fq_flags.held |= FQF_DELAY_HIGH;
}

/** Drops the first packet of a flow. */
function fq_head_drop(fqs: FqIf, fq: Fq): void {
  const m = fq_getq_flow_internal(fqs, fq);
  if (m === null) return;
  dropped(fqs, m);
}

function dropped({ xnu, fqs_ifq }: FqIf, m: XnuMbuf): void {
  m.m_pkthdr.pkt_timestamp = 0;
  m.m_pkthdr.pkt_flags &= ~PKTF_PRIV_GUARDED;
  fqs_ifq.ifcq_dropcnt.held++;
  IFCQ_CONVERT_LOCK(xnu, fqs_ifq);
  m_freem(xnu, m);
}

/** Puts the sender of a flow on the list of those that are to wait; once. */
function fq_if_add_fcentry(fqs: FqIf, flowid: number): boolean {
  if (fqs.fqs_fclist.some(({ fce_flowid }) => fce_flowid === flowid)) return true;
  IFCQ_CONVERT_LOCK(fqs.xnu, fqs.fqs_ifq);
  if (fqs.xnu.shortage.strikes(fqs.xnu.params.zallocFails)) return false;
  fqs.fqs_fclist.push({ fce_flowid: flowid });
  return true;
}

/** The sender of a flow may go on: the advisory thread is told. */
function fq_if_flow_feedback(fqs: FqIf, fq: Fq): void {
  IFCQ_CONVERT_LOCK(fqs.xnu, fqs.fqs_ifq);
  const fce = fqs.fqs_fclist.find(({ fce_flowid }) => fce_flowid === fq.fq_flowhash);
  if (fce !== undefined) {
    fqs.fqs_fclist = fqs.fqs_fclist.filter((each) => each !== fce);
    fqs.xnu.advised.push(fce.fce_flowid);
  }
  fq.fq_flags.held &= ~FQF_FLOWCTL_ON;
}

/** Is this flow the one to lose packets next? */
function fq_if_is_flow_heavy(fqs: FqIf, fq: Fq): void {
  const { fqs_large_flow: large } = fqs;
  if (large !== null && large.fq_bytes.held < FQ_IF_LARGE_FLOW_BYTE_LIMIT) fqs.fqs_large_flow = null;
  if (fq.fq_bytes.held < FQ_IF_LARGE_FLOW_BYTE_LIMIT) return;
  const prev_fq = fqs.fqs_large_flow;
  if (prev_fq === null) {
    if (!fq_empty(fq)) fqs.fqs_large_flow = fq;
  } else if (fq.fq_bytes.held > prev_fq.fq_bytes.held) {
    fqs.fqs_large_flow = fq;
  }
}

/** Drops the first packet of the large flow. */
function fq_if_drop_packet(fqs: FqIf): void {
  const { fqs_large_flow: fq } = fqs;
  if (fq === null) return;
  const fq_cl = classAt(fqs, fq.fq_sc_index);
  const m = fq_getq_flow_internal(fqs, fq);
  if (m === null) return fail("Panic", "fq-if-drop-packet", "fq_if_drop_packet: the large flow is empty");
  IFCQ_CONVERT_LOCK(fqs.xnu, fqs.fqs_ifq);
  if (fq_empty(fq)) {
    fqs.fqs_large_flow = null;
    if ((fq.fq_flags.held & FQF_OLD_FLOW) !== 0) fq_if_empty_old_flow(fqs, fq_cl, fq, true);
    else fq_if_empty_new_flow(fq, fq_cl, true);
  }
  dropped(fqs, m);
}

/** What becomes of a packet whose flow is late. */
interface Late {
  /** It is not to be queued. */
  readonly early: boolean;
  /** Its sender is to be told to wait. */
  readonly fcAdv: boolean;
}

function lateFlow(fqs: FqIf, fq: Fq, m: XnuMbuf): Late {
  if (!FQ_IS_DELAYHIGH(fq)) return { early: false, fcAdv: false };
  const capable = (fq.fq_flags.held & FQF_FLOWCTL_CAPABLE) !== 0;
  if (capable && (m.m_pkthdr.pkt_flags & PKTF_FLOW_ADV) !== 0) return { early: !m.m_pkthdr.tcp, fcAdv: true };
  if (fq_empty(fq)) return { early: true, fcAdv: false };
  fq_head_drop(fqs, fq);
  return { early: false, fcAdv: false };
}

/** Room for one packet more, made by dropping another; false: this one has to go, and its flow too if it was made for it. */
function makeRoom(fqs: FqIf, fq_cl: FqClass, fq: Fq): boolean {
  if (fqs.fqs_ifq.ifcq_len.held < fqs.xnu.params.dropLimit) return true;
  if (fqs.fqs_large_flow === fq) {
    fq_head_drop(fqs, fq);
    return true;
  }
  if (fqs.fqs_large_flow !== null) {
    fq_if_drop_packet(fqs);
    return true;
  }
  const listed = (fq.fq_flags.held & (FQF_NEW_FLOW | FQF_OLD_FLOW)) !== 0;
  if (fq_empty(fq) && !listed) fq_if_destroy_flow(fqs, fq_cl, fq);
  return false;
}

/** Queues a packet, or says why not; it is not freed here. */
export function fq_addq(fqs: FqIf, m: XnuMbuf, fq_cl: FqClass): Verdict {
  const { m_pkthdr: header } = m;
  if ((header.pkt_flags & PKTF_PRIV_GUARDED) !== 0) {
    fail("Panic", "fq-addq-guarded", "fq_addq: packet is in a class queue already", [["mbuf", m.label]]);
  }
  header.pkt_flags |= PKTF_PRIV_GUARDED;
  if (header.pkt_timestamp === 0) header.pkt_timestamp = nanouptime(fqs.xnu);
  const now = header.pkt_timestamp;
  const fq = fq_if_hash_pkt(fqs, m, now);
  if (fq === null) {
    IFCQ_CONVERT_LOCK(fqs.xnu, fqs.fqs_ifq);
    return "drop";
  }
  fq_detect_dequeue_stall(fq, now);
  const { early, fcAdv } = lateFlow(fqs, fq, m);
  let refused = early;
  let verdict: Verdict = "success";
  if (fcAdv && fq_if_add_fcentry(fqs, header.pkt_flowid)) {
    fq.fq_flags.held |= FQF_FLOWCTL_ON;
    verdict = early ? "drop-fc" : "success-fc";
  } else if (fcAdv) {
    refused = true;
    verdict = "drop-fc";
  }
  // A verdict of `success-fc` outlives the overflow that refuses the packet after it.
  if (!refused && !makeRoom(fqs, fq_cl, fq)) refused = true;
  if (refused) {
    IFCQ_CONVERT_LOCK(fqs.xnu, fqs.fqs_ifq);
    return verdict === "success" ? "drop" : verdict;
  }
  fq.fq_mbufq.push(m);
  fq.fq_bytes.held += header.len;
  fq_cl.fcl_byte_cnt += header.len;
  fq_cl.fcl_pkt_cnt++;
  fq_if_is_flow_heavy(fqs, fq);
  if ((fq.fq_flags.held & (FQF_NEW_FLOW | FQF_OLD_FLOW)) === 0) {
    fq_cl.fcl_new_flows.push(fq);
    fq.fq_flags.held |= FQF_NEW_FLOW;
    fq.fq_deficit.held = fq_cl.fcl_quantum;
  }
  return verdict;
}

function fq_getq_flow_internal(fqs: FqIf, fq: Fq): XnuMbuf | null {
  const m = fq.fq_mbufq.shift();
  if (m === undefined) return null;
  const { len } = m.m_pkthdr;
  fq.fq_bytes.held -= len;
  const fq_cl = classAt(fqs, fq.fq_sc_index);
  fq_cl.fcl_byte_cnt -= len;
  fq_cl.fcl_pkt_cnt--;
  IFCQ_DEC(fqs.fqs_ifq, len);
  if (fq_empty(fq)) fq.fq_getqtime = 0;
  return m;
}

/** Takes the first packet of a flow and looks at how long it waited. */
export function fq_getq_flow(fqs: FqIf, fq: Fq): XnuMbuf | null {
  const m = fq_getq_flow_internal(fqs, fq);
  if (m === null) return null;
  const { m_pkthdr: header } = m;
  const now = nanouptime(fqs.xnu);
  const qdelay = Math.max(0, now - header.pkt_timestamp);
  if (fq.fq_min_qdelay === 0 || (qdelay > 0 && qdelay < fq.fq_min_qdelay)) fq.fq_min_qdelay = qdelay;
  if (now >= fq.fq_updatetime) {
    if (fq.fq_min_qdelay > TARGET_QDELAY) fq.fq_flags.held |= FQF_DELAY_HIGH;
    else fq.fq_flags.held &= ~FQF_DELAY_HIGH;
    fq.fq_updatetime = now + UPDATE_INTERVAL;
    fq.fq_min_qdelay = 0;
  }
  if (!FQ_IS_DELAYHIGH(fq) || fq_empty(fq)) {
    fq.fq_flags.held &= ~FQF_DELAY_HIGH;
    if ((fq.fq_flags.held & FQF_FLOWCTL_ON) !== 0) fq_if_flow_feedback(fqs, fq);
  }
  fq.fq_getqtime = fq_empty(fq) ? 0 : now;
  fq_if_is_flow_heavy(fqs, fq);
  header.pkt_timestamp = 0;
  header.pkt_flags &= ~PKTF_PRIV_GUARDED;
  return m;
}
