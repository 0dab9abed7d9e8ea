/**
 * Requests that change a field of an interface.
 *
 * Mirrors: sys/net/if.c (seed 001 lines 1845 to 1901 and 1951 to 2018): cases of `ifioctl`.
 *
 * `if_flags` and `if_mtu` are loaded and stored without the serializers, under the ifnet lock alone, which drivers and
 * netisr 0 do not take.
 */
import type { Routine } from "../../../sim/index.ts";
import type { Kernel } from "../../kernel.ts";
import { PRIV_ROOT, priv_check_cred } from "../../kern/kern_prot.ts";
import { crit_enter, crit_exit } from "../../kern/thread2.ts";
import { EINVAL, EOPNOTSUPP } from "../../sys/errno.ts";
import { if_down, if_up } from "../if_flags.ts";
import { ifpoll_deregister, ifpoll_register } from "../if_poll.ts";
import {
  IFF_CANTCHANGE,
  IFF_NPOLLING,
  IFF_PPROMISC,
  IFF_PROMISC,
  IFF_SMART,
  IFF_UP,
  type Ifnet,
} from "../if_var.ts";
import { IF_MAXMTU, IF_MINMTU } from "../ifreq.ts";
import { rt_ifmsg } from "../route/rtsock.ts";
import { nd6_setmtu } from "./protocol.ts";
import { callDriver, touch, type IfRequest } from "./request.ts";

/**
 * `SIOCSIFFLAGS`: up and down through netisr 0, polling, then the flags themselves, and the driver follows; what it
 * answers is not looked at.
 * Context: thread of a user.
 * Holds: the ifnet lock.
 * Blocks: yes, for netisr 0, every network thread and the serializers.
 */
export function* siocsifflags(k: Kernel, request: IfRequest): Routine<number> {
  const { ifr, ifp, cred } = request;
  //@ 1846-1847
  const error = priv_check_cred(cred, PRIV_ROOT, 0);
  if (error !== 0) {
    //@ 1848
    return error;
  }
  //@ 1849-1851
  const new_flags = (ifr.ifr_flags & 0xffff) | (ifr.ifr_flagshigh << 16);
  // Smart drivers mind their own routes.
  if (((yield* ifp.if_flags.load()) & IFF_SMART) === 0) yield* upOrDown(k, ifp, new_flags);

  //@ 1866
  if (((new_flags ^ (yield* ifp.if_flags.load())) & IFF_NPOLLING) !== 0) {
    //@ 1867
    if ((new_flags & IFF_NPOLLING) !== 0) {
      //@ 1868
      yield* ifpoll_register(k, ifp);
    } else {
      //@ 1870
      yield* ifpoll_deregister(k, ifp);
    }
  }

  //@ 1874-1876
  const old = yield* ifp.if_flags.load();
  yield* ifp.if_flags.store((old & IFF_CANTCHANGE) | (new_flags & ~IFF_CANTCHANGE));
  yield* permanentlyPromiscuous(ifp, new_flags);
  //@ 1882
  if (ifp.if_ioctl.fixed !== null) {
    //@ 1883-1885
    yield* callDriver(k, request);
  }
  //@ 1887
  yield* touch(k, ifp);
  return 0;
}

/** Lines 1853 to 1863. */
function* upOrDown(k: Kernel, ifp: Ifnet, new_flags: number): Routine<void> {
  //@ 1853-1854
  if (((yield* ifp.if_flags.load()) & IFF_UP) !== 0 && (new_flags & IFF_UP) === 0) {
    //@ 1855-1857
    yield* crit_enter(k);
    yield* if_down(k, ifp);
    yield* crit_exit(k);
  } else {
    //@ 1858-1859
    if ((new_flags & IFF_UP) !== 0 && ((yield* ifp.if_flags.load()) & IFF_UP) === 0) {
      //@ 1860-1862
      yield* crit_enter(k);
      yield* if_up(k, ifp);
      yield* crit_exit(k);
    }
  }
}

/** Lines 1876 to 1881. */
function* permanentlyPromiscuous(ifp: Ifnet, new_flags: number): Routine<void> {
  if ((new_flags & IFF_PPROMISC) !== 0) {
    //@ 1878
    yield* ifp.if_flags.store((yield* ifp.if_flags.load()) | IFF_PROMISC);
  } else {
    //@ 1879
    if ((yield* ifp.if_pcount.load()) === 0) {
      //@ 1880
      yield* ifp.if_flags.store((yield* ifp.if_flags.load()) & ~IFF_PROMISC);
    }
  }
}

