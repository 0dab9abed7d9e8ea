/**
 * Flow queues of FQ-CoDel, and what the scheduler keeps of its classes.
 *
 * Mirrors: bsd/net/classq/classq_fq_codel.h `struct flowq`, bsd/net/pktsched/pktsched_fq_codel.h `fq_if_t`,
 * `fq_if_classq_t`.
 * Left out: statistics that nothing reads; the buckets of the flow table, whose elements a flow and a class tell apart.
 */
import { Struct, guardedBy } from "../../../sim/index.ts";
import type { ServiceClass, XnuMbuf } from "../kern/mbuf.ts";
import type { Xnu } from "../xnu.ts";
import type { Ifclassq } from "./if_classq.ts";

export const FQF_FLOWCTL_CAPABLE = 0x01;
export const FQF_FLOWCTL_ON = 0x02;
export const FQF_DELAY_HIGH = 0x04;
export const FQF_NEW_FLOW = 0x08;
export const FQF_OLD_FLOW = 0x10;

/** Less than this is no sign of a stall. Bytes. */
export const FQ_MIN_FC_THRESHOLD_BYTES = 7500;
/** A flow with less is not large. Bytes. */
export const FQ_IF_LARGE_FLOW_BYTE_LIMIT = 15_000;
/** Delay that a flow should keep below, and how often it is looked at. ns. */
export const TARGET_QDELAY = 10_000_000;
export const UPDATE_INTERVAL = 100_000_000;

/** `FLOWQ_ZONE`. */
export const FLOWQ_ZONE = "flowq_zone";

/** `struct flowq`. */
export class Fq extends Struct {
  readonly fq_flowhash: number;
  readonly fq_sc_index: number;
  readonly fq_flags;
  readonly fq_bytes;
  /** May be negative. Bytes. */
  readonly fq_deficit;
  readonly fq_mbufq: XnuMbuf[] = [];
  fq_min_qdelay = 0;
  fq_updatetime: number;
  /** When it was last dequeued from; 0: it is idle. */
  fq_getqtime = 0;

  constructor(ifq: Ifclassq, flowid: number, scidx: number, now: number) {
    super(ifq.x, `flow ${String(flowid)} class ${String(scidx)}`);
    this.fq_flowhash = flowid;
    this.fq_sc_index = scidx;
    this.fq_updatetime = now + UPDATE_INTERVAL;
    this.fq_flags = guardedBy(this, ifq.ifcq_lock, FQF_FLOWCTL_CAPABLE);
    this.fq_bytes = guardedBy(this, ifq.ifcq_lock, 0);
    this.fq_deficit = guardedBy(this, ifq.ifcq_lock, 0);
  }
}

/** No packet waits in the flow. */
export const fq_empty = (fq: Fq): boolean => fq.fq_mbufq.length === 0;

export const FQ_IS_DELAYHIGH = (fq: Fq): boolean => (fq.fq_flags.held & FQF_DELAY_HIGH) !== 0;

/** `fq_if_classq_t`: a service class. */
export interface FqClass {
  readonly fcl_pri: number;
  readonly fcl_quantum: number;
  readonly fcl_drr_max: number;
  readonly fcl_service_class: ServiceClass;
  /** May be negative. Bytes. */
  fcl_budget: number;
  fcl_new_flows: Fq[];
  fcl_old_flows: Fq[];
  fcl_pkt_cnt: number;
  fcl_byte_cnt: number;
  fcl_flows_cnt: number;
}

export const FQ_IF_CLASSQ_IDLE = ({ fcl_new_flows, fcl_old_flows }: FqClass): boolean =>
  fcl_new_flows.length === 0 && fcl_old_flows.length === 0;

/** A flow whose sender was told to wait (`struct flowadv_fcentry`). */
export interface FlowEntry {
  readonly fce_flowid: number;
}

/** `fq_if_t`: one scheduler. Everything under the queue's lock. */
export interface FqIf {
  readonly xnu: Xnu;
  readonly fqs_ifq: Ifclassq;
  /** FQS_DRIVER_MANAGED: made while the driver managed the classes, of which it has four then. */
  readonly driverManaged: boolean;
  readonly fqs_classq: (FqClass | null)[];
  /** Classes that may be dequeued (ER), that are next (EB), that wait for their turn (IB): bits by priority. */
  er: number;
  eb: number;
  ib: number;
  readonly flows: Map<string, Fq>;
  fqs_fclist: FlowEntry[];
  fqs_large_flow: Fq | null;
  /** The background class of the system is held back. */
  fqs_throttle: boolean;
}

/** Priority by service class; lower is better. */
const PRIORITY: Readonly<Record<ServiceClass, number>> = {
  CTL: 0, VO: 1, VI: 2, RV: 3, AV: 4, OAM: 5, RD: 6, BE: 7, BK: 8, BK_SYS: 9,
};

const MANAGED: Readonly<Record<ServiceClass, ServiceClass>> = {
  CTL: "VO", VO: "VO", VI: "VI", RV: "VI", AV: "VI", OAM: "BE", RD: "BE", BE: "BE", BK: "BK", BK_SYS: "BK",
};

/** The class that packets of a service class are queued in, by priority. */
export const fq_if_service_to_priority = ({ driverManaged }: Pick<FqIf, "driverManaged">, svc: ServiceClass): number =>
  PRIORITY[driverManaged ? MANAGED[svc] : svc];

/** The class of a priority; every priority that {@link fq_if_service_to_priority} answers has one. */
export function classAt({ fqs_classq }: FqIf, pri: number): FqClass {
  const found = fqs_classq[pri];
  if (found === null || found === undefined) throw new RangeError(`no class of priority ${String(pri)}`);
  return found;
}

/** The class that a service class is queued in. */
export const classOf = (fqs: FqIf, sc: ServiceClass): FqClass => classAt(fqs, fq_if_service_to_priority(fqs, sc));

/** The key of a flow in the table. */
export const flowKey = (flowid: number, scidx: number): string => `${String(flowid)} ${String(scidx)}`;
