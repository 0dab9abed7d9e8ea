/**
 * FQ-CoDel: what a dequeue takes.
 *
 * Mirrors: bsd/net/pktsched/pktsched_fq_codel.c `fq_if_dequeue`, `fq_getq_flow_mbuf`, `fq_if_dequeue_classq_multi`,
 * `fq_if_dequeue_sc_classq_multi`.
 *
 * Everything under the queue's lock, as plain functions (see classq_fq_codel.ts).
 */
import { fail } from "../../../sim/index.ts";
import { PKTF_NEW_FLOW, type ServiceClass, type XnuMbuf } from "../kern/mbuf.ts";
import { LCK_MTX_ASSERT } from "../kern/locks.ts";
import { fq_getq_flow, fq_if_empty_new_flow, fq_if_empty_old_flow } from "./classq_fq_codel.ts";
import {
  FQ_IF_CLASSQ_IDLE,
  classAt,
  classOf,
  fq_empty,
  type Fq,
  type FqClass,
  type FqIf,
} from "./fq_codel_flow.ts";
import { EMPTY_CHAIN, type Chain } from "./if_classq.ts";

/** What a pass over a class came to. `tail` is undefined when nothing was taken: C leaves its variable as it was. */
interface Pass {
  readonly top: XnuMbuf | null;
  readonly tail: XnuMbuf | undefined;
  readonly cnt: number;
  readonly len: number;
}

class PassState {
  top: XnuMbuf | null = null;
  last: XnuMbuf | undefined;
  cnt = 0;
  len = 0;
  readonly pktLimit: number;
  readonly byteLimit: number;

  constructor(pktLimit: number, byteLimit: number) {
    this.pktLimit = pktLimit;
    this.byteLimit = byteLimit;
  }
}

/** Takes from one flow while its deficit lasts; true when a cap was reached. */
function fq_getq_flow_mbuf(fqs: FqIf, fq: Fq, pass: PassState, pflags: number): boolean {
  let limit_reached = false;
  while (fq.fq_deficit.held > 0 && !limit_reached && !fq_empty(fq)) {
    const m = fq_getq_flow(fqs, fq);
    if (m === null) break;
    const plen = m.m_pkthdr.len;
    fq.fq_deficit.held -= plen;
    m.m_pkthdr.pkt_flags |= pflags;
    if (pass.last === undefined) pass.top = m;
    else pass.last.m_nextpkt = m;
    pass.last = m;
    m.m_nextpkt = null;
    pass.cnt++;
    pass.len += plen;
    limit_reached = pass.cnt >= pass.pktLimit || pass.len >= pass.byteLimit;
  }
  return limit_reached;
}

/** One pass over a class: its new flows, then its old ones. */
export function fq_if_dequeue(fqs: FqIf, fq_cl: FqClass, pktlimit: number, bytelimit: number, drvmgmt: boolean): Pass {
  const cap = drvmgmt ? bytelimit : Math.min(bytelimit, fq_cl.fcl_budget);
  if (pktlimit <= 0 || cap <= 0) fail("Panic", "fq-if-dequeue-limits", "fq_if_dequeue: nothing may be taken");
  const pass = new PassState(pktlimit, cap);
  let limit_reached = false;
  for (const fq of [...fq_cl.fcl_new_flows]) {
    limit_reached = fq_getq_flow_mbuf(fqs, fq, pass, PKTF_NEW_FLOW);
    if (fq.fq_deficit.held <= 0 || fq_empty(fq)) fq_if_empty_new_flow(fq, fq_cl, true);
    fq.fq_deficit.held += fq_cl.fcl_quantum;
    if (limit_reached) break;
  }
  const later: Fq[] = [];
  if (!limit_reached) {
    for (const fq of [...fq_cl.fcl_old_flows]) {
      limit_reached = fq_getq_flow_mbuf(fqs, fq, pass, 0);
      if (fq_empty(fq)) {
        fq_if_empty_old_flow(fqs, fq_cl, fq, true);
      } else if (fq.fq_deficit.held <= 0) {
        fq_cl.fcl_old_flows = fq_cl.fcl_old_flows.filter((each) => each !== fq);
        later.push(fq);
        fq.fq_deficit.held += fq_cl.fcl_quantum;
      }
      if (limit_reached) break;
    }
  }
  fq_cl.fcl_old_flows.push(...later);
  return { top: pass.top, tail: pass.last, cnt: pass.cnt, len: pass.len };
}

