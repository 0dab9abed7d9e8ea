/**
 * Multicast memberships: joining and leaving groups, and the link-level groups behind them.
 *
 * Mirrors: sys/net/if.c (seed 001 lines 2388 to 2593 and 2663 to 2676).
 *
 * A membership of a protocol (`ifma_lladdr` says which link-level address it needs) holds one reference to the membership
 * of that address, which is on the same list. The copy of the address in `ifma_lladdr` is the driver's allocation
 * (`if_resolvemulti`).
 */
import type { Grave, Routine } from "../../sim/index.ts";
import { deref } from "../fault.ts";
import type { Kernel } from "../kernel.ts";
import { kfree, kmalloc } from "../kern/kern_slaballoc.ts";
import { ENOENT } from "../sys/errno.ts";
import { M_IFMADDR, M_WAITOK } from "../sys/malloc.ts";
import { TAILQ_FIRST, TAILQ_INSERT_AFTER, TAILQ_INSERT_HEAD, TAILQ_NEXT, TAILQ_REMOVE } from "../sys/queue.ts";
import { SIOCADDMULTI, SIOCDELMULTI } from "../sys/sockio.ts";
import { Ifmultiaddr, Llsa } from "./if_multi_var.ts";
import { ASSERT_IFNET_SERIALIZED_ALL, ifnet_deserialize_all, ifnet_serialize_all } from "./if_serialize.ts";
import type { Ifnet } from "./if_var.ts";
import { RTM_DELMADDR, RTM_NEWMADDR, rt_newmaddrmsg } from "./route/rtsock.ts";
import {
  AF_LINK,
  AF_UNSPEC,
  SOCKADDR_SIZE,
  Sockaddr,
  copySockaddr,
  saFamily,
  saLen,
  sa_equal,
  storeSockaddr,
} from "./sockaddr.ts";

/** A request that carries nothing. In C a null pointer; no driver looks at it. */
const NOTHING = new Uint8Array(0);

/** Where a membership is handed to the caller: `struct ifmultiaddr **`. */
export interface RetIfma {
  ifma: Ifmultiaddr | null;
}

/** The first membership of an address; null when there is none. Holds: all serializers. */
function* membership(k: Kernel, ifp: Ifnet, sa: Sockaddr | null): Routine<Ifmultiaddr | null> {
  const head = ifp.if_multiaddrs.held;
  let ifma = TAILQ_FIRST(head);
  for (; ifma !== null; ifma = TAILQ_NEXT(head, ifma)) {
    if (yield* sa_equal(k, sa, ifma.ifma_addr.held)) break;
  }
  return ifma;
}

/** A copy of an address, in memory of its own. */
function* duplicate(k: Kernel, sa: Sockaddr | null, label: string): Routine<Sockaddr> {
  const length = yield* saLen(k, sa);
  const dupsa = yield* kmalloc(k, M_IFMADDR, M_WAITOK, () => new Sockaddr(k, label, new Uint8Array(length)));
  yield* storeSockaddr(k, dupsa, yield* copySockaddr(k, sa));
  return dupsa;
}

/**
 * Joins a group: a reference to the membership of the address, or a new one with what the driver says of it, and a
 * reference to, or a new, membership of the link-level address. The driver is told to program its filter; what it
 * answers does not count. errno.
 * Context: thread.
 * Holds: all serializers of the interface.
 * Blocks: yes, for memory, as `if_resolvemulti` and the driver's control requests do; the serializers stay held.
 */
export function* if_addmulti_serialized(
  k: Kernel,
  ifp: Ifnet,
  sa: Sockaddr | null,
  retifma: RetIfma | null,
): Routine<number> {
  //@ 2400
  ASSERT_IFNET_SERIALIZED_ALL(k, ifp);

  //@ 2406-2407
  const ifma = yield* membership(k, ifp, sa);
  if (ifma !== null) {
    //@ 2408-2409
    ifma.ifma_refcount.held++;
    if (retifma !== null) {
      //@ 2410
      retifma.ifma = ifma;
    }
    //@ 2411
    return 0;
  }

  // The link layer may say no, and says which AF_LINK address this is if it isn't one already.
  let llsa: Sockaddr | null;
  //@ 2420
  const if_resolvemulti = ifp.if_resolvemulti.fixed;
  if (if_resolvemulti !== null) {
    //@ 2421-2422
    const out = new Llsa(k);
    const error = yield* if_resolvemulti(k, ifp, out, sa);
    if (error !== 0) {
      //@ 2423
      return error;
    }
    llsa = out.llsa.fixed;
  } else {
    //@ 2425
    llsa = null;
  }

  //@ 2428-2430
  const added = yield* kmalloc(k, M_IFMADDR, M_WAITOK, () => new Ifmultiaddr(k, ifp, `${ifp.if_xname} ifma`));
  const dupsa = yield* duplicate(k, sa, `${ifp.if_xname} ifma_addr`);

  //@ 2432-2437
  added.ifma_addr.held = dupsa;
  added.ifma_lladdr.held = llsa;
  added.ifma_ifp.held = ifp;
  added.ifma_refcount.held = 1;
  added.ifma_protospec.held = null;
  rt_newmaddrmsg(k, RTM_NEWMADDR, added);

  //@ 2439-2440
  TAILQ_INSERT_HEAD(ifp.if_multiaddrs.held, added);
  if (retifma !== null) {
    //@ 2441
    retifma.ifma = added;
  }

  //@ 2443
  if (llsa !== null) yield* joinLink(k, ifp, llsa);

  //@ 2464
  const if_ioctl = ifp.if_ioctl.fixed;
  if (if_ioctl !== null) {
    //@ 2465
    yield* if_ioctl(k, ifp, SIOCADDMULTI, NOTHING, null);
  }

  //@ 2467
  return 0;
}

