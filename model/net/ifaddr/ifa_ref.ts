/**
 * Birth, references and death of an interface address.
 *
 * Mirrors: sys/net/if.c (seed 001 lines 3111 to 3165 and 3611 to 3625); sys/net/if_var.h `IFAREF`, `IFAFREE`,
 * `ASSERT_IFAC_VALID`.
 *
 * References are counted per CPU: one that was taken on a CPU is dropped on it. Creation takes one on every CPU, and
 * `ifa_destroy` drops it there. The memory goes when the last container has lost its last reference, on whichever CPU.
 */
import type { Routine } from "../../../sim/index.ts";
import { deref, outOfBounds } from "../../fault.ts";
import type { Kernel } from "../../kernel.ts";
import { mycpu, mycpuid } from "../../kern/globaldata.ts";
import { kfree, kmalloc, kmallocNowait, kmalloc_cachealign } from "../../kern/kern_slaballoc.ts";
import { crit_enter, crit_exit } from "../../kern/thread2.ts";
import { KASSERT, KKASSERT } from "../../panic.ts";
import { M_IFADDR, M_WAITOK, M_ZERO } from "../../sys/malloc.ts";
import type { Ifnet } from "../if_var.ts";
import {
  IFADDR_SIZE,
  IFA_CONTAINER_DEAD,
  IFA_CONTAINER_MAGIC,
  Ifaddr,
  IfaddrContainers,
  IfaddrMarker,
  type IfaddrContainer,
} from "./ifaddr.ts";

/** The containers of an address; following the null pointer ends the run. Context: any. */
const containersOf = (k: Kernel, ifa: Ifaddr): readonly IfaddrContainer[] =>
  deref(k, ifa.ifa_containers.fixed, "ifa_containers").containers;

/** `&ifa->ifa_containers[mycpuid]`. Context: any, on a CPU. */
export const myContainer = (k: Kernel, ifa: Ifaddr): IfaddrContainer =>
  containersOf(k, ifa)[mycpuid(k)] as IfaddrContainer; // one per CPU

/** The container is in use and referenced. Context: the CPU of the container, in a critical section. */
export function ASSERT_IFAC_VALID(k: Kernel, ifac: IfaddrContainer): void {
  KKASSERT(k, ifac.ifa_magic.mine === IFA_CONTAINER_MAGIC, "ifac->ifa_magic == IFA_CONTAINER_MAGIC");
  KKASSERT(k, ifac.ifa_refcnt.mine > 0, "ifac->ifa_refcnt > 0");
}

/**
 * A new address with one reference on every CPU, or null where `flags` has no `M_WAITOK` and there is no memory.
 * `size` are the bytes of the address and the sockaddrs behind it. The containers are waited for in any case.
 * DEVIATES: takes the name that reports call the address by. The count of containers, and their magic, address and
 * reference are in them when they are made: nobody sees them before the routine returns.
 * Context: thread.
 * Holds: nothing.
 * Blocks: yes, for memory.
 */
export function* ifa_create(
  k: Kernel,
  size: number,
  flags: number,
  label: string,
): Routine<Ifaddr | null> {
  //@ 3117-3120
  KASSERT(k, size >= IFADDR_SIZE, "ifaddr size too small");

  const build = (): Ifaddr => new Ifaddr(k, label, k.params.ncpus);
  const waits = (flags & M_WAITOK) !== 0;
  const ifa = waits
    ? yield* kmalloc(k, M_IFADDR, flags | M_ZERO, build)
    : kmallocNowait(k, M_IFADDR, flags | M_ZERO, build);
  if (ifa === null) {
    //@ 3121
    return null;
  }

  //@ 3123-3137
  const build_containers = (): IfaddrContainers => new IfaddrContainers(ifa);
  ifa.ifa_containers.fixed = yield* kmalloc_cachealign(k, M_IFADDR, M_WAITOK | M_ZERO, build_containers);
  return ifa;
}

