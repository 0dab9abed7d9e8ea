/**
 * What all Ethernets do for their drivers.
 *
 * Mirrors: sys/net/if_ethersubr.c `ether_resolvemulti`; sys/net/if_ethersubr.c's mapping macros of sys/netinet/if_ether.h.
 * Left out: output and input of frames.
 */
import type { Routine } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { kmalloc } from "../kern/kern_slaballoc.ts";
import { EADDRNOTAVAIL, EAFNOSUPPORT } from "../sys/errno.ts";
import { M_IFMADDR, M_WAITOK, M_ZERO } from "../sys/malloc.ts";
import type { Llsa } from "./if_multi_var.ts";
import { IFF_ALLMULTI, type Ifnet } from "./if_var.ts";
import { IFT_ETHER } from "./if_types.ts";
import {
  AF_INET,
  AF_INET6,
  AF_LINK,
  Sockaddr,
  lladdrAt,
  loadSockaddr,
  saByte,
  sockaddrDl,
} from "./sockaddr.ts";

/** Where the address of a `sockaddr_in` begins. */
const SIN_ADDR = 4;
/** Where the address of a `sockaddr_in6` begins. */
const SIN6_ADDR = 8;
const IN6_LENGTH = 16;

/**
 * Takes a link-level address that is a group's as it is; maps an IPv4 or IPv6 group to its Ethernet group, in memory of
 * its own. The unspecified IPv6 address stands for all groups: it turns {@link IFF_ALLMULTI} on, past its counter. errno:
 * EADDRNOTAVAIL for an address that is no group's, EAFNOSUPPORT.
 * Context: thread.
 * Holds: all serializers of the interface.
 * Blocks: yes, for memory.
 */
export function* ether_resolvemulti(k: Kernel, ifp: Ifnet, llsa: Llsa, sa: Sockaddr | null): Routine<number> {
  const bytes = yield* loadSockaddr(k, sa);
  const at = (i: number): number => saByte(k, sa, bytes, i);
  switch (at(1)) {
    case AF_LINK:
      if ((at(lladdrAt(k, sa as Sockaddr, bytes)) & 1) !== 1) return EADDRNOTAVAIL;
      llsa.llsa.fixed = null;
      return 0;
    case AF_INET:
      if ((at(SIN_ADDR) & 0xf0) !== 0xe0) return EADDRNOTAVAIL;
      return yield* allocateLink(k, ifp, llsa, [0x01, 0x00, 0x5e, at(SIN_ADDR + 1) & 0x7f, at(SIN_ADDR + 2), at(SIN_ADDR + 3)]);
    case AF_INET6: {
      const address = Array.from({ length: IN6_LENGTH }, (_, i) => at(SIN6_ADDR + i));
      if (address.every((byte) => byte === 0)) {
        yield* ifp.if_flags.store((yield* ifp.if_flags.load()) | IFF_ALLMULTI);
        llsa.llsa.fixed = null;
        return 0;
      }
      if (address[0] !== 0xff) return EADDRNOTAVAIL;
      return yield* allocateLink(k, ifp, llsa, [0x33, 0x33, ...address.slice(-4)]);
    }
    default:
      return EAFNOSUPPORT;
  }
}

/** The link-level address of a group, for the caller to free. */
function* allocateLink(k: Kernel, ifp: Ifnet, llsa: Llsa, address: readonly number[]): Routine<number> {
  const bytes = sockaddrDl({ sdl_index: ifp.if_index.fixed, sdl_type: IFT_ETHER, name: "", address });
  llsa.llsa.fixed = yield* kmalloc(k, M_IFMADDR, M_WAITOK | M_ZERO, () => new Sockaddr(k, `${ifp.if_xname} llsa`, bytes));
  return 0;
}
