/**
 * An Ethernet address to make a unique number from.
 *
 * Mirrors: sys/net/if.c (seed 001 lines 2678 to 2704).
 */
import type { Routine } from "../../sim/index.ts";
import { deref, outOfBounds } from "../fault.ts";
import type { Kernel } from "../kernel.ts";
import { ENOENT } from "../sys/errno.ts";
import { Arpcom } from "./if_ether.ts";
import { IF_LLSOCKADDR } from "./if_lladdr.ts";
import { ifnet_lock, ifnet_unlock } from "./if_lock.ts";
import { IFT_ETHER } from "./if_types.ts";
import type { Ifnet } from "./if_var.ts";
import { loadSockaddr, sdlAlen } from "./sockaddr.ts";

/**
 * The first `minlen` bytes of the address of the first Ethernet that has as many, into `node`. errno: ENOENT. The
 * address is the driver's copy; how long it is, is asked of the other one.
 * Context: thread, not a netisr.
 * Holds: not the ifnet lock.
 * Blocks: yes, for the ifnet lock.
 */
export function* if_getanyethermac(k: Kernel, node: Uint8Array, minlen: number): Routine<number> {
  //@ 2690
  yield* ifnet_lock(k);
  let ifp = k.net.ifnetlist.tqh_first.held;
  //@ 2691
  for (; ifp !== null; ifp = ifp.if_link_next.held) {
    //@ 2692
    if (ifp.if_type !== IFT_ETHER) {
      //@ 2693
      continue;
    }
    //@ 2694-2695
    const sdl = deref(k, yield* IF_LLSOCKADDR(k, ifp), "sdl");
    if (sdlAlen(k, sdl, yield* loadSockaddr(k, sdl)) < minlen) {
      //@ 2696
      continue;
    }
    //@ 2697-2700
    yield* copyAddress(k, ifp, node, minlen);
    yield* ifnet_unlock(k);
    return 0;
  }
  //@ 2702-2703
  yield* ifnet_unlock(k);
  return ENOENT;
}

/** `bcopy(ac_enaddr, node, minlen)`; a negative length is a very large one. */
function* copyAddress(k: Kernel, ifp: Ifnet, node: Uint8Array, minlen: number): Routine<void> {
  const ac = Arpcom.of(k, ifp);
  const address = yield* ac.ac_enaddr.load();
  if (minlen < 0 || minlen > address.length) outOfBounds(k, `${ac.label} ac_enaddr`, address.length, address.length);
  if (minlen > node.length) outOfBounds(k, "node", node.length, node.length);
  node.set(address.subarray(0, minlen));
}
