/**
 * Watchdogs of subqueues: a callout per subqueue that counts seconds down for the driver.
 *
 * Mirrors: sys/net/if.c (seed 001 lines 3443 to 3493); sys/net/ifq_var.h `struct ifsubq_watchdog`.
 *
 * The callout re-arms itself whatever happens, so a stop that comes while it runs is undone by it. Nothing but the
 * driver's stop ends it, and detach does not look at it.
 */
import { Struct, frozen, word, type Frozen, type Routine, type Word } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import {
  Callout,
  callout_init_mp,
  callout_reset_bycpu,
  callout_stop,
} from "../kern/kern_timeout.ts";
import type { IfaltqSubque } from "./altq/if_altq.ts";
import type { IfsqWatchdog } from "./driver.ts";
import { ifnet_deserialize_all, ifnet_tryserialize_all } from "./if_serialize.ts";
import { ifsq_get_cpuid, ifsq_get_ifp } from "./ifsq_var.ts";

/**
 * `struct ifsubq_watchdog`, part of a driver's ring.
 * @see {@link defineDriver} for an example
 */
export class IfsubqWatchdog extends Struct {
  readonly wd_callout: Callout;
  /** Seconds left; 0: not watching. The driver stores it under its serializer, the callout under nothing. */
  readonly wd_timer: Word<number>;
  readonly wd_subq: Frozen<IfaltqSubque | null>;
  readonly wd_watchdog: Frozen<IfsqWatchdog | null>;

  constructor(k: Kernel, label: string) {
    super(k.x, label);
    this.wd_callout = new Callout(k, `${label} wd_callout`);
    this.wd_timer = word(this, 0);
    this.wd_subq = frozen<IfaltqSubque | null>(this, null);
    this.wd_watchdog = frozen<IfsqWatchdog | null>(this, null);
  }
}

/**
 * Counts a second down; when none is left calls the driver's watchdog, or tries again in a second if the
 * serializers are busy. Always re-arms itself, on the owner CPU of now.
 * Context: softclock of the CPU that owned the subqueue when it was armed.
 * Holds: nothing.
 * Blocks: as the driver's watchdog does; later callouts of that CPU wait.
 */
function* ifsq_watchdog(k: Kernel, wd: IfsubqWatchdog): Routine<void> {
  //@ 3446-3449
  if (yield* watchdogExpired(k, wd)) {
    //@ 3452-3453
    const ifsq = wd.wd_subq.fixed as IfaltqSubque; // set by ifsq_watchdog_init
    const ifp = ifsq_get_ifp(ifsq);
    if (yield* ifnet_tryserialize_all(k, ifp)) {
      //@ 3454-3455
      k.onBranch?.("subqueue watchdog: fires");
      yield* (wd.wd_watchdog.fixed as IfsqWatchdog)(k, ifsq);
      yield* ifnet_deserialize_all(k, ifp);
    } else {
      //@ 3458
      k.onBranch?.("subqueue watchdog: serializers held, tries again");
      yield* wd.wd_timer.store(1);
    }
  }
  //@ 3461
  yield* ifsq_watchdog_reset(k, wd);
}

/** Not (`wd_timer == 0 || --wd_timer`): the decrement is a load and a store. */
function* watchdogExpired(k: Kernel, wd: IfsubqWatchdog): Routine<boolean> {
  if ((yield* wd.wd_timer.load()) === 0) {
    //@ 3450
    k.onBranch?.("subqueue watchdog: not watching");
    return false;
  }
  const left = (yield* wd.wd_timer.load()) - 1;
  yield* wd.wd_timer.store(left);
  if (left !== 0) {
    //@ 3450
    k.onBranch?.("subqueue watchdog: counts down");
    return false;
  }
  return true;
}

function* ifsq_watchdog_reset(k: Kernel, wd: IfsubqWatchdog): Routine<void> {
  //@ 3467-3468
  const cpu = yield* ifsq_get_cpuid(wd.wd_subq.fixed as IfaltqSubque); // set by ifsq_watchdog_init
  yield* callout_reset_bycpu(k, wd.wd_callout, k.params.hz, ifsq_watchdog, wd, cpu);
}

/**
 * Prepares a watchdog.
 * Context: the driver, once, after attach.
 * Holds: nothing.
 * Blocks: no.
 */
export function* ifsq_watchdog_init(
  k: Kernel,
  wd: IfsubqWatchdog,
  ifsq: IfaltqSubque,
  watchdog: IfsqWatchdog,
): Routine<void> {
  //@ 3475-3478
  callout_init_mp(k, wd.wd_callout);
  yield* wd.wd_timer.store(0);
  wd.wd_subq.fixed = ifsq;
  wd.wd_watchdog.fixed = watchdog;
}

/**
 * Arms a watchdog; it watches once `wd_timer` is set.
 * Context: the driver.
 * Holds: its serializers.
 * Blocks: as `callout_reset_bycpu` does.
 */
export function* ifsq_watchdog_start(k: Kernel, wd: IfsubqWatchdog): Routine<void> {
  //@ 3484-3485
  yield* wd.wd_timer.store(0);
  yield* ifsq_watchdog_reset(k, wd);
}

/**
 * Disarms a watchdog, unless it is running: then it re-arms itself.
 * Context: the driver.
 * Holds: its serializers.
 * Blocks: as `callout_stop` does.
 */
export function* ifsq_watchdog_stop(k: Kernel, wd: IfsubqWatchdog): Routine<void> {
  //@ 3491-3492
  yield* wd.wd_timer.store(0);
  yield* callout_stop(k, wd.wd_callout);
}
