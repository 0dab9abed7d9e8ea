/**
 * Read-only views for properties and reports: what the structures say, without points and without checks.
 */
import type { Kernel } from "../kernel.ts";
import { MSGF_DONE } from "../kern/lwkt_msgport.ts";
import type { Mbuf } from "../sys/mbuf.ts";
import type { IfaltqSubque, IfsubqStage } from "./altq/if_altq.ts";
import type { Ifnet } from "./if_var.ts";

/** Interfaces on the interface list, in order of attachment. */
export function interfaces(k: Kernel): readonly Ifnet[] {
  const all: Ifnet[] = [];
  for (let ifp = k.net.ifnetlist.tqh_first.peek(); ifp !== null; ifp = ifp.if_link_next.peek()) {
    all.push(ifp);
  }
  return all;
}

/** Subqueues of an interface. */
export const subqueues = (ifp: Ifnet): readonly IfaltqSubque[] => ifp.if_snd.altq_subq.peek().subq;

/** Packets of a subqueue. */
export interface QueuedPackets {
  readonly prepended: Mbuf | null;
  readonly prio: readonly Mbuf[];
  readonly norm: readonly Mbuf[];
}

export const queuedPackets = (ifsq: IfaltqSubque): QueuedPackets => ({
  prepended: ifsq.ifsq_prepended.peek(),
  prio: lane(ifsq.ifsq_prio_head.peek()),
  norm: lane(ifsq.ifsq_norm_head.peek()),
});

function lane(head: Mbuf | null): readonly Mbuf[] {
  const all: Mbuf[] = [];
  for (let m = head; m !== null; m = m.m_nextpkt) all.push(m);
  return all;
}

/** Stages on the list of a CPU, in order. */
export function stagesOn(k: Kernel, cpu: number): readonly IfsubqStage[] {
  const all: IfsubqStage[] = [];
  let stage = k.net.ifsubq_stage_heads[cpu]?.stg_first.peek() ?? null;
  for (; stage !== null; stage = stage.stg_next.peek()) all.push(stage);
  return all;
}

/** CPUs whose `if_start` message for the subqueue has been sent and not replied to. */
export function ifstartMessagesPending(ifsq: IfaltqSubque): readonly number[] {
  const pending: number[] = [];
  ifsq.ifsq_ifstart_nmsg.peek().msgs.forEach((msg, cpu) => {
    if ((msg.ms_flags.peek() & MSGF_DONE) === 0) pending.push(cpu);
  });
  return pending;
}

/** A statistic summed over all CPUs. */
export function statTotal(ifp: Ifnet, name: "obytes" | "omcasts" | "opackets" | "oerrors"): number {
  let sum = 0;
  for (const data of ifp.if_data_pcpu.peek().pcpu) sum += data[`ifd_${name}`].peek();
  return sum;
}
