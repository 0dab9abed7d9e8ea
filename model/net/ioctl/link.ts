/**
 * Requests about link-level addresses: of a group, and the interface's own.
 *
 * Mirrors: sys/net/if.c (seed 001 lines 2020 to 2046 and 2088 to 2095): cases of `ifioctl`.
 */
import type { Routine } from "../../../sim/index.ts";
import type { Kernel } from "../../kernel.ts";
import { EVENTHANDLER_INVOKE } from "../../kern/eventhandler.ts";
import { PRIV_ROOT, priv_check_cred } from "../../kern/kern_prot.ts";
import { EINVAL, EOPNOTSUPP } from "../../sys/errno.ts";
import { SIOCADDMULTI } from "../../sys/sockio.ts";
import { if_addmulti, if_delmulti, type RetIfma } from "../if_multi.ts";
import { if_setlladdr } from "../if_lladdr.ts";
import { IFF_MULTICAST } from "../if_var.ts";
import { AF_LINK, SA_DATA, Sockaddr } from "../sockaddr.ts";
import { touch, type IfRequest } from "./request.ts";

/**
 * `SIOCADDMULTI`, `SIOCDELMULTI`: a membership that a user asks for. A link-level address ends with the request, however
 * long it says it is.
 * Context: thread of a user.
 * Holds: the ifnet lock.
 * Blocks: yes, for the serializers and memory.
 */
export function* siocaddmulti(k: Kernel, { cmd, ifr, ifp, cred }: IfRequest): Routine<number> {
  //@ 2022-2023
  let error = priv_check_cred(cred, PRIV_ROOT, 0);
  if (error !== 0) {
    //@ 2024
    return error;
  }
  // No membership on interfaces without multicast.
  //@ 2027
  if (((yield* ifp.if_flags.load()) & IFF_MULTICAST) === 0) {
    //@ 2028
    return EOPNOTSUPP;
  }
  // Entries of protocols are not a user's to touch.
  //@ 2033
  if (ifr.ifr_addr[1] !== AF_LINK) {
    //@ 2034
    return EINVAL;
  }

  const sa = new Sockaddr(k, "ifr_addr", ifr.ifr_addr.slice());
  //@ 2038
  if (cmd === SIOCADDMULTI) {
    //@ 2040
    const ifma: RetIfma = { ifma: null };
    error = yield* if_addmulti(k, ifp, sa, ifma);
  } else {
    //@ 2042
    error = yield* if_delmulti(k, ifp, sa);
  }
  //@ 2044
  if (error === 0) {
    //@ 2045
    yield* touch(k, ifp);
  }
  return error;
}

/**
 * `SIOCSIFLLADDR`: who listens is told, whatever came of it.
 * Context: thread of a user.
 * Holds: the ifnet lock.
 * Blocks: yes, for the serializers, and as the driver and the event handlers do.
 */
export function* siocsiflladdr(k: Kernel, { ifr, ifp, cred }: IfRequest): Routine<number> {
  //@ 2089-2090
  let error = priv_check_cred(cred, PRIV_ROOT, 0);
  if (error !== 0) {
    //@ 2091
    return error;
  }
  //@ 2092-2094
  error = yield* if_setlladdr(k, ifp, ifr.ifr_addr.subarray(SA_DATA), ifr.ifr_addr[0] as number);
  yield* EVENTHANDLER_INVOKE(k, k.net.iflladdr_event, ifp);
  return error;
}
