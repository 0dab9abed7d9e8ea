/**
 * The schedulers of the boot argument `fq_codel=0`: classes that drop at their tail.
 *
 * Mirrors: bsd/net/pktsched/pktsched_tcq.c `tcq_enqueue_ifclassq`, `tcq_dequeue_tc_ifclassq`,
 * bsd/net/pktsched/pktsched_qfq.c `qfq_enqueue_ifclassq`, `qfq_dequeue_ifclassq`.
 * Contract: a packet joins the queue of its class unless that is at its limit. TCQ has no routine but the one that takes from a
 * class; QFQ has none but the one that takes from whichever class is next. Which class that is QFQ's weights and the lengths of
 * packets decide; here it is a data choice among the classes that have packets, the highest first: more orders than there are.
 * Left out: SFB, which these classes fall back from when it has no memory.
 */
import { LCK_MTX_ASSERT } from "../kern/locks.ts";
import { MBUF_SC_NAMES, type ServiceClass, type XnuMbuf } from "../kern/mbuf.ts";
import { ENOBUFS } from "../kern/errno.ts";
import { m_freem } from "../kern/uipc_mbuf.ts";
import type { Xnu } from "../xnu.ts";
import {
  IFCQ_CONVERT_LOCK,
  IFCQ_DEC,
  IFCQ_INC,
  PKTSCHEDT_QFQ,
  PKTSCHEDT_TCQ,
  type Discipline,
  type Enqueued,
  type Ifclassq,
} from "./if_classq.ts";

/** TCQ's classes: what the driver can ask for; the others are queued with these. */
const TCQ_CLASSES: Readonly<Record<ServiceClass, ServiceClass>> = {
  BK_SYS: "BK", BK: "BK", BE: "BE", RD: "BE", OAM: "BE", AV: "VI", RV: "VI", VI: "VI", VO: "VO", CTL: "VO",
};

interface TailIf {
  readonly xnu: Xnu;
  readonly ifq: Ifclassq;
  readonly limit: number;
  readonly classOf: (sc: ServiceClass) => ServiceClass;
  readonly classes: Map<ServiceClass, XnuMbuf[]>;
}

function tailIf(xnu: Xnu, ifq: Ifclassq, classOf: TailIf["classOf"]): TailIf {
  LCK_MTX_ASSERT(xnu, ifq.ifcq_lock);
  const classes = new Map<ServiceClass, XnuMbuf[]>(MBUF_SC_NAMES.map((sc) => [classOf(sc), []]));
  return { xnu, ifq, limit: ifq.ifcq_maxlen.held, classOf, classes };
}

/** Makes TCQ. Holds: the queue's lock. */
export function tcq_setup_ifclassq(xnu: Xnu, ifq: Ifclassq): Discipline {
  const tif = tailIf(xnu, ifq, (sc) => TCQ_CLASSES[sc]);
  return {
    ...common(tif),
    type: PKTSCHEDT_TCQ,
    dequeue: null,
    dequeueSc: (sc) => take(tif, queueOf(tif, sc)),
  };
}

/** Makes QFQ. Holds: the queue's lock. */
export function qfq_setup_ifclassq(xnu: Xnu, ifq: Ifclassq): Discipline {
  const tif = tailIf(xnu, ifq, (sc) => sc);
  return {
    ...common(tif),
    type: PKTSCHEDT_QFQ,
    dequeue: () => qfq_dequeue(tif),
    dequeueSc: null,
  };
}

function common(tif: TailIf): Omit<Discipline, "type" | "dequeue" | "dequeueSc"> {
  return {
    enqueue: (m) => enqueue(tif, m),
    dequeueMulti: null,
    dequeueScMulti: null,
    purge: () => purge(tif),
    throttle: () => undefined,
    waiting: () => [...tif.classes].flatMap(([sc, queue]) =>
      queue.map((m) => ({ sc, flow: m.m_pkthdr.pkt_flowid, m }))),
  };
}

const queueOf = ({ classes, classOf }: TailIf, sc: ServiceClass): XnuMbuf[] => classes.get(classOf(sc)) ?? [];

function enqueue(tif: TailIf, m: XnuMbuf): Enqueued {
  const { xnu, ifq, limit } = tif;
  LCK_MTX_ASSERT(xnu, ifq.ifcq_lock);
  const queue = queueOf(tif, m.m_pkthdr.pkt_svc);
  if (queue.length >= limit) {
    ifq.ifcq_dropcnt.held++;
    IFCQ_CONVERT_LOCK(xnu, ifq);
    m_freem(xnu, m);
    return { error: ENOBUFS, pdrop: true };
  }
  queue.push(m);
  IFCQ_INC(ifq, m.m_pkthdr.len);
  return { error: 0, pdrop: false };
}

function take({ xnu, ifq }: TailIf, queue: XnuMbuf[]): XnuMbuf | null {
  LCK_MTX_ASSERT(xnu, ifq.ifcq_lock);
  const m = queue.shift() ?? null;
  if (m !== null) IFCQ_DEC(ifq, m.m_pkthdr.len);
  return m;
}

function qfq_dequeue(tif: TailIf): XnuMbuf | null {
  const waiting = [...tif.classes.values()].filter((queue) => queue.length > 0).reverse();
  const queue = waiting[tif.xnu.x.draw(waiting.length)];
  return queue === undefined ? null : take(tif, queue);
}

function purge(tif: TailIf): void {
  const { xnu, ifq, classes } = tif;
  IFCQ_CONVERT_LOCK(xnu, ifq);
  for (const queue of classes.values()) {
    for (let m = take(tif, queue); m !== null; m = take(tif, queue)) {
      ifq.ifcq_dropcnt.held++;
      m_freem(xnu, m);
    }
  }
}
