/**
 * Renaming an interface.
 *
 * Mirrors: sys/net/if.c (seed 001 lines 1903 to 1949): `SIOCSIFNAME` of `ifioctl`.
 *
 * The name is stored byte by byte while netisrs compare names without a lock, and so the name in the link-level address:
 * its memory is replaced three times (the address moved, the name, its length), its netmask's twice.
 */
import type { Routine } from "../../../sim/index.ts";
import { deref, outOfBounds } from "../../fault.ts";
import type { Kernel } from "../../kernel.ts";
import { copyinstr } from "../../kern/copyio.ts";
import { EVENTHANDLER_INVOKE } from "../../kern/eventhandler.ts";
import { PRIV_ROOT, priv_check_cred } from "../../kern/kern_prot.ts";
import { EEXIST, EINVAL } from "../../sys/errno.ts";
import { ifunit } from "../if_list.ts";
import type { Ifnet } from "../if_var.ts";
import { ifaddrFirst, myAddrhead } from "../ifaddr/ifaddrhead.ts";
import { IFNAMSIZ, nameOf } from "../ifreq.ts";
import { IFAN_ARRIVAL, IFAN_DEPARTURE, rt_ifannouncemsg } from "../route/rtsock.ts";
import { SDL_DATA, loadSockaddr, sdlAlen, sdlNlen, storeSockaddr, type Sockaddr } from "../sockaddr.ts";
import type { IfRequest } from "./request.ts";

/** Where `sdl_nlen` is. */
const SDL_NLEN = 5;

/**
 * `SIOCSIFNAME`: the interface goes under its old name, for whoever listens, and comes under the new one.
 * Context: thread of a user.
 * Holds: the ifnet lock.
 * Blocks: yes, for the user's page, and as the event handlers do.
 */
export function* siocsifname(k: Kernel, { ifr, ifp, cred }: IfRequest): Routine<number> {
  //@ 1904-1905
  let error = priv_check_cred(cred, PRIV_ROOT, 0);
  if (error !== 0) {
    //@ 1906
    return error;
  }
  //@ 1907-1908
  const bytes = new Uint8Array(IFNAMSIZ);
  error = (yield* copyinstr(k, ifr.ifr_data, bytes, IFNAMSIZ)).error;
  if (error !== 0) {
    //@ 1909
    return error;
  }
  //@ 1910
  const new_name = nameOf(bytes);
  if (new_name === "") {
    //@ 1911
    return EINVAL;
  }
  //@ 1914
  if (ifunit(k, new_name) !== null) {
    //@ 1915
    return EEXIST;
  }

  //@ 1919
  yield* EVENTHANDLER_INVOKE(k, k.net.ifnet_detach_event, ifp);

  //@ 1922
  rt_ifannouncemsg(k, ifp, IFAN_DEPARTURE);

  //@ 1924
  yield* storeName(ifp, new_name);
  yield* renameAddress(k, ifp, new_name);

  //@ 1945
  yield* EVENTHANDLER_INVOKE(k, k.net.ifnet_attach_event, ifp);

  //@ 1948
  rt_ifannouncemsg(k, ifp, IFAN_ARRIVAL);
  return 0;
}

/** `strlcpy(ifp->if_xname, new_name, …)`: a byte at a time, the NUL last; what was behind it stays. */
function* storeName(ifp: Ifnet, new_name: string): Routine<void> {
  let bytes = ifp.xname.held;
  for (let i = 0; i <= new_name.length; i++) {
    const byte = i < new_name.length ? new_name.charAt(i) : "\0";
    bytes = (bytes.slice(0, i).padEnd(i, "\0") + byte + bytes.slice(i + 1)).replace(/\0+$/, "");
    yield* ifp.xname.store(bytes);
  }
}

/** Puts the name into the first address of this CPU's list and its netmask, the link-level address moved behind it. */
function* renameAddress(k: Kernel, ifp: Ifnet, new_name: string): Routine<void> {
  //@ 1925-1928
  const { ifa } = deref(k, ifaddrFirst(myAddrhead(k, ifp)), "TAILQ_FIRST(if_addrheads)");
  const sdl = deref(k, ifa.fixed.ifa_addr.fixed, "ifa->ifa_addr");
  const namelen = new_name.length;
  const onamelen = sdlNlen(k, sdl, yield* loadSockaddr(k, sdl));
  //@ 1934
  if (namelen !== onamelen) {
    //@ 1935-1936
    const at = yield* loadSockaddr(k, sdl);
    const alen = sdlAlen(k, sdl, at);
    yield* bcopy(k, sdl, at.slice(SDL_DATA + onamelen, SDL_DATA + onamelen + alen), SDL_DATA + namelen);
  }
  //@ 1938-1941
  const name = Uint8Array.from(new_name, (char) => char.charCodeAt(0));
  yield* bcopy(k, sdl, name, SDL_DATA);
  yield* bcopy(k, sdl, Uint8Array.of(namelen), SDL_NLEN);
  const mask = deref(k, ifa.fixed.ifa_netmask.fixed, "ifa->ifa_netmask");
  yield* bcopy(k, mask, new Uint8Array(onamelen), SDL_DATA);
  //@ 1942-1943
  yield* bcopy(k, mask, new Uint8Array(namelen).fill(0xff), SDL_DATA);
}

/** Puts bytes into the memory of an address, which others may be looking at; fails past its end. */
function* bcopy(k: Kernel, sa: Sockaddr, from: Uint8Array, to: number): Routine<void> {
  const bytes = Uint8Array.from(yield* loadSockaddr(k, sa));
  if (to + from.length > bytes.length) outOfBounds(k, sa.label, to + from.length - 1, bytes.length);
  bytes.set(from, to);
  yield* storeSockaddr(k, sa, bytes);
}