/**
 * A reference to the membership of a link-level address, or a new one, of which `ifma_lladdr` and `ifma_protospec` are
 * never written: the part of `if_addmulti_serialized` behind line 2443. What is in `ifma_lladdr` then is what the
 * memory held: not NULL (the allocator leaves junk there), and not the address of anything.
 */
function* joinLink(k: Kernel, ifp: Ifnet, llsa: Sockaddr): Routine<void> {
  let ifma = TAILQ_FIRST(ifp.if_multiaddrs.held);
  //@ 2444
  for (; ifma !== null; ifma = TAILQ_NEXT(ifp.if_multiaddrs.held, ifma)) {
    //@ 2445
    if (yield* sa_equal(k, ifma.ifma_addr.held, llsa)) {
      //@ 2446
      break;
    }
  }
  //@ 2448
  if (ifma !== null) {
    //@ 2449
    ifma.ifma_refcount.held++;
  } else {
    //@ 2451-2457
    ifma = yield* kmalloc(k, M_IFMADDR, M_WAITOK, () => new Ifmultiaddr(k, ifp, `${ifp.if_xname} link ifma`));
    const dupsa = yield* duplicate(k, llsa, `${ifp.if_xname} link ifma_addr`);
    ifma.ifma_addr.held = dupsa;
    ifma.ifma_lladdr.held = new Sockaddr(k, "what the uninitialised ifma_lladdr points to", new Uint8Array(0));
    ifma.ifma_ifp.held = ifp;
    ifma.ifma_refcount.held = 1;
    TAILQ_INSERT_HEAD(ifp.if_multiaddrs.held, ifma);
  }
}

/**
 * {@link if_addmulti_serialized} inside all serializers.
 * Context: thread.
 * Holds: no serializer of the interface.
 * Blocks: yes, for the serializers as well.
 */
export function* if_addmulti(k: Kernel, ifp: Ifnet, sa: Sockaddr | null, retifma: RetIfma | null): Routine<number> {
  //@ 2476-2480
  yield* ifnet_serialize_all(k, ifp);
  const error = yield* if_addmulti_serialized(k, ifp, sa, retifma);
  yield* ifnet_deserialize_all(k, ifp);

  return error;
}

/** Tells the driver that a link-level membership is gone. It is not asked whether it has a routine for that. */
function* tellDriver(k: Kernel, ifp: Ifnet): Routine<void> {
  yield* deref(k, ifp.if_ioctl.fixed, "ifp->if_ioctl")(k, ifp, SIOCDELMULTI, NOTHING, null);
}

/**
 * Leaves a group: gives up a reference; with the last one the membership goes, and with it its reference to the
 * membership of its link-level address. errno: ENOENT when nobody has joined.
 * Context: thread.
 * Holds: all serializers of the interface.
 * Blocks: as the driver's control requests do; the serializers stay held.
 */
export function* if_delmulti_serialized(k: Kernel, ifp: Ifnet, sa: Sockaddr | null): Routine<number> {
  //@ 2492-2497
  ASSERT_IFNET_SERIALIZED_ALL(k, ifp);

  const ifma = yield* membership(k, ifp, sa);
  if (ifma === null) {
    //@ 2498
    return ENOENT;
  }

  //@ 2500
  if (ifma.ifma_refcount.held > 1) {
    //@ 2501-2502
    ifma.ifma_refcount.held--;
    return 0;
  }

  //@ 2505-2512
  rt_newmaddrmsg(k, RTM_DELMADDR, ifma);
  const llsa = ifma.ifma_lladdr.held;
  TAILQ_REMOVE(ifp.if_multiaddrs.held, ifma);
  if ((yield* saFamily(k, ifma.ifma_addr.held)) === AF_LINK && llsa === null) {
    //@ 2513
    yield* tellDriver(k, ifp);
  }
  //@ 2514-2516
  yield* kfree(k, ifma.ifma_addr.held, M_IFMADDR);
  yield* kfree(k, ifma, M_IFMADDR);
  if (llsa === null) {
    //@ 2517
    return 0;
  }
  return yield* leaveLink(k, ifp, llsa);
}

