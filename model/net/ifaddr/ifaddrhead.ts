/**
 * The addresses of an interface, as one CPU knows them.
 *
 * Mirrors: sys/net/if_var.h `struct ifaddrhead`, and the TAILQ operations on it (`ifa_link`).
 *
 * The list of a CPU is changed by that CPU's ifnet thread and, for markers, by whatever thread of the CPU walks it;
 * it is read by threads of that CPU. Without a lock: threads of one CPU take turns where they block, and nowhere
 * else. An element that was removed keeps its own links, as in C: a walker that still points at it goes on from there.
 */
import { Struct, cpuThreads, type CpuThreads, type Grave, type Processor } from "../../../sim/index.ts";
import type { Kernel } from "../../kernel.ts";
import { mycpuid } from "../../kern/globaldata.ts";
import type { Ifnet } from "../if_var.ts";
import type { IfaddrContainer } from "./ifaddr.ts";

/** `struct ifaddrhead`. */
export class Ifaddrhead extends Struct {
  readonly tqh_first: CpuThreads<IfaddrContainer | null>;
  readonly tqh_last: CpuThreads<IfaddrContainer | null>;

  constructor(k: Kernel, label: string, cpu: Processor) {
    super(k.x, label);
    this.tqh_first = cpuThreads<IfaddrContainer | null>(this, cpu, null);
    this.tqh_last = cpuThreads<IfaddrContainer | null>(this, cpu, null);
  }
}

/** The allocation behind `if_addrheads`: one list per CPU, empty. */
export class IfaddrheadBlock extends Struct {
  readonly heads: readonly Ifaddrhead[];

  constructor(k: Kernel, label: string) {
    super(k.x, label);
    this.heads = k.x.cpus.map((cpu) => new Ifaddrhead(k, `${label}[${cpu.id}]`, cpu));
  }

  override bury(grave: Grave): void {
    super.bury(grave);
    for (const head of this.heads) head.bury(grave);
  }
}

/** `ifp->if_addrheads[mycpuid]`. */
export const myAddrhead = (k: Kernel, ifp: Ifnet): Ifaddrhead =>
  ifp.if_addrheads.fixed.heads[mycpuid(k)] as Ifaddrhead; // one per CPU

/** `TAILQ_FIRST`. Context: thread of the CPU. */
export const ifaddrFirst = (head: Ifaddrhead): IfaddrContainer | null => head.tqh_first.here;

/** `TAILQ_NEXT(ifac, ifa_link)`. Context: thread of the CPU. */
export const ifaddrNext = (ifac: IfaddrContainer): IfaddrContainer | null => ifac.ifa_link_next.here;

/** `TAILQ_INSERT_HEAD(head, ifac, ifa_link)`. Context: thread of the CPU. */
export function ifaddrInsertHead(head: Ifaddrhead, ifac: IfaddrContainer): void {
  const first = head.tqh_first.here;
  ifac.ifa_link_next.here = first;
  ifac.ifa_link_prev.here = null;
  if (first === null) head.tqh_last.here = ifac;
  else first.ifa_link_prev.here = ifac;
  head.tqh_first.here = ifac;
}

/** `TAILQ_INSERT_TAIL(head, ifac, ifa_link)`. Context: thread of the CPU. */
export function ifaddrInsertTail(head: Ifaddrhead, ifac: IfaddrContainer): void {
  const last = head.tqh_last.here;
  ifac.ifa_link_next.here = null;
  ifac.ifa_link_prev.here = last;
  head.tqh_last.here = ifac;
  if (last === null) head.tqh_first.here = ifac;
  else last.ifa_link_next.here = ifac;
}

/** `TAILQ_INSERT_AFTER(head, after, ifac, ifa_link)`. Context: thread of the CPU. */
export function ifaddrInsertAfter(head: Ifaddrhead, after: IfaddrContainer, ifac: IfaddrContainer): void {
  const next = after.ifa_link_next.here;
  ifac.ifa_link_next.here = next;
  ifac.ifa_link_prev.here = after;
  if (next === null) head.tqh_last.here = ifac;
  else next.ifa_link_prev.here = ifac;
  after.ifa_link_next.here = ifac;
}

/** `TAILQ_REMOVE(head, ifac, ifa_link)`. Context: thread of the CPU. */
export function ifaddrRemove(head: Ifaddrhead, ifac: IfaddrContainer): void {
  const next = ifac.ifa_link_next.here;
  const prev = ifac.ifa_link_prev.here;
  if (next === null) head.tqh_last.here = prev;
  else next.ifa_link_prev.here = prev;
  if (prev === null) head.tqh_first.here = next;
  else prev.ifa_link_next.here = next;
}
