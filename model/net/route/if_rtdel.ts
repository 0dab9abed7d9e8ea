/**
 * Deleting the routes over an interface, and the default of what an address does when a route uses it.
 *
 * Mirrors: sys/net/if.c (seed 001 lines 845 to 870, 980 to 986, 1206 to 1246 and 1454 to 1477).
 */
import { misuse, type Routine } from "../../../sim/index.ts";
import type { Kernel } from "../../kernel.ts";
import { curthread, mycpuid } from "../../kern/globaldata.ts";
import { MSGF_PRIORITY, lwkt_forwardmsg, lwkt_replymsg } from "../../kern/lwkt_msgport.ts";
import type { Ifnet } from "../if_var.ts";
import type { Ifaddr } from "../ifaddr/ifaddr.ts";
import { IFAFREE, IFAREF } from "../ifaddr/ifa_ref.ts";
import { ifaof_ifpforaddr } from "../ifaddr/ifaof_ifpforaddr.ts";
import { netisr_cpuport } from "../netisr.ts";
import { NetmsgBase, netmsg_init } from "../netmsg.ts";
import { AF_MAX } from "../sockaddr.ts";
import { rt_domsg_global, rtrequest } from "./rt_tables.ts";
import { RTF_UP, RTM_ADD, RTM_DELETE, type Rtentry } from "./rtentry.ts";

/** `struct netmsg_if_rtdel`. */
class NetmsgIfRtdel extends NetmsgBase {
  readonly ifp: Ifnet;

  constructor(k: Kernel, ifp: Ifnet) {
    super(k, "if_rtdel");
    this.ifp = ifp;
  }
}

/** In C a cast. */
function rtdelOf(nmsg: NetmsgBase): NetmsgIfRtdel {
  if (nmsg instanceof NetmsgIfRtdel) return nmsg;
  return misuse("no-rtdel-message", `${nmsg.label} does not say whose routes go`);
}

/**
 * Deletes the interface's routes from this CPU's tables, and passes on.
 * Context: netisr, as a message handler.
 * Holds: nothing.
 * Blocks: no.
 */
function* if_rtdel_dispatch(k: Kernel, msg: NetmsgBase): Routine<void> {
  //@ 853-857
  const rmsg = rtdelOf(msg);
  const cpu = mycpuid(k);
  for (let i = 1; i <= AF_MAX; i++) {
    //@ 860
    const rnh = k.net.rt_tables[cpu]?.[i] ?? null;
    if (rnh === null) {
      //@ 861
      continue;
    }
    //@ 862
    yield* rnh.rnh_walktree(k, if_rtdel, rmsg.ifp);
  }

  //@ 865-866
  const nextcpu = cpu + 1;
  if (nextcpu < k.params.ncpus) {
    //@ 867
    yield* lwkt_forwardmsg(k, netisr_cpuport(k, nextcpu), rmsg);
  } else {
    //@ 869
    yield* lwkt_replymsg(k, rmsg, 0);
  }
}

/**
 * Deletes what is left of the routes over an interface, on every CPU.
 * Context: thread, at detach.
 * Holds: nothing a netisr needs.
 * Blocks: yes, for every netisr.
 */
export function* deleteRoutes(k: Kernel, ifp: Ifnet): Routine<void> {
  //@ 983-986
  const msg = new NetmsgIfRtdel(k, ifp);
  netmsg_init(k, msg, null, curthread(k).td_msgport, MSGF_PRIORITY, if_rtdel_dispatch);
  yield* rt_domsg_global(k, msg);
  msg.leaveFrame();
}

/**
 * Deletes a route if it leads over an interface; called for each route of a walk. Always 0: the walk goes on.
 * Context: netisr, in a walk over a table of its CPU.
 * Holds: nothing.
 * Blocks: no.
 */
function* if_rtdel(k: Kernel, rt: Rtentry, ifp: Ifnet): Routine<number> {
  //@ 1224-1228
  if (rt.rt_ifp.here === ifp) {
    //@ 1234
    // A route of a walk that was deleted as another's clone: not here, where none is cloned.
    if ((rt.rt_flags.here & RTF_UP) === 0) {
      //@ 1235
      return 0;
    }

    //@ 1237-1240
    k.onBranch?.("detach: a route goes with its interface");
    const { rt_key: key, rt_gateway: gateway, rt_mask: mask } = rt;
    const err = yield* rtrequest(k, RTM_DELETE, { key, gateway, mask, flags: rt.rt_flags.here }, null);
    if (err !== 0) {
      //@ 1241
      k.net.logged.push(`if_rtdel: error ${err}`);
    }
  }

  //@ 1245
  return 0;
}

/**
 * What a link-level address does when a route comes to use it: the route is given the address of the interface that
 * fits its destination better.
 * Context: netisr, inside `rtrequest`.
 * Holds: the reference of the route on its address.
 * Blocks: no.
 */
export function* link_rtrequest(k: Kernel, cmd: number, rt: Rtentry): Routine<void> {
  //@ 1466-1467
  const used = rt.rt_ifa.here;
  const ifp = used === null ? null : used.ifa_ifp.fixed;
  if (cmd !== RTM_ADD || used === null || ifp === null) {
    //@ 1468
    return;
  }
  //@ 1469-1470
  const ifa: Ifaddr | null = yield* ifaof_ifpforaddr(k, rt.rt_key, ifp);
  if (ifa !== null) {
    //@ 1471-1474
    yield* IFAFREE(k, used);
    yield* IFAREF(k, ifa);
    rt.rt_ifa.here = ifa;
    const told = ifa.ifa_rtrequest.fixed;
    if (told !== null && told !== link_rtrequest) {
      //@ 1475
      yield* told(k, cmd, rt);
    }
  }
}
