/**
 * Interfaces' addresses by a complete address: one's own, its broadcast address, or the other end of its link.
 *
 * Mirrors: sys/net/if.c (seed 001 lines 1248 to 1307).
 *
 * What is found stays on the lists until the handler that looked it up returns or blocks; nothing refers to it. The
 * lists are those of this CPU. Whatever a netisr holds that long may be half gone elsewhere.
 */
import type { Routine } from "../../../sim/index.ts";
import type { Kernel } from "../../kernel.ts";
import { ifnet_array_get, type IfnetArray } from "../if_array.ts";
import { IFF_BROADCAST, IFF_POINTOPOINT, type Ifnet } from "../if_var.ts";
import { saFamily, saLen, sa_equal, type Sockaddr } from "../sockaddr.ts";
import { familyOf } from "./ifa_ref.ts";
import type { Ifaddr } from "./ifaddr.ts";
import { ifaddrFirst, ifaddrNext, myAddrhead } from "./ifaddrhead.ts";

/** `arr->ifnet_arr[i]`, below the count. */
export const ifnetOf = (arr: IfnetArray, i: number): Ifnet =>
  (arr.ifnet_arr[i] as IfnetArray["ifnet_arr"][number]).fixed;

/** `ifp->if_flags & flag`, which is set before the interface is attached. Context: any. Holds: nothing. Blocks: no. */
export function* isSet({ if_flags }: Ifnet, flag: number): Routine<boolean> {
  return ((yield* if_flags.load()) & flag) !== 0;
}

/**
 * The address that is `addr`, or that has it as its broadcast address; the first one in the array of interfaces.
 * Context: netisr; valid until its handler returns or blocks.
 * Holds: nothing.
 * Blocks: no.
 */
export function* ifa_ifwithaddr(k: Kernel, addr: Sockaddr | null): Routine<Ifaddr | null> {
  //@ 1257-1258
  const arr = yield* ifnet_array_get(k);
  for (let i = 0; i < arr.ifnet_count.fixed; ++i) {
    //@ 1259-1262
    const ifp = ifnetOf(arr, i);
    let ifac = ifaddrFirst(myAddrhead(k, ifp));
    for (; ifac !== null; ifac = ifaddrNext(ifac)) {
      //@ 1263-1265
      const ifa = ifac.ifa.fixed;
      if (familyOf(k, ifa) !== (yield* saFamily(k, addr, "addr"))) {
        //@ 1266
        continue;
      }
      //@ 1267
      if (yield* sa_equal(k, addr, ifa.ifa_addr.fixed)) {
        //@ 1268
        return ifa;
      }
      //@ 1269
      if (!(yield* isSet(ifp, IFF_BROADCAST))) continue;
      //@ 1270
      const broadaddr = ifa.ifa_dstaddr.fixed;
      if (broadaddr === null) continue;
      //@ 1272
      if ((yield* saLen(k, broadaddr, "ifa->ifa_broadaddr")) === 0) continue;
      //@ 1273
      if (yield* sa_equal(k, broadaddr, addr)) {
        //@ 1274
        return ifa;
      }
    }
  }
  //@ 1277
  return null;
}

/**
 * The address of a point-to-point interface whose other end is `addr`; the first one in the array of interfaces.
 * Context: netisr; valid until its handler returns or blocks.
 * Holds: nothing.
 * Blocks: no.
 */
export function* ifa_ifwithdstaddr(k: Kernel, addr: Sockaddr | null): Routine<Ifaddr | null> {
  //@ 1288-1289
  const arr = yield* ifnet_array_get(k);
  for (let i = 0; i < arr.ifnet_count.fixed; ++i) {
    //@ 1290-1293
    const ifp = ifnetOf(arr, i);
    if (!(yield* isSet(ifp, IFF_POINTOPOINT))) {
      //@ 1294
      continue;
    }
    //@ 1296
    let ifac = ifaddrFirst(myAddrhead(k, ifp));
    for (; ifac !== null; ifac = ifaddrNext(ifac)) {
      //@ 1297-1299
      const ifa = ifac.ifa.fixed;
      if (familyOf(k, ifa) !== (yield* saFamily(k, addr, "addr"))) {
        //@ 1300
        continue;
      }
      //@ 1301
      if (ifa.ifa_dstaddr.fixed === null) continue;
      //@ 1302
      if (yield* sa_equal(k, addr, ifa.ifa_dstaddr.fixed)) {
        //@ 1303
        return ifa;
      }
    }
  }
  //@ 1306
  return null;
}
