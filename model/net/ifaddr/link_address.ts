/**
 * The link-level address that attach gives an interface: its name, its kind, and room for the hardware's address.
 *
 * Mirrors: sys/net/if.c (seed 001 lines 535 to 562), part of `if_attach`; sys/net/route.h `RT_ROUNDUP`.
 */
import type { Routine } from "../../../sim/index.ts";
import { deref } from "../../fault.ts";
import type { Kernel } from "../../kernel.ts";
import { M_WAITOK } from "../../sys/malloc.ts";
import type { Ifnet } from "../if_var.ts";
import { link_rtrequest } from "../route/if_rtdel.ts";
import { SDL_DATA, SOCKADDR_DL_SIZE, Sockaddr, sockaddrDl } from "../sockaddr.ts";
import { ifa_iflink } from "./ifa_chain.ts";
import { ifa_create } from "./ifa_ref.ts";
import { IFADDR_SIZE } from "./ifaddr.ts";

/** `RT_ROUNDUP`: to the length of a long. */
const RT_ROUNDUP = (a: number): number => (a > 0 ? 1 + ((a - 1) | 7) : 8);

/**
 * Makes the link-level address and puts it first on every CPU's list; its sockaddr, whose index is yet to come.
 * Context: thread, at attach.
 * Holds: nothing an ifnet thread needs.
 * Blocks: yes, for memory and every ifnet thread.
 */
export function* makeLinkAddress(k: Kernel, ifp: Ifnet): Routine<Sockaddr> {
  //@ 539-541
  const name = ifp.if_xname;
  const masklen = SDL_DATA + name.length;
  let socksize = masklen + ifp.if_addrlen.fixed;
  if (socksize < SOCKADDR_DL_SIZE) {
    //@ 542
    socksize = SOCKADDR_DL_SIZE;
  }
  //@ 543-560
  socksize = RT_ROUNDUP(socksize);
  const ifasize = IFADDR_SIZE + 2 * socksize;
  const ifa = deref(k, yield* ifa_create(k, ifasize, M_WAITOK, `${name} link`), "ifa");
  const type = ifp.if_type;
  const bytes = sockaddrDl({ sdl_index: 0, sdl_type: type, name, address: [], size: socksize });
  const sdl = new Sockaddr(k, `${name} sdl`, bytes, "changes");
  yield* ifp.if_lladdr.store(ifa);
  ifa.ifa_ifp.fixed = ifp;
  ifa.ifa_rtrequest.fixed = link_rtrequest;
  ifa.ifa_addr.fixed = sdl;
  const mask = new Sockaddr(k, `${name} sdl mask`, maskOf(socksize, masklen, name.length));
  ifa.ifa_netmask.fixed = mask;
  ifa.behind = [sdl, mask];
  //@ 562
  yield* ifa_iflink(k, ifa, ifp, false /* Insert head */);
  return sdl;
}

/** Ones where the name is. */
function maskOf(size: number, sdl_len: number, namelen: number): Uint8Array {
  const bytes = new Uint8Array(size);
  bytes[0] = sdl_len;
  //@ 561
  bytes.fill(0xff, SDL_DATA, SDL_DATA + namelen);
  return bytes;
}