/**
 * `SIOCSIFCAP`: the driver follows, whether or not it has a routine for requests; what it answers is not looked at.
 * Context: thread of a user.
 * Holds: the ifnet lock.
 * Blocks: yes, for the serializers.
 */
export function* siocsifcap(k: Kernel, request: IfRequest): Routine<number> {
  const { ifr, ifp, cred } = request;
  //@ 1891-1892
  const error = priv_check_cred(cred, PRIV_ROOT, 0);
  if (error !== 0) {
    //@ 1893
    return error;
  }
  //@ 1894
  if ((ifr.ifr_int & ~(yield* ifp.if_capabilities.load())) !== 0) {
    //@ 1895
    return EINVAL;
  }
  //@ 1898-1900
  yield* callDriver(k, request);
  return 0;
}

/** `SIOCSIFMETRIC`. Context: thread of a user. Holds: the ifnet lock. Blocks: no. */
export function* siocsifmetric(k: Kernel, { ifr, ifp, cred }: IfRequest): Routine<number> {
  //@ 1952-1953
  const error = priv_check_cred(cred, PRIV_ROOT, 0);
  if (error !== 0) {
    //@ 1954
    return error;
  }
  //@ 1955-1956
  yield* ifp.if_metric.store(ifr.ifr_int);
  yield* touch(k, ifp);
  return 0;
}

/** `SIOCSIFPHYS`: the driver's. Context: thread of a user. Holds: the ifnet lock. Blocks: yes, for the serializers. */
export function* siocsifphys(k: Kernel, request: IfRequest): Routine<number> {
  const { ifp, cred } = request;
  //@ 1960-1961
  let error = priv_check_cred(cred, PRIV_ROOT, 0);
  if (error !== 0) {
    //@ 1962
    return error;
  }
  //@ 1963
  if (ifp.if_ioctl.fixed === null) {
    //@ 1964
    return EOPNOTSUPP;
  }
  //@ 1967-1970
  error = yield* callDriver(k, request);
  if (error === 0) {
    //@ 1971
    yield* touch(k, ifp);
  }
  return error;
}

/**
 * `SIOCSIFMTU`: the driver stores it. The old one is loaded before anything else, privileges included.
 * Context: thread of a user.
 * Holds: the ifnet lock.
 * Blocks: yes, for the serializers, and as INET6 does.
 */
export function* siocsifmtu(k: Kernel, request: IfRequest): Routine<number> {
  const { ifr, ifp, cred } = request;
  //@ 1976-1979
  const oldmtu = yield* ifp.if_mtu.load();
  let error = priv_check_cred(cred, PRIV_ROOT, 0);
  if (error !== 0) {
    //@ 1980
    return error;
  }
  //@ 1981
  if (ifp.if_ioctl.fixed === null) {
    //@ 1982
    return EOPNOTSUPP;
  }
  //@ 1985
  if (ifr.ifr_int < IF_MINMTU || ifr.ifr_int > IF_MAXMTU) {
    //@ 1986
    return EINVAL;
  }
  //@ 1989-1992
  error = yield* callDriver(k, request);
  if (error === 0) {
    //@ 1993-1994
    yield* touch(k, ifp);
    rt_ifmsg(k, ifp);
  }
  //@ 1999
  if ((yield* ifp.if_mtu.load()) !== oldmtu) {
    //@ 2001
    yield* nd6_setmtu(k, ifp);
  }
  return error;
}

/** `SIOCSIFTSOLEN`. Context: thread of a user. Holds: the ifnet lock. Blocks: no. */
export function* siocsiftsolen(_k: Kernel, { ifr, ifp, cred }: IfRequest): Routine<number> {
  //@ 2008-2009
  const error = priv_check_cred(cred, PRIV_ROOT, 0);
  if (error !== 0) {
    //@ 2010
    return error;
  }
  //@ 2013
  if (ifr.ifr_int <= 0) {
    //@ 2014
    return EINVAL;
  }
  //@ 2017
  yield* ifp.if_tsolen.store(ifr.ifr_int);
  return 0;
}
