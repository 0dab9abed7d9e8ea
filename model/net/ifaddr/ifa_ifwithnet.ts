/**
 * Interfaces' addresses by the network that an address is in, bytes under a mask.
 *
 * Mirrors: sys/net/if.c (seed 001 lines 1309 to 1405).
 *
 * A mask says itself how long it is; bytes of the two addresses are compared as far as the mask goes, whether the
 * addresses have them or not. An AF_LINK address that names an index is looked up in the index table, where the
 * slot of an interface that is gone is empty: C follows it.
 */
import type { Routine } from "../../../sim/index.ts";
import { deref, outOfBounds } from "../../fault.ts";
import type { Kernel } from "../../kernel.ts";
import { ifnet_array_get } from "../if_array.ts";
import { IFF_POINTOPOINT } from "../if_var.ts";
import { rn_refines } from "../radix.ts";
import {
  AF_INET,
  AF_LINK,
  SA_DATA,
  loadSockaddr,
  saByte,
  saFamily,
  sa_equal,
  sdlIndex,
  type Sockaddr,
} from "../sockaddr.ts";
import { ifnetOf, isSet } from "./ifa_ifwithaddr.ts";
import { familyOf } from "./ifa_ref.ts";
import type { Ifaddr } from "./ifaddr.ts";
import { ifaddrFirst, ifaddrNext, myAddrhead } from "./ifaddrhead.ts";

/**
 * The address whose network `addr` is in; the most specific one, of equally specific ones the first.
 * Context: netisr; valid until its handler returns or blocks.
 * Holds: nothing.
 * Blocks: no.
 */
export function* ifa_ifwithnet(k: Kernel, addr: Sockaddr): Routine<Ifaddr | null> {
  //@ 1316-1326
  let ifa_maybe: Ifaddr | null = null;
  const af = yield* saFamily(k, addr, "addr");
  if (af === AF_LINK) {
    //@ 1327-1329
    const index = sdlIndex(k, addr, yield* loadSockaddr(k, addr));
    if (index !== 0 && index <= (yield* k.net.if_index.load())) {
      //@ 1330
      return yield* lladdrByIndex(k, index);
    }
  }

  //@ 1337-1338
  const arr = yield* ifnet_array_get(k);
  for (let i = 0; i < arr.ifnet_count.fixed; ++i) {
    //@ 1339-1342
    const ifp = ifnetOf(arr, i);
    let ifac = ifaddrFirst(myAddrhead(k, ifp));
    for (; ifac !== null; ifac = ifaddrNext(ifac)) {
      //@ 1343-1346
      const ifa = ifac.ifa.fixed;
      if (familyOf(k, ifa) !== af) {
        //@ 1347
        continue;
      }
      //@ 1348
      if (af === AF_INET && (yield* isSet(ifp, IFF_POINTOPOINT))) {
        //@ 1357-1358
        if (ifa.ifa_dstaddr.fixed !== null && (yield* sa_equal(k, addr, ifa.ifa_dstaddr.fixed))) {
          //@ 1359
          return ifa;
        }
      } else {
        //@ 1365
        const claim = ifa.ifa_claim_addr.fixed;
        if (claim !== null) {
          //@ 1366
          if (claim(k, ifa, addr)) {
            //@ 1367
            return ifa;
          } else {
            //@ 1369
            continue;
          }
        }

        //@ 1380
        if (ifa.ifa_netmask.fixed === null) {
          //@ 1381
          continue;
        }
        //@ 1382-1388
        if (yield* differsUnderMask(k, addr, ifa, ifa.ifa_netmask.fixed)) {
          //@ 1389
          continue;
        }
        //@ 1397-1399
        if (ifa_maybe === null || (yield* rn_refines(k, ifa.ifa_netmask.fixed, ifa_maybe.ifa_netmask.fixed))) {
          //@ 1400
          ifa_maybe = ifa;
        }
      }
    }
  }
  //@ 1404
  return ifa_maybe;
}

/** `ifindex2ifnet[index]->if_lladdr`. */
function* lladdrByIndex(k: Kernel, index: number): Routine<Ifaddr | null> {
  const table = deref(k, yield* k.net.ifindex2ifnet.load(), "ifindex2ifnet");
  const slot = table.slots[index] ?? outOfBounds(k, table.label, index, table.slots.length);
  return yield* deref(k, yield* slot.load(), "ifindex2ifnet[sdl->sdl_index]").if_lladdr.load();
}

/** Does a bit of `addr` that the mask covers differ from the address? A mask that ends before its data covers none. */
function* differsUnderMask(k: Kernel, addr: Sockaddr, ifa: Ifaddr, ifa_netmask: Sockaddr): Routine<boolean> {
  const ifa_addr = ifa.ifa_addr.fixed;
  const cp = yield* loadSockaddr(k, addr);
  const cp2 = yield* loadSockaddr(k, ifa_addr);
  const cp3 = yield* loadSockaddr(k, ifa_netmask);
  const cplim = saByte(k, ifa_netmask, cp3, 0);
  for (let at = SA_DATA; at < cplim; at++) {
    const differ = saByte(k, addr, cp, at) ^ saByte(k, ifa_addr, cp2, at);
    if ((differ & saByte(k, ifa_netmask, cp3, at)) !== 0) return true;
  }
  return false;
}