/**
 * The last reference of a container is gone; the last container takes the address with it.
 * Context: the CPU of the container, in a critical section.
 * Holds: a critical section.
 * Blocks: no.
 */
function* ifac_free(k: Kernel, ifac: IfaddrContainer, _cpu_id: number): Routine<void> {
  //@ 3143-3158
  const ifa = ifac.ifa.fixed;

  KKASSERT(k, ifac.ifa_magic.mine === IFA_CONTAINER_MAGIC, "ifac->ifa_magic == IFA_CONTAINER_MAGIC");
  KKASSERT(k, ifac.ifa_refcnt.mine === 0, "ifac->ifa_refcnt == 0");
  const listmask = ifac.ifa_listmask.mine;
  KASSERT(k, listmask === 0, `ifa is still on 0x${listmask.toString(16)} lists`);

  ifac.ifa_magic.mine = IFA_CONTAINER_DEAD;

  const ncnt = yield* ifa.ifa_ncnt.load();
  KASSERT(k, ncnt > 0 && ncnt <= k.params.ncpus, `invalid # of ifac, ${ncnt}`);
  if ((yield* ifa.ifa_ncnt.add(-1)) === 1) {
    //@ 3162-3163
    k.onBranch?.("ifaddr: the last container takes it along");
    yield* kfree(k, ifa.ifa_containers.fixed, M_IFADDR);
    yield* kfree(k, ifa, M_IFADDR);
  } else {
    k.onBranch?.("ifaddr: a container dies before the others");
  }
}

/**
 * Takes a reference of this CPU.
 * Context: any, on a CPU.
 * Holds: a reference of this CPU, or what keeps the address on this CPU's list.
 * Blocks: no.
 */
export function* IFAREF(k: Kernel, ifa: Ifaddr): Routine<void> {
  const ifac = myContainer(k, ifa);

  yield* crit_enter(k);
  ASSERT_IFAC_VALID(k, ifac);
  ifac.ifa_refcnt.mine += 1;
  yield* crit_exit(k);
}

/**
 * Drops a reference that was taken on this CPU; the caller must not touch the address afterwards.
 * Context: any, on a CPU.
 * Holds: the reference.
 * Blocks: no.
 */
export function* IFAFREE(k: Kernel, ifa: Ifaddr): Routine<void> {
  const ifac = myContainer(k, ifa);

  yield* crit_enter(k);
  ASSERT_IFAC_VALID(k, ifac);
  ifac.ifa_refcnt.mine -= 1;
  if (ifac.ifa_refcnt.mine === 0) yield* ifac_free(k, ifac, mycpuid(k));
  yield* crit_exit(k);
}

/**
 * An entry for this CPU's list of the interface that walkers ignore; it lives as long as the routine that asks for it,
 * which says so with `leaveFrame`.
 * DEVIATES: makes the marker; in C the caller declares it on its stack.
 * Context: thread.
 * Holds: nothing.
 * Blocks: no.
 */
export function ifa_marker_init(k: Kernel, ifp: Ifnet): IfaddrMarker {
  //@ 3616-3624
  const mark = new IfaddrMarker(k, `marker on ${ifp.label}`, mycpu(k).cpu);
  const { ifa } = mark;
  ifa.ifa_addr.fixed = mark.addr;
  ifa.ifa_dstaddr.fixed = mark.dstaddr;
  ifa.ifa_netmask.fixed = mark.netmask;
  ifa.ifa_ifp.fixed = ifp;
  return mark;
}

/** `ifa->ifa_addr->sa_family`: the family of an address never changes. Not a point. Context: any. */
export function familyOf(k: Kernel, ifa: Ifaddr): number {
  const { sa_bytes } = deref(k, ifa.ifa_addr.fixed, "ifa->ifa_addr");
  const bytes = "fixed" in sa_bytes ? sa_bytes.fixed : (sa_bytes.perform(0, undefined, undefined) as Uint8Array);
  return bytes[1] ?? outOfBounds(k, ifa.label, 1, bytes.length);
}