/**
 * Gives up the reference to the membership of a link-level address. Only with the last reference is the caller's copy
 * of the address freed: the part of `if_delmulti_serialized` behind line 2517.
 */
function* leaveLink(k: Kernel, ifp: Ifnet, sa: Sockaddr): Routine<number> {
  //@ 2530-2533
  const ifma = yield* membership(k, ifp, sa);
  if (ifma === null) {
    //@ 2534
    return 0;
  }

  //@ 2536
  if (ifma.ifma_refcount.held > 1) {
    //@ 2537-2538
    ifma.ifma_refcount.held--;
    return 0;
  }

  //@ 2541-2547
  TAILQ_REMOVE(ifp.if_multiaddrs.held, ifma);
  yield* tellDriver(k, ifp);
  yield* kfree(k, ifma.ifma_addr.held, M_IFMADDR);
  yield* kfree(k, sa, M_IFMADDR);
  yield* kfree(k, ifma, M_IFMADDR);

  return 0;
}

/**
 * {@link if_delmulti_serialized} inside all serializers.
 * Context: thread.
 * Holds: no serializer of the interface.
 * Blocks: yes, for the serializers as well.
 */
export function* if_delmulti(k: Kernel, ifp: Ifnet, sa: Sockaddr | null): Routine<number> {
  //@ 2555-2559
  yield* ifnet_serialize_all(k, ifp);
  const error = yield* if_delmulti_serialized(k, ifp, sa);
  yield* ifnet_deserialize_all(k, ifp);

  return error;
}

const LEFT: Grave = { label: "marker on the stack", facts: [["freed", "if_delallmulti_serialized has returned"]] };

/**
 * Gives up one reference to every membership: those with more stay. A marker on the stack keeps the place while the list
 * changes.
 * Context: thread.
 * Holds: all serializers of the interface.
 * Blocks: as {@link if_delmulti_serialized}; the serializers stay held.
 */
export function* if_delallmulti_serialized(k: Kernel, ifp: Ifnet): Routine<void> {
  //@ 2572-2581
  ASSERT_IFNET_SERIALIZED_ALL(k, ifp);

  const bytes = new Uint8Array(SOCKADDR_SIZE);
  bytes.set([SOCKADDR_SIZE, AF_UNSPEC]);
  const sa = new Sockaddr(k, "sa", bytes);
  const mark = new Ifmultiaddr(k, ifp, "mark");
  mark.ifma_lladdr.held = null;
  mark.ifma_refcount.held = 0;
  mark.ifma_protospec.held = null;
  mark.ifma_addr.held = sa;

  TAILQ_INSERT_HEAD(ifp.if_multiaddrs.held, mark);
  for (;;) {
    //@ 2582
    const ifma = TAILQ_NEXT(ifp.if_multiaddrs.held, mark);
    if (ifma === null) break;
    //@ 2583-2587
    TAILQ_REMOVE(ifp.if_multiaddrs.held, mark);
    TAILQ_INSERT_AFTER(ifp.if_multiaddrs.held, ifma, mark);

    if ((yield* saFamily(k, ifma.ifma_addr.held)) === AF_UNSPEC) {
      //@ 2588
      continue;
    }

    //@ 2590
    yield* if_delmulti_serialized(k, ifp, ifma.ifma_addr.held);
  }
  //@ 2592
  TAILQ_REMOVE(ifp.if_multiaddrs.held, mark);
  mark.bury(LEFT);
  sa.bury(LEFT);
}

/**
 * The membership of an address, or null. The caller has no reference to it.
 * Context: thread.
 * Holds: no serializer of the interface.
 * Blocks: yes, for the serializers.
 */
export function* ifmaof_ifpforaddr(k: Kernel, sa: Sockaddr | null, ifp: Ifnet): Routine<Ifmultiaddr | null> {
  const head = ifp.if_multiaddrs;
  //@ 2669
  yield* ifnet_serialize_all(k, ifp);
  let ifma = TAILQ_FIRST(head.held);
  //@ 2670
  for (; ifma !== null; ifma = TAILQ_NEXT(head.held, ifma)) {
    //@ 2671
    if (yield* sa_equal(k, ifma.ifma_addr.held, sa)) break;
  }
  //@ 2673-2675
  yield* ifnet_deserialize_all(k, ifp);

  return ifma;
}
