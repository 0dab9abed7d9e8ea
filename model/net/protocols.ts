/**
 * The protocols, as far as the interface layer calls them.
 *
 * Mirrors, as an environment: sys/netinet/in.c `in_control` (`SIOCDIFADDR` alone), `in_ifdetach`; sys/netinet6/in6.c
 * `in6_purgeaddr`, `in6_ifdetach`, `in6_if_up`; sys/kern/uipc_domain.c `kpfctlinput`.
 *
 * Contract: a protocol may block wherever it is called, and other threads of the CPU may run meanwhile (a data choice,
 * `Params.waitokBlocks`). It deletes an address by `ifa_ifunlink` and `ifa_destroy`, on netisr 0, and keeps no
 * reference of its own. Being told of an interface that goes, comes up, or of an address whose interface does
 * (`PRC_IFDOWN`, `PRC_IFUP`), it changes nothing that belongs to the interface layer.
 */
import type { Routine } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { mayWait } from "../kern/kern_slaballoc.ts";
import { EADDRNOTAVAIL } from "../sys/errno.ts";
import type { Ifnet } from "./if_var.ts";
import { ifa_ifunlink, ifa_destroy } from "./ifaddr/ifa_chain.ts";
import { familyOf } from "./ifaddr/ifa_ref.ts";
import type { Ifaddr } from "./ifaddr/ifaddr.ts";
import { ifaddrFirst, ifaddrNext, myAddrhead } from "./ifaddr/ifaddrhead.ts";
import { AF_INET, loadSockaddr, type Sockaddr } from "./sockaddr.ts";

/** An interface goes down, and comes up. */
export const PRC_IFDOWN = 0;
export const PRC_IFUP = 22;

/** Where `sin_addr` is. */
const SIN_ADDR = 4;
const SIN_ADDR_END = 8;

/** Deletes an address from every CPU. Context: netisr 0. Holds: nothing. Blocks: yes. */
export function* deleteAddress(k: Kernel, ifa: Ifaddr, ifp: Ifnet): Routine<void> {
  yield* ifa_ifunlink(k, ifa, ifp);
  yield* ifa_destroy(k, ifa);
}

/**
 * `in_control(SIOCDIFADDR)`: deletes the interface's first address with these four bytes; errno.
 * Context: netisr 0. Holds: nothing. Blocks: yes.
 */
export function* in_control(k: Kernel, ifra_addr: Uint8Array, ifp: Ifnet): Routine<number> {
  let ifac = ifaddrFirst(myAddrhead(k, ifp));
  for (; ifac !== null; ifac = ifaddrNext(ifac)) {
    const ifa = ifac.ifa.fixed;
    if (familyOf(k, ifa) !== AF_INET) continue;
    if (!sameAddress(yield* loadSockaddr(k, ifa.ifa_addr.fixed), ifra_addr)) continue;
    yield* mayWait(k, "in_control");
    yield* deleteAddress(k, ifa, ifp);
    return 0;
  }
  return EADDRNOTAVAIL;
}

function sameAddress(one: Uint8Array, two: Uint8Array): boolean {
  for (let i = SIN_ADDR; i < SIN_ADDR_END; i++) if (one[i] !== two[i]) return false;
  return true;
}

/** `in6_purgeaddr`: deletes this address. Context: netisr 0. Holds: nothing. Blocks: yes. */
export function* in6_purgeaddr(k: Kernel, ifa: Ifaddr, ifp: Ifnet): Routine<void> {
  yield* mayWait(k, "in6_purgeaddr");
  yield* deleteAddress(k, ifa, ifp);
}

/** INET forgets the interface. Context: thread. Holds: nothing. Blocks: yes. */
export const in_ifdetach = (k: Kernel, _ifp: Ifnet): Routine<void> => mayWait(k, "in_ifdetach");

/** INET6 forgets the interface. Context: thread. Holds: nothing. Blocks: yes. */
export const in6_ifdetach = (k: Kernel, _ifp: Ifnet): Routine<void> => mayWait(k, "in6_ifdetach");

/** INET6 is told that the interface is up. Context: netisr 0. Holds: nothing. Blocks: yes. */
export const in6_if_up = (k: Kernel, _ifp: Ifnet): Routine<void> => mayWait(k, "in6_if_up");

/** Every protocol is told what happens to an address. Context: netisr 0. Holds: nothing. Blocks: yes. */
export const kpfctlinput = (k: Kernel, _cmd: number, _sa: Sockaddr | null): Routine<void> =>
  mayWait(k, "kpfctlinput");
