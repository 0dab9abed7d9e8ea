/**
 * An interface's own address for talking to another one.
 *
 * Mirrors: sys/net/if.c (seed 001 lines 1407 to 1452).
 */
import type { Routine } from "../../../sim/index.ts";
import type { Kernel } from "../../kernel.ts";
import { IFF_POINTOPOINT, type Ifnet } from "../if_var.ts";
import {
  AF_MAX,
  SA_DATA,
  loadSockaddr,
  saByte,
  saFamily,
  sa_equal,
  type Sockaddr,
} from "../sockaddr.ts";
import { isSet } from "./ifa_ifwithaddr.ts";
import { familyOf } from "./ifa_ref.ts";
import type { Ifaddr } from "./ifaddr.ts";
import { ifaddrFirst, ifaddrNext, myAddrhead } from "./ifaddrhead.ts";

/**
 * The interface's address that matches `addr` best: the first one whose network, other end or self it is; failing
 * that, the first one of its family.
 * Context: thread; the list is that of its CPU, and what is found stays on it while the thread does not block.
 * Holds: nothing.
 * Blocks: no.
 */
export function* ifaof_ifpforaddr(k: Kernel, addr: Sockaddr, ifp: Ifnet): Routine<Ifaddr | null> {
  //@ 1417-1420
  let ifa_maybe: Ifaddr | null = null;
  const af = yield* saFamily(k, addr, "addr");
  if (af >= AF_MAX) {
    //@ 1421
    return null;
  }
  //@ 1422
  let ifac = ifaddrFirst(myAddrhead(k, ifp));
  for (; ifac !== null; ifac = ifaddrNext(ifac)) {
    //@ 1423-1425
    const ifa = ifac.ifa.fixed;
    if (familyOf(k, ifa) !== af) {
      //@ 1426
      continue;
    }
    //@ 1427
    if (ifa_maybe === null) {
      //@ 1428
      ifa_maybe = ifa;
    }
    //@ 1429
    const ifa_netmask = ifa.ifa_netmask.fixed;
    if (ifa_netmask === null) {
      //@ 1430-1432
      if (yield* isEitherEnd(k, addr, ifa)) {
        //@ 1433
        return ifa;
      }
      //@ 1434
      continue;
    }
    //@ 1436
    if (yield* isSet(ifp, IFF_POINTOPOINT)) {
      //@ 1437
      if (yield* sa_equal(k, addr, ifa.ifa_dstaddr.fixed, "addr", "ifa->ifa_dstaddr")) {
        //@ 1438
        return ifa;
      }
    } else {
      //@ 1440-1447
      if (yield* agreesUnderMask(k, addr, ifa, ifa_netmask)) {
        //@ 1448
        return ifa;
      }
    }
  }
  //@ 1451
  return ifa_maybe;
}

/** Is it the address, or the other end of its link, if it has one? */
function* isEitherEnd(k: Kernel, addr: Sockaddr, ifa: Ifaddr): Routine<boolean> {
  if (yield* sa_equal(k, addr, ifa.ifa_addr.fixed)) return true;
  return ifa.ifa_dstaddr.fixed !== null && (yield* sa_equal(k, addr, ifa.ifa_dstaddr.fixed));
}

/**
 * Are all bits that the mask covers the same? A mask that ends before its data has no place where the walk could
 * arrive at its end, so nothing agrees under it.
 */
function* agreesUnderMask(k: Kernel, addr: Sockaddr, ifa: Ifaddr, ifa_netmask: Sockaddr): Routine<boolean> {
  const ifa_addr = ifa.ifa_addr.fixed;
  const cp = yield* loadSockaddr(k, addr);
  const cp2 = yield* loadSockaddr(k, ifa_addr);
  const cp3 = yield* loadSockaddr(k, ifa_netmask);
  const cplim = saByte(k, ifa_netmask, cp3, 0);
  let at = SA_DATA;
  for (; at < cplim; at++) {
    const differ = saByte(k, addr, cp, at) ^ saByte(k, ifa_addr, cp2, at);
    if ((differ & saByte(k, ifa_netmask, cp3, at)) !== 0) break;
  }
  return at === cplim;
}
