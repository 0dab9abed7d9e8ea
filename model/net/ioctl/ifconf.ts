/**
 * The list of interfaces and their addresses, for a user.
 *
 * Mirrors: sys/net/if.c (seed 001 lines 2219 to 2343): `ifconf`.
 *
 * What is left of the buffer is an `int`; it is compared as a `size_t`, so that a negative size is more than any. The
 * list of addresses is that of this CPU, held open by a marker while a copy waits: the ifnet thread of the CPU may
 * change it meanwhile; the address that is copied is referenced.
 */
import type { Routine } from "../../../sim/index.ts";
import { outOfBounds } from "../../fault.ts";
import { returned } from "../../errnos.ts";
import type { Kernel } from "../../kernel.ts";
import { copyout } from "../../kern/copyio.ts";
import { prison_if } from "../../kern/kern_jail.ts";
import type { Ucred } from "../../kern/kern_prot.ts";
import { ENAMETOOLONG } from "../../sys/errno.ts";
import { OSIOCGIFCONF, SIZEOF_IFREQ } from "../../sys/sockio.ts";
import { ifnet_lock, ifnet_unlock } from "../if_lock.ts";
import { cString, type Ifnet } from "../if_var.ts";
import { IFAFREE, IFAREF, familyOf, ifa_marker_init } from "../ifaddr/ifa_ref.ts";
import type { IfaddrContainer } from "../ifaddr/ifaddr.ts";
import {
  ifaddrInsertAfter,
  ifaddrInsertHead,
  ifaddrNext,
  ifaddrRemove,
  myAddrhead,
  type Ifaddrhead,
} from "../ifaddr/ifaddrhead.ts";
import { IFNAMSIZ, IFR_IFRU, Ifconf, Ifreq, strlcpyName } from "../ifreq.ts";
import { AF_UNSPEC, SOCKADDR_SIZE, loadSockaddr, type Sockaddr } from "../sockaddr.ts";

/** Local variables of the routine. */
interface Walk {
  readonly cmd: number;
  readonly cred: Ucred;
  readonly ifr: Ifreq;
  /** Where in the user's buffer the next entry goes. */
  ifrp: number;
  /** Bytes of the buffer that are left, an `int`. */
  space: number;
  /** Addresses of the interface so far. */
  addrs: number;
  error: number;
}

/** `size_t` of an `int`, where it is compared with a small one: is it less? */
const less = (space: number, size: number): boolean => space >= 0 && space < size;

/**
 * Copies the interfaces and their addresses out, as many as fit; errno. `ifc_len` becomes how many bytes that were.
 * Context: thread of a user.
 * Holds: nothing a network thread needs.
 * Blocks: yes, for the ifnet lock, and for pages of the user with it held.
 */
export function* ifconf(k: Kernel, cmd: number, data: Uint8Array, cred: Ucred): Routine<number> {
  //@ 2228-2237
  const ifc = new Ifconf(data);
  const walk: Walk = { cmd, cred, ifr: new Ifreq(), ifrp: ifc.ifc_req, space: ifc.ifc_len, addrs: 0, error: 0 };

  yield* ifnet_lock(k);
  for (let ifp = k.net.ifnetlist.tqh_first.held; ifp !== null; ifp = ifp.if_link_next.held) {
    //@ 2243
    if (less(walk.space, SIZEOF_IFREQ + 1)) {
      //@ 2244
      break;
    }
    yield* confInterface(k, walk, ifp);
    if (walk.error !== 0) break;
  }
  //@ 2339-2342
  yield* ifnet_unlock(k);

  ifc.ifc_len -= walk.space;
  return returned(k, "ifconf", walk.error);
}

/** One interface: an entry for each address, or one without. */
function* confInterface(k: Kernel, walk: Walk, ifp: Ifnet): Routine<void> {
  const { ifr } = walk;
  // Nothing of the stack is to be told.
  //@ 2250-2252
  ifr.data.fill(0);
  if (strlcpyName(ifr.ifr_name, cString(ifp.xname.held)) >= IFNAMSIZ) {
    //@ 2253
    walk.error = ENAMETOOLONG;
    return;
  }

  //@ 2264-2270
  const mark = ifa_marker_init(k, ifp);
  const head = myAddrhead(k, ifp);

  walk.addrs = 0;
  ifaddrInsertHead(head, mark.ifac);
  let ifac = ifaddrNext(mark.ifac);
  while (ifac !== null && (yield* confContainer(k, walk, head, mark.ifac, ifac))) ifac = ifaddrNext(mark.ifac);
  //@ 2327-2328
  ifaddrRemove(head, mark.ifac);
  mark.leaveFrame();
  if (walk.error !== 0) {
    //@ 2329
    return;
  }
  //@ 2330
  if (walk.addrs === 0) {
    //@ 2331-2333
    ifr.ifr_addr.fill(0);
    walk.error = yield* copyout(k, ifr.data, walk.ifrp, SIZEOF_IFREQ);
    if (walk.error !== 0) {
      //@ 2334
      return;
    }
    //@ 2335-2336
    walk.space = (walk.space - SIZEOF_IFREQ) | 0;
    walk.ifrp += SIZEOF_IFREQ;
  }
}

