/**
 * FQ-CoDel: which class and which flow is next.
 *
 * Mirrors: bsd/net/pktsched/pktsched_fq_codel.c `fq_if_setup_ifclassq`, `fq_if_enqueue_classq`, `fq_if_dequeue_classq`,
 * `fq_if_dequeue_sc_classq`, `fq_if_purge`, `fq_if_throttle`.
 * Left out: `fq_if_request_classq` for statistics, and for the purge of one flow.
 *
 * Everything under the queue's lock, as plain functions (see classq_fq_codel.ts).
 */
import { fail } from "../../../sim/index.ts";
import type { ServiceClass, XnuMbuf } from "../kern/mbuf.ts";
import { LCK_MTX_ASSERT } from "../kern/locks.ts";
import { m_freem } from "../kern/uipc_mbuf.ts";
import { ENOBUFS, EQFULL, EQSUSPENDED } from "../kern/errno.ts";
import type { Xnu } from "../xnu.ts";
import { fq_addq, fq_getq_flow, fq_if_destroy_flow, fq_if_empty_new_flow, fq_if_empty_old_flow } from "./classq_fq_codel.ts";
import { fq_if_dequeue, fq_if_dequeue_classq_multi, fq_if_dequeue_sc_classq_multi } from "./pktsched_fq_dequeue.ts";
import {
  FQF_NEW_FLOW,
  FQF_OLD_FLOW,
  FQ_IF_CLASSQ_IDLE,
  classAt,
  classOf,
  fq_if_service_to_priority,
  type Fq,
  type FqClass,
  type FqIf,
} from "./fq_codel_flow.ts";
import {
  CLASSQ_DEQUEUE_MAX_BYTE_LIMIT,
  IFCQ_CONVERT_LOCK,
  IFCQ_INC,
  PKTSCHEDT_FQ_CODEL,
  type Discipline,
  type Enqueued,
  type Ifclassq,
} from "./if_classq.ts";

/** Quantum and rounds of a class, by service class. */
const CLASSES: readonly (readonly [sc: ServiceClass, quantum: number, drrMax: number])[] = [
  ["BK_SYS", 1500, 2], ["BK", 1500, 2], ["BE", 1500, 4], ["RD", 1500, 4], ["OAM", 1500, 4],
  ["AV", 3000, 6], ["RV", 3000, 6], ["VI", 3000, 6], ["VO", 600, 8], ["CTL", 600, 8],
];
const MANAGED: ReadonlySet<ServiceClass> = new Set<ServiceClass>(["BK", "BE", "VI", "VO"]);

/** Makes the scheduler of a queue. Holds: the queue's lock. */
export function fq_if_setup_ifclassq(xnu: Xnu, ifq: Ifclassq, driverManaged: boolean): Discipline {
  LCK_MTX_ASSERT(xnu, ifq.ifcq_lock);
  const fqs: FqIf = {
    xnu, fqs_ifq: ifq, driverManaged, fqs_classq: new Array<FqClass | null>(10).fill(null),
    er: 0, eb: 0, ib: 0, flows: new Map(), fqs_fclist: [], fqs_large_flow: null, fqs_throttle: false,
  };
  for (const [sc, quantum, drrMax] of CLASSES) {
    if (driverManaged && !MANAGED.has(sc)) continue;
    const pri = fq_if_service_to_priority({ driverManaged: false }, sc);
    fqs.fqs_classq[pri] = {
      fcl_pri: pri, fcl_quantum: quantum, fcl_drr_max: drrMax, fcl_service_class: sc, fcl_budget: 0,
      fcl_new_flows: [], fcl_old_flows: [], fcl_pkt_cnt: 0, fcl_byte_cnt: 0, fcl_flows_cnt: 0,
    };
  }
  return {
    type: PKTSCHEDT_FQ_CODEL,
    enqueue: (m) => fq_if_enqueue_classq(fqs, m),
    dequeue: () => fq_if_dequeue_classq_multi(fqs, 1, CLASSQ_DEQUEUE_MAX_BYTE_LIMIT).head,
    dequeueSc: (sc) => fq_if_dequeue(fqs, classOf(fqs, sc), 1, CLASSQ_DEQUEUE_MAX_BYTE_LIMIT, true).top,
    dequeueMulti: (pktLimit, byteLimit) => fq_if_dequeue_classq_multi(fqs, pktLimit, byteLimit),
    dequeueScMulti: (sc, pktLimit, byteLimit) => fq_if_dequeue_sc_classq_multi(fqs, sc, pktLimit, byteLimit),
    purge: () => fq_if_purge(fqs),
    throttle: (on) => fq_if_throttle(fqs, on),
    waiting: () => [...fqs.flows.values()].flatMap((fq) =>
      fq.fq_mbufq.map((m) => ({ sc: classAt(fqs, fq.fq_sc_index).fcl_service_class, flow: fq.fq_flowhash, m }))),
  };
}

