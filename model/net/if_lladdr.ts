/**
 * Changing the link-level address of an interface.
 *
 * Mirrors: sys/net/if.c (seed 001 lines 2596 to 2661); sys/net/if_arp.h `struct arpcom`; sys/net/if_var.h
 * `IF_LLSOCKADDR`.
 *
 * The two copies of the address are stored before the serializers are taken, one after the other: nothing orders that
 * with the driver, which reads one of them, nor with another such change.
 */
import type { Routine } from "../../sim/index.ts";
import { deref } from "../fault.ts";
import type { Kernel } from "../kernel.ts";
import { EINVAL, ENODEV } from "../sys/errno.ts";
import { SIOCSIFFLAGS } from "../sys/sockio.ts";
import { Arpcom, arp_gratuitous } from "./if_ether.ts";
import { flagsRequest } from "./if_promisc.ts";
import { ifnet_deserialize_all, ifnet_serialize_all } from "./if_serialize.ts";
import { IFT_ETHER, IFT_IEEE8023ADLAG, IFT_L2VLAN, IFT_XETHER } from "./if_types.ts";
import { IFF_UP, type Ifnet } from "./if_var.ts";
import { ifaddrFirst, ifaddrNext, myAddrhead } from "./ifaddr/ifaddrhead.ts";
import { AF_INET, lladdrAt, loadSockaddr, saFamily, saByte, sdlAlen, storeSockaddr, type Sockaddr } from "./sockaddr.ts";

/**
 * The sockaddr of the link-level address. An interface that has none (detached, or not attached yet) is not looked for.
 * Context: any. Holds: nothing. Blocks: no.
 */
export function* IF_LLSOCKADDR(k: Kernel, ifp: Ifnet): Routine<Sockaddr | null> {
  const ifa = deref(k, yield* ifp.if_lladdr.load(), "ifp->if_lladdr");
  return ifa.ifa_addr.fixed;
}

/** `bcopy(lladdr, LLADDR(sdl), len)`: what is there is loaded, changed and stored as a whole. */
function* storeLladdr(k: Kernel, sdl: Sockaddr, lladdr: Uint8Array, len: number): Routine<void> {
  const bytes = (yield* loadSockaddr(k, sdl)).slice();
  const at = lladdrAt(k, sdl, bytes);
  if (len > 0) saByte(k, sdl, bytes, at + len - 1);
  bytes.set(lladdr.subarray(0, len), at);
  yield* storeSockaddr(k, sdl, bytes);
}

/**
 * Changes the link-level address, to one of the same length, and has the driver take it over by telling it that the
 * interface went down and up; what the driver says does not count. Tells the neighbours. errno: EINVAL for another
 * length, ENODEV for an interface that has no such address.
 * Context: thread.
 * Holds: no serializer of the interface.
 * Blocks: yes, for the serializers, and as the driver's control requests do.
 */
export function* if_setlladdr(k: Kernel, ifp: Ifnet, lladdr: Uint8Array, len: number): Routine<number> {
  //@ 2608-2609
  const sdl = yield* IF_LLSOCKADDR(k, ifp);
  if (sdl === null) {
    //@ 2610
    return EINVAL;
  }
  //@ 2611
  if (len !== sdlAlen(k, sdl, yield* loadSockaddr(k, sdl))) {
    //@ 2612
    return EINVAL;
  }
  //@ 2613
  switch (ifp.if_type) {
    case IFT_ETHER:
    case IFT_XETHER:
    case IFT_L2VLAN:
    case IFT_IEEE8023ADLAG:
      //@ 2618-2620
      yield* Arpcom.of(k, ifp).ac_enaddr.store(lladdr.slice(0, len));
      yield* storeLladdr(k, sdl, lladdr, len);
      break;
    default:
      //@ 2622
      return ENODEV;
  }
  //@ 2629-2630
  yield* ifnet_serialize_all(k, ifp);
  if (((yield* ifp.if_flags.load()) & IFF_UP) !== 0) {
    //@ 2635-2644
    yield* ifp.if_flags.store((yield* ifp.if_flags.load()) & ~IFF_UP);
    yield* tellDriver(k, ifp);
    yield* ifp.if_flags.store((yield* ifp.if_flags.load()) | IFF_UP);
    yield* tellDriver(k, ifp);
    yield* tellNeighbours(k, ifp);
  }
  //@ 2659-2660
  yield* ifnet_deserialize_all(k, ifp);
  return 0;
}

/** Has the driver follow the flags as they are. There must be a routine for that. */
function* tellDriver(k: Kernel, ifp: Ifnet): Routine<void> {
  const ifr = yield* flagsRequest(ifp);
  const if_ioctl = deref(k, ifp.if_ioctl.fixed, "ifp->if_ioctl");
  yield* if_ioctl(k, ifp, SIOCSIFFLAGS, ifr.data, null);
}

/** A gratuitous ARP for every IPv4 address that this CPU knows of. */
function* tellNeighbours(k: Kernel, ifp: Ifnet): Routine<void> {
  let ifac = ifaddrFirst(myAddrhead(k, ifp));
  //@ 2650
  for (; ifac !== null; ifac = ifaddrNext(ifac)) {
    //@ 2651-2654
    const ifa = ifac.ifa.fixed;

    const addr = ifa.ifa_addr.fixed;
    if (addr !== null && (yield* saFamily(k, addr)) === AF_INET) {
      //@ 2655
      yield* arp_gratuitous(k, ifp);
    }
  }
}