/** One entry of the list, behind which the marker moves; true when the walk goes on. */
function* confContainer(
  k: Kernel,
  walk: Walk,
  head: Ifaddrhead,
  mark: IfaddrContainer,
  ifac: IfaddrContainer,
): Routine<boolean> {
  //@ 2271-2277
  const ifa = ifac.ifa.fixed;

  ifaddrRemove(head, mark);
  ifaddrInsertAfter(head, ifac, mark);

  if (familyOf(k, ifa) === AF_UNSPEC) {
    //@ 2278
    return true;
  }

  //@ 2280
  if (less(walk.space, SIZEOF_IFREQ + 1)) {
    //@ 2281
    return false;
  }
  //@ 2282-2284
  const sa = ifa.ifa_addr.fixed as Sockaddr; // familyOf has followed it
  if (walk.cred.cr_prison !== null && prison_if(walk.cred, yield* loadSockaddr(k, sa))) {
    //@ 2285
    return true;
  }
  //@ 2286-2292
  walk.addrs++;
  yield* IFAREF(k, ifa);
  const fits = yield* confAddress(k, walk, sa);
  if (!fits) {
    //@ 2310-2311
    yield* IFAFREE(k, ifa);
    return false;
  }
  //@ 2322-2323
  yield* IFAFREE(k, ifa);
  if (walk.error !== 0) {
    //@ 2324
    return false;
  }
  //@ 2325
  walk.space = (walk.space - SIZEOF_IFREQ) | 0;
  return true;
}

/** Copies one address out; false when it does not fit. */
function* confAddress(k: Kernel, walk: Walk, sa: Sockaddr): Routine<boolean> {
  const { ifr } = walk;
  //@ 2294
  if (walk.cmd === OSIOCGIFCONF) {
    //@ 2295-2300
    ifr.ifr_addr.set(yield* firstBytes(k, sa));
    ifr.ifr_addr.set([ifr.ifr_addr[1] as number, 0]); // two bytes of family
    walk.error = yield* copyout(k, ifr.data, walk.ifrp, SIZEOF_IFREQ);
    walk.ifrp += SIZEOF_IFREQ;
    return true;
  }
  //@ 2303
  const sa_len = (yield* loadSockaddr(k, sa))[0] as number; // familyOf has read behind it
  if (sa_len <= SOCKADDR_SIZE) {
    //@ 2304-2306
    ifr.ifr_addr.set(yield* firstBytes(k, sa));
    walk.error = yield* copyout(k, ifr.data, walk.ifrp, SIZEOF_IFREQ);
    walk.ifrp += SIZEOF_IFREQ;
    return true;
  }
  //@ 2308-2309
  if (less(walk.space, SIZEOF_IFREQ + sa_len - SOCKADDR_SIZE)) return false;
  //@ 2313-2316
  walk.space = (walk.space - (sa_len - SOCKADDR_SIZE)) | 0;
  walk.error = yield* copyout(k, ifr.data, walk.ifrp, IFNAMSIZ);
  if (walk.error === 0) {
    //@ 2317-2318
    const bytes = yield* loadSockaddr(k, sa);
    if (sa_len > bytes.length) outOfBounds(k, sa.label, bytes.length, bytes.length);
    walk.error = yield* copyout(k, bytes, walk.ifrp + IFR_IFRU, sa_len);
  }
  //@ 2319-2320
  walk.ifrp += IFR_IFRU + sa_len;
  return true;
}

/** `*sa`: as many bytes as a `struct sockaddr` has, whatever it says. */
function* firstBytes(k: Kernel, sa: Sockaddr): Routine<Uint8Array> {
  const bytes = yield* loadSockaddr(k, sa);
  if (bytes.length < SOCKADDR_SIZE) outOfBounds(k, sa.label, bytes.length, bytes.length);
  return bytes.subarray(0, SOCKADDR_SIZE);
}
