/**
 * Modes that are counted: promiscuous, and all multicast.
 *
 * Mirrors: sys/net/if.c (seed 001 lines 2169 to 2217 and 2345 to 2386).
 *
 * Flags and counters are plain words without a lock: `if_flags` is loaded and stored by whoever changes a bit of it, and
 * the critical section of `if_allmulti` keeps nobody out but this CPU's interrupts. When the driver says no,
 * `ifpromisc` stores the flags that it had loaded at its beginning and leaves the counter as it is; `if_allmulti`
 * leaves both.
 */
import type { Routine } from "../../sim/index.ts";
import { deref } from "../fault.ts";
import type { Kernel } from "../kernel.ts";
import { LOG_INFO, log } from "../kern/subr_prf.ts";
import { crit_enter, crit_exit } from "../kern/thread2.ts";
import { ENETDOWN } from "../sys/errno.ts";
import { SIOCSIFFLAGS } from "../sys/sockio.ts";
import { ifnet_deserialize_all, ifnet_serialize_all } from "./if_serialize.ts";
import { IFF_ALLMULTI, IFF_PPROMISC, IFF_PROMISC, IFF_UP, type Ifnet } from "./if_var.ts";
import { Ifreq } from "./ifreq.ts";
import { rt_ifmsg } from "./route/rtsock.ts";

/**
 * The flags as a request carries them: the low half and the high one, each loaded on its own.
 * Context: thread. Holds: anything. Blocks: no.
 */
export function* flagsRequest(ifp: Ifnet): Routine<Ifreq> {
  const ifr = new Ifreq();
  ifr.ifr_flags = yield* ifp.if_flags.load();
  ifr.ifr_flagshigh = (yield* ifp.if_flags.load()) >> 16;
  return ifr;
}

/** Has the driver follow the flags, inside all serializers; its errno. There must be a routine for that. */
function* tellDriver(k: Kernel, ifp: Ifnet, ifr: Ifreq): Routine<number> {
  yield* ifnet_serialize_all(k, ifp);
  const if_ioctl = deref(k, ifp.if_ioctl.fixed, "ifp->if_ioctl");
  const error = yield* if_ioctl(k, ifp, SIOCSIFFLAGS, ifr.data, null);
  yield* ifnet_deserialize_all(k, ifp);
  return error;
}

/**
 * Turns promiscuous mode on or off, counted: the first on and the last off change the interface. errno: ENETDOWN for on
 * while the interface is down, or what the driver says.
 * Context: thread.
 * Holds: no serializer of the interface.
 * Blocks: yes, for the serializers, and as the driver's control requests do.
 */
export function* ifpromisc(k: Kernel, ifp: Ifnet, pswitch: boolean): Routine<number> {
  //@ 2182-2183
  const oldflags = yield* ifp.if_flags.load();
  if (((yield* ifp.if_flags.load()) & IFF_PPROMISC) !== 0) {
    //@ 2185-2186
    yield* ifp.if_pcount.store((yield* ifp.if_pcount.load()) + (pswitch ? 1 : -1));
    return 0;
  }
  //@ 2188
  if (pswitch) {
    //@ 2193
    if (((yield* ifp.if_flags.load()) & IFF_UP) === 0) {
      //@ 2194
      return ENETDOWN;
    }
    //@ 2195
    const pcount = yield* ifp.if_pcount.load();
    yield* ifp.if_pcount.store(pcount + 1);
    if (pcount !== 0) {
      //@ 2196
      return 0;
    }
    //@ 2197-2199
    yield* ifp.if_flags.store((yield* ifp.if_flags.load()) | IFF_PROMISC);
    log(k, LOG_INFO, `${ifp.if_xname}: promiscuous mode enabled\n`);
  } else {
    //@ 2201
    const pcount = (yield* ifp.if_pcount.load()) - 1;
    yield* ifp.if_pcount.store(pcount);
    if (pcount > 0) {
      //@ 2202
      return 0;
    }
    //@ 2203-2205
    yield* ifp.if_flags.store((yield* ifp.if_flags.load()) & ~IFF_PROMISC);
    log(k, LOG_INFO, `${ifp.if_xname}: promiscuous mode disabled\n`);
  }
  //@ 2207-2212
  const ifr = yield* flagsRequest(ifp);
  const error = yield* tellDriver(k, ifp, ifr);
  if (error === 0) {
    //@ 2213
    rt_ifmsg(k, ifp);
  } else {
    //@ 2215
    yield* ifp.if_flags.store(oldflags);
  }
  //@ 2216
  return error;
}

/**
 * Turns reception of all multicast packets on or off, counted as {@link ifpromisc} is. errno: what the driver says.
 * Context: thread.
 * Holds: no serializer of the interface.
 * Blocks: yes, for the serializers, and as the driver's control requests do, inside a critical section.
 */
export function* if_allmulti(k: Kernel, ifp: Ifnet, onswitch: boolean): Routine<number> {
  //@ 2351-2356
  let error = 0;

  yield* crit_enter(k);

  if (onswitch) {
    //@ 2357
    const amcount = yield* ifp.if_amcount.load();
    yield* ifp.if_amcount.store(amcount + 1);
    if (amcount === 0) {
      //@ 2358-2364
      yield* ifp.if_flags.store((yield* ifp.if_flags.load()) | IFF_ALLMULTI);
      const ifr = yield* flagsRequest(ifp);
      error = yield* tellDriver(k, ifp, ifr);
    }
  } else {
    //@ 2367
    if ((yield* ifp.if_amcount.load()) > 1) {
      //@ 2368
      yield* ifp.if_amcount.store((yield* ifp.if_amcount.load()) - 1);
    } else {
      //@ 2370-2377
      yield* ifp.if_amcount.store(0);
      yield* ifp.if_flags.store((yield* ifp.if_flags.load()) & ~IFF_ALLMULTI);
      const ifr = yield* flagsRequest(ifp);
      error = yield* tellDriver(k, ifp, ifr);
    }
  }

  //@ 2381-2383
  yield* crit_exit(k);

  if (error === 0) {
    //@ 2384
    rt_ifmsg(k, ifp);
  }
  //@ 2385
  return error;
}
