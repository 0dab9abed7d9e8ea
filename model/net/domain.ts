/**
 * Protocol domains, as far as an interface carries something for them.
 *
 * Mirrors: sys/net/if.c (seed 001 lines 697 to 724 and 988 to 991): `if_attachdomain`, `if_attachdomain1`; sys/sys/domain.h
 * `struct domain`; as an environment, sys/netinet6/in6.c `in6_domifattach`, `in6_domifdetach`.
 *
 * Contract: of the domains only INET6 keeps something for an interface, one allocation that it makes in
 * `dom_ifattach` (which may wait for memory) and frees in `dom_ifdetach`.
 */
import { Struct, type Routine } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { kfree, kmalloc } from "../kern/kern_slaballoc.ts";
import { crit_enter, crit_exit } from "../kern/thread2.ts";
import { M_IFADDR, M_WAITOK, M_ZERO } from "../sys/malloc.ts";
import { ifnet_lock, ifnet_unlock } from "./if_lock.ts";
import type { Ifnet } from "./if_var.ts";
import { AF_INET, AF_INET6, AF_MAX } from "./sockaddr.ts";

/** What a domain hangs on an interface. */
export type Afdata = readonly (Struct | null)[];

/** `struct domain`, of which two hooks. */
export interface Domain {
  readonly dom_family: number;
  readonly dom_ifattach: ((k: Kernel, ifp: Ifnet) => Routine<Struct>) | null;
  readonly dom_ifdetach: ((k: Kernel, ifp: Ifnet, data: Struct) => Routine<void>) | null;
}

/** Nothing of any domain. */
export const NO_AFDATA: Afdata = Array.from({ length: AF_MAX }, () => null);

/** `struct in6_ifextra`. */
function* in6_domifattach(k: Kernel, ifp: Ifnet): Routine<Struct> {
  return yield* kmalloc(k, M_IFADDR, M_WAITOK | M_ZERO, () => new Struct(k.x, `${ifp.label} in6_ifextra`));
}

function* in6_domifdetach(k: Kernel, _ifp: Ifnet, data: Struct): Routine<void> {
  yield* kfree(k, data, M_IFADDR);
}

/** The domains of a kernel with INET and INET6, known once the protocols are initialised. */
export const DOMAINS: readonly Domain[] = [
  { dom_family: AF_INET6, dom_ifattach: in6_domifattach, dom_ifdetach: in6_domifdetach },
  { dom_family: AF_INET, dom_ifattach: null, dom_ifdetach: null },
];

/**
 * Gives every interface that the drivers have attached what the domains hang on it.
 * Context: boot, once the domains are there.
 * Holds: nothing.
 * Blocks: yes, for the ifnet lock and memory.
 */
export function* if_attachdomain(k: Kernel): Routine<void> {
  //@ 702-703
  yield* ifnet_lock(k);
  for (let ifp = k.net.ifnetlist.tqh_first.held; ifp !== null; ifp = ifp.if_link_next.held) {
    //@ 704
    yield* if_attachdomain1(k, ifp);
  }
  //@ 705
  yield* ifnet_unlock(k);
}

/**
 * Gives an interface what the domains hang on it.
 * Context: thread.
 * Holds: nothing.
 * Blocks: yes, for memory, inside a critical section.
 */
export function* if_attachdomain1(k: Kernel, ifp: Ifnet): Routine<void> {
  //@ 715-718
  yield* crit_enter(k);

  // Address family dependent data region.
  yield* ifp.if_afdata.store(NO_AFDATA);
  for (const dp of k.net.domains) {
    //@ 719-720
    const { dom_family, dom_ifattach } = dp;
    if (dom_ifattach !== null) {
      //@ 721-722
      const data = yield* dom_ifattach(k, ifp);
      yield* ifp.if_afdata.store((yield* ifp.if_afdata.load()).with(dom_family, data));
    }
  }
  //@ 723
  yield* crit_exit(k);
}

/**
 * Has the domains take back what they hung on an interface.
 * Context: thread, at detach.
 * Holds: nothing.
 * Blocks: no.
 */
export function* detachDomains(k: Kernel, ifp: Ifnet): Routine<void> {
  for (const { dom_family, dom_ifdetach } of k.net.domains) {
    //@ 989
    if (dom_ifdetach === null) continue;
    const data = (yield* ifp.if_afdata.load())[dom_family] ?? null;
    if (data === null) continue;
    //@ 990-991
    yield* dom_ifdetach(k, ifp, data);
  }
}