function fq_if_enqueue_classq(fqs: FqIf, m: XnuMbuf): Enqueued {
  const { xnu, fqs_ifq } = fqs;
  LCK_MTX_ASSERT(xnu, fqs_ifq.ifcq_lock);
  const { pkt_svc: svc, len } = m.m_pkthdr;
  const fq_cl = classOf(fqs, svc);
  if (svc === "BK_SYS" && fqs.fqs_throttle) {
    IFCQ_CONVERT_LOCK(xnu, fqs_ifq);
    m_freem(xnu, m);
    return { error: EQSUSPENDED, pdrop: true };
  }
  const verdict = fq_addq(fqs, m, fq_cl);
  const bit = 1 << fq_cl.fcl_pri;
  if (!fqs.driverManaged && !FQ_IF_CLASSQ_IDLE(fq_cl) && ((fqs.er | fqs.eb) & bit) === 0) fqs.ib |= bit;
  if (verdict !== "success" && verdict !== "success-fc") {
    m_freem(xnu, m);
    if (verdict === "drop") return { error: ENOBUFS, pdrop: true };
    return { error: verdict === "drop-fc" ? EQFULL : EQSUSPENDED, pdrop: true };
  }
  IFCQ_INC(fqs_ifq, len);
  return { error: verdict === "success-fc" ? EQFULL : 0, pdrop: false };
}

function fq_if_purge_flow(fqs: FqIf, fq_cl: FqClass, fq: Fq): void {
  const { xnu, fqs_ifq } = fqs;
  for (let m = fq_getq_flow(fqs, fq); m !== null; m = fq_getq_flow(fqs, fq)) {
    fqs_ifq.ifcq_dropcnt.held++;
    m_freem(xnu, m);
  }
  if ((fq.fq_flags.held & FQF_NEW_FLOW) !== 0) fq_if_empty_new_flow(fq, fq_cl, false);
  else if ((fq.fq_flags.held & FQF_OLD_FLOW) !== 0) fq_if_empty_old_flow(fqs, fq_cl, fq, false);
  fq_if_destroy_flow(fqs, fq_cl, fq);
  if (!FQ_IF_CLASSQ_IDLE(fq_cl)) return;
  const bit = 1 << fq_cl.fcl_pri;
  fqs.er &= ~bit;
  fqs.eb &= ~bit;
  fqs.ib &= ~bit;
}

function fq_if_purge_classq(fqs: FqIf, fq_cl: FqClass): void {
  for (const fq of [...fq_cl.fcl_new_flows]) fq_if_purge_flow(fqs, fq_cl, fq);
  for (const fq of [...fq_cl.fcl_old_flows]) fq_if_purge_flow(fqs, fq_cl, fq);
  fq_cl.fcl_budget = 0;
}

function fq_if_purge(fqs: FqIf): void {
  const { xnu, fqs_ifq } = fqs;
  IFCQ_CONVERT_LOCK(xnu, fqs_ifq);
  for (const fq_cl of fqs.fqs_classq) if (fq_cl !== null) fq_if_purge_classq(fqs, fq_cl);
  if (fqs.fqs_fclist.length > 0 || fqs.flows.size > 0) {
    fail("Panic", "fq-if-purge", "fq_if_purge: flows or entries are left", [
      ["entries", fqs.fqs_fclist.map(({ fce_flowid }) => String(fce_flowid)).join(" ")],
      ["flows", [...fqs.flows.values()].map(({ label }) => label).join(", ")],
    ]);
  }
  fqs.fqs_large_flow = null;
  fqs.er = 0;
  fqs.eb = 0;
  fqs.ib = 0;
  fqs_ifq.ifcq_len.held = 0;
  fqs_ifq.ifcq_bytes.held = 0;
}

/** Holds the background class of the system back, and drops what waits in it; or lets it go on. */
function fq_if_throttle(fqs: FqIf, on: boolean): void {
  if (on === fqs.fqs_throttle) return;
  if (on) {
    IFCQ_CONVERT_LOCK(fqs.xnu, fqs.fqs_ifq);
    fq_if_purge_classq(fqs, classOf(fqs, "BK_SYS"));
  }
  fqs.fqs_throttle = on;
}
