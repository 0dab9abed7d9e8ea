/**
 * The slow timer of all interfaces: once a second netisr 0 counts `if_timer` down and calls watchdogs.
 *
 * Mirrors: sys/net/if.c (seed 001 lines 1630 to 1699).
 */
import type { Routine } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { curthread, mycpu, mycpuid } from "../kern/globaldata.ts";
import { callout_reset } from "../kern/kern_timeout.ts";
import { MSGF_DONE, lwkt_replymsg, lwkt_sendmsg_oncpu } from "../kern/lwkt_msgport.ts";
import { crit_enter, crit_enter_gd, crit_exit, crit_exit_gd } from "../kern/thread2.ts";
import { KASSERT } from "../panic.ts";
import { ifnet_array_get } from "./if_array.ts";
import { ifnet_deserialize_all, ifnet_tryserialize_all } from "./if_serialize.ts";
import { IFNET_SLOWHZ, IFNET_STATS, IFNET_STAT_GET, compatStat, type Ifnet } from "./if_var.ts";
import type { NetmsgBase } from "./netmsg.ts";
import { netisr_cpuport } from "./netisr.ts";

/**
 * Counts every interface's timer down; calls the watchdog of those that ran out, or tries again next time if the
 * serializers are busy. Where `if_stats_compat` says so, copies what the CPUs have counted to where old readers look
 * (`if_ipackets` and its like). Arms the callout at its end: one message at a time is in flight.
 * Context: netisr 0.
 * Holds: nothing.
 * Blocks: as the watchdogs do, inside a critical section.
 */
export function* if_slowtimo_dispatch(k: Kernel, nmsg: NetmsgBase): Routine<void> {
  //@ 1638-1650
  const gd = mycpu(k);
  KASSERT(k, curthread(k).td_msgport === netisr_cpuport(k, 0), "not in netisr0");

  yield* crit_enter_gd(k, gd);
  yield* lwkt_replymsg(k, nmsg, 0); // reply ASAP
  yield* crit_exit_gd(k, gd);

  const arr = yield* ifnet_array_get(k);
  for (let i = 0; i < arr.ifnet_count.fixed; ++i) {
    const ifp = arr.ifnet_arr[i]?.fixed as Ifnet; // bounded by count

    //@ 1651-1655
    yield* crit_enter_gd(k, gd);

    if (k.net.if_stats_compat !== 0) {
      //@ 1656-1666
      for (const name of IFNET_STATS) {
        yield* compatStat(ifp, name).store(yield* IFNET_STAT_GET(k, ifp, name));
      }
    }

    //@ 1669
    if (!(yield* timerExpired(k, ifp))) {
      //@ 1670-1671
      yield* crit_exit_gd(k, gd);
      continue;
    }
    yield* callWatchdog(k, ifp);

    //@ 1683
    yield* crit_exit_gd(k, gd);
  }

  //@ 1686
  const ticks = Math.trunc(k.params.hz / IFNET_SLOWHZ);
  yield* callout_reset(k, k.net.if_slowtimo_timer, ticks, if_slowtimo, null);
}

/** Not (`if_timer == 0 || --if_timer`): the decrement is a load and a store. */
function* timerExpired(k: Kernel, ifp: Ifnet): Routine<boolean> {
  if ((yield* ifp.if_timer.load()) === 0) {
    k.onBranch?.("interface watchdog: not watching");
    return false;
  }
  const left = (yield* ifp.if_timer.load()) - 1;
  yield* ifp.if_timer.store(left);
  if (left !== 0) k.onBranch?.("interface watchdog: counts down");
  return left === 0;
}

function* callWatchdog(k: Kernel, ifp: Ifnet): Routine<void> {
  //@ 1673
  const if_watchdog = ifp.if_watchdog.fixed;
  if (if_watchdog === null) {
    k.onBranch?.("interface watchdog: the driver has none");
    return;
  }
  //@ 1674
  if (yield* ifnet_tryserialize_all(k, ifp)) {
    //@ 1675-1676
    k.onBranch?.("interface watchdog: fires");
    yield* if_watchdog(k, ifp);
    yield* ifnet_deserialize_all(k, ifp);
  } else {
    //@ 1679
    // Try again next timeout.
    k.onBranch?.("interface watchdog: serializers held, tries again");
    yield* ifp.if_timer.store((yield* ifp.if_timer.load()) + 1);
  }
}

/**
 * Sends the slow timer's message to netisr 0, unless it is still queued.
 * Context: softclock 0.
 * Holds: nothing.
 * Blocks: no.
 */
function* if_slowtimo(k: Kernel): Routine<void> {
  //@ 1692-1696
  const lmsg = k.net.if_slowtimo_netmsg;

  KASSERT(k, mycpuid(k) === 0, "not on cpu0");
  yield* crit_enter(k);
  if (((yield* lmsg.ms_flags.load()) & MSGF_DONE) !== 0) {
    //@ 1697
    k.onBranch?.("slow timer: message sent");
    yield* lwkt_sendmsg_oncpu(k, netisr_cpuport(k, 0), lmsg);
  } else {
    k.onBranch?.("slow timer: message queued still");
  }
  //@ 1698
  yield* crit_exit(k);
}
