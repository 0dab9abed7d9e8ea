/**
 * Requests that are the driver's business: passed on inside the serializers.
 *
 * Mirrors: sys/net/if.c (seed 001 lines 2048 to 2086): cases of `ifioctl`.
 */
import type { Routine } from "../../../sim/index.ts";
import type { Kernel } from "../../kernel.ts";
import { PRIV_ROOT, priv_check_cred } from "../../kern/kern_prot.ts";
import { EOPNOTSUPP } from "../../sys/errno.ts";
import { IFNAMSIZ } from "../ifreq.ts";
import { callDriver, touch, type IfRequest } from "./request.ts";

/**
 * Requests that change something: `SIOCSIFPHYADDR`, `SIOCDIFPHYADDR`, `SIOCSLIFPHYADDR`, `SIOCSIFMEDIA`,
 * `SIOCSIFGENERIC`.
 * Context: thread of a user.
 * Holds: the ifnet lock.
 * Blocks: yes, for the serializers, and as the driver does.
 */
export function* passChange(k: Kernel, request: IfRequest): Routine<number> {
  const { ifp, cred } = request;
  //@ 2056-2057
  let error = priv_check_cred(cred, PRIV_ROOT, 0);
  if (error !== 0) {
    //@ 2058
    return error;
  }
  //@ 2059
  if (ifp.if_ioctl.fixed === null) {
    //@ 2060
    return EOPNOTSUPP;
  }
  //@ 2063-2066
  error = yield* callDriver(k, request);
  if (error === 0) {
    //@ 2067
    yield* touch(k, ifp);
  }
  return error;
}

/**
 * `SIOCGIFSTATUS`: as {@link passQuestion}, with an empty text to begin with.
 * Context: thread of a user.
 * Holds: the ifnet lock.
 * Blocks: yes, for the serializers, and as the driver does.
 */
export function* siocgifstatus(k: Kernel, request: IfRequest): Routine<number> {
  //@ 2071-2072
  request.ifr.data[IFNAMSIZ] = 0; // ifs->ascii[0]
  return yield* passQuestion(k, request);
}

/**
 * Requests that ask: `SIOCGIFPSRCADDR`, `SIOCGIFPDSTADDR`, `SIOCGLIFPHYADDR`, `SIOCGIFMEDIA`, `SIOCGIFGENERIC`.
 * Context: thread of a user.
 * Holds: the ifnet lock.
 * Blocks: yes, for the serializers, and as the driver does.
 */
export function* passQuestion(k: Kernel, request: IfRequest): Routine<number> {
  //@ 2079
  if (request.ifp.if_ioctl.fixed === null) {
    //@ 2080
    return EOPNOTSUPP;
  }
  //@ 2083-2085
  return yield* callDriver(k, request);
}