/** Lowest bit set, as an index. */
const lowest = (bits: number): number => 31 - Math.clz32(bits & -bits);

/** The next class that may be dequeued; null when no class waits. */
function nextClass(fqs: FqIf): FqClass | null {
  if (fqs.er === 0 && fqs.eb === 0) {
    fqs.eb = fqs.ib;
    fqs.ib = 0;
    if (fqs.eb === 0) return null;
  }
  if (fqs.er === 0) {
    const pri = lowest(fqs.eb);
    fqs.eb &= ~(1 << pri);
    fqs.er |= 1 << pri;
  }
  return classAt(fqs, lowest(fqs.er));
}

/** Is there a budget to spend? Adds to it first when there is none. */
function hasBudget(fq_cl: FqClass): boolean {
  if (fq_cl.fcl_budget > 0) return true;
  fq_cl.fcl_budget += Math.min(fq_cl.fcl_drr_max, fq_cl.fcl_flows_cnt) * fq_cl.fcl_quantum;
  return fq_cl.fcl_budget > 0;
}

function stateChange(fqs: FqIf, fq_cl: FqClass): void {
  const bit = 1 << fq_cl.fcl_pri;
  if (!FQ_IF_CLASSQ_IDLE(fq_cl)) {
    if (fq_cl.fcl_budget > 0) return;
    fqs.ib |= bit;
    fqs.er &= ~bit;
    return;
  }
  fqs.er &= ~bit;
  if (((fqs.eb | fqs.ib) & bit) !== 0) {
    fail("Panic", "fq-if-dequeue-bitmaps", "fq_if_dequeue_classq_multi: idle class is in a bitmap");
  }
  fq_cl.fcl_budget = 0;
}

/** Takes packets of all classes, by priority and budget. */
export function fq_if_dequeue_classq_multi(fqs: FqIf, maxpktcnt: number, maxbytecnt: number): Chain {
  LCK_MTX_ASSERT(fqs.xnu, fqs.fqs_ifq.ifcq_lock);
  let head: XnuMbuf | null = null;
  let tail: XnuMbuf | null = null;
  let cnt = 0;
  let len = 0;
  while (cnt < maxpktcnt && len < maxbytecnt) {
    const fq_cl = nextClass(fqs);
    if (fq_cl === null) break;
    if (hasBudget(fq_cl)) {
      const pass = fq_if_dequeue(fqs, fq_cl, maxpktcnt - cnt, maxbytecnt - len, false);
      if (pass.top !== null && pass.tail !== undefined) {
        if (tail === null) head = pass.top;
        else tail.m_nextpkt = pass.top;
        tail = pass.tail;
        tail.m_nextpkt = null;
        cnt += pass.cnt;
        len += pass.len;
        fq_cl.fcl_budget -= pass.len;
      }
    }
    stateChange(fqs, fq_cl);
  }
  return head === null ? EMPTY_CHAIN : { head, tail, cnt, len };
}

/**
 * Takes packets of one class, whatever the others have. A pass that takes nothing (all flows in debt) leaves C's `tail`
 * unwritten, and `last` becomes that; whoever uses it afterwards reads a variable that nothing was stored in.
 */
export function fq_if_dequeue_sc_classq_multi(fqs: FqIf, svc: ServiceClass, maxpktcnt: number, maxbytecnt: number): Chain {
  const fq_cl = classOf(fqs, svc);
  let first: XnuMbuf | null = null;
  let last: XnuMbuf | undefined;
  let cnt = 0;
  let len = 0;
  while (cnt < maxpktcnt && len < maxbytecnt && fq_cl.fcl_pkt_cnt > 0) {
    const pass = fq_if_dequeue(fqs, fq_cl, maxpktcnt - cnt, maxbytecnt - len, true);
    if (first === null) {
      first = pass.top;
      cnt = pass.cnt;
      len = pass.len;
    } else {
      written(last).m_nextpkt = pass.top;
      cnt += pass.cnt;
      len += pass.len;
    }
    last = pass.tail;
  }
  return first === null ? EMPTY_CHAIN : { head: first, tail: written(last), cnt, len };
}

function written(last: XnuMbuf | undefined): XnuMbuf {
  if (last !== undefined) return last;
  return fail("Memory", "uninitialised-read", "fq_if_dequeue_sc_classq_multi tail read before it was written");
}
