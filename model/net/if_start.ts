/**
 * The `if_start` interlock: who calls a driver's `if_start`, when, and on which CPU.
 *
 * Mirrors: sys/net/if.c (seed 001 lines 237 to 247, 268 to 427 and 2933 to 2972).
 *
 * `ifsq_started` means that a duty to call `if_start` exists. It is carried by code between `ifsq_set_started`
 * and `ifsq_clr_started`, by a stage with `IFSQ_STAGE_FLAG_SCHED`, by an IPI in flight, or by a queued `if_start`
 * message. `ifsq_devstart_sched`, `ifq_handoff` and `tbr_timeout` run `if_start` without owning it.
 */
import type { Routine } from "../../sim/index.ts";
import type { Branch } from "../branches.ts";
import type { Kernel } from "../kernel.ts";
import { curthread, globaldata_find, mycpu, mycpuid } from "../kern/globaldata.ts";
import { lwkt_send_ipiq } from "../kern/lwkt_ipiq.ts";
import { MSGF_DONE, lwkt_replymsg, lwkt_sendmsg_oncpu } from "../kern/lwkt_msgport.ts";
import { TD_TYPE_NETISR } from "../kern/lwkt_thread.ts";
import { crit_enter, crit_enter_gd, crit_exit, crit_exit_gd } from "../kern/thread2.ts";
import type { IfaltqSubque } from "./altq/if_altq.ts";
import { IFSQ_STAGE_FLAG_QUED, IFSQ_STAGE_FLAG_SCHED } from "./altq/if_altq.ts";
import { ALTQ_SQ_LOCK, ALTQ_SQ_UNLOCK, ASSERT_ALTQ_SQ_SERIALIZED_HW } from "./altq/altq_sq.ts";
import { ifsq_stage_insert, myStageHead } from "./if_stage.ts";
import { IFF_RUNNING, type Ifnet } from "./if_var.ts";
import {
  ifq_get_subq_default,
  ifsq_clr_started,
  ifsq_data_ready,
  ifsq_deserialize_hw,
  ifsq_get_cpuid,
  ifsq_get_ifp,
  ifsq_get_ifstart_lmsg,
  ifsq_get_stage,
  ifsq_is_empty,
  ifsq_is_oactive,
  ifsq_is_started,
  ifsq_serialize_hw,
  ifsq_set_started,
  ifsq_tryserialize_hw,
} from "./ifsq_var.ts";
import type { NetmsgBase } from "./netmsg.ts";
import { netisr_cpuport } from "./netisr.ts";

/**
 * Queues this CPU's `if_start` message at its netisr, unless it is queued already: then the queued one will do
 * the work.
 * Context: IPI on the owner CPU, or called on it by anybody.
 * Holds: nothing it knows of.
 * Blocks: no.
 */
export function* ifsq_ifstart_ipifunc(k: Kernel, arg: IfaltqSubque): Routine<void> {
  //@ 240-244
  const lmsg = ifsq_get_ifstart_lmsg(arg, mycpuid(k));

  yield* crit_enter(k);
  if (((yield* lmsg.ms_flags.load()) & MSGF_DONE) !== 0) {
    //@ 245
    k.onBranch?.("if_start message: sent");
    yield* lwkt_sendmsg_oncpu(k, netisr_cpuport(k, mycpuid(k)), lmsg);
  } else {
    k.onBranch?.("if_start message: queued already");
  }
  //@ 246
  yield* crit_exit(k);
}

/**
 * Schedules `if_start` on the owner CPU; a netisr that is not forced only stages it.
 * Left undone when staged: `if_start_rollup` of this CPU turns it into a forced schedule, `ifq_dispatch` on this
 * CPU does once the stage is full.
 * Context: any thread.
 * Holds: the duty, unless called by `ifsq_devstart_sched`.
 * Blocks: no.
 */
export function* ifsq_ifstart_schedule(
  k: Kernel,
  ifsq: IfaltqSubque,
  force: boolean,
): Routine<void> {
  //@ 276-277
  if (!force && curthread(k).td_type === TD_TYPE_NETISR && k.params.ifsq_stage_cntmax > 0) {
    //@ 278-282
    const stage = ifsq_get_stage(ifsq, mycpuid(k));

    stage.stg_cnt.mine = 0;
    stage.stg_len.mine = 0;
    if ((stage.stg_flags.mine & IFSQ_STAGE_FLAG_QUED) === 0) {
      //@ 283
      ifsq_stage_insert(k, myStageHead(k), stage);
    }
    //@ 284-285
    stage.stg_flags.mine |= IFSQ_STAGE_FLAG_SCHED;
    k.onBranch?.("schedule: owed by a stage");
    return;
  }

  //@ 288-289
  const cpu = yield* ifsq_get_cpuid(ifsq);
  if (cpu !== mycpuid(k)) {
    //@ 290
    k.onBranch?.("schedule: by IPI to the owner");
    yield* lwkt_send_ipiq(k, globaldata_find(k, cpu), ifsq_ifstart_ipifunc, ifsq);
  } else {
    //@ 292
    k.onBranch?.("schedule: directly on the owner");
    yield* ifsq_ifstart_ipifunc(k, ifsq);
  }
}

/**
 * Releases the interlock unless it returns true: then the caller still owns it and must schedule `if_start`.
 *
 * It is released, and work may be left undone, if
 *   1. the hardware takes no packets: the interface is down (bringing it up purges), or the ring is full
 *      (`ifsq_is_oactive`: the completion interrupt calls `ifsq_devstart` or `ifsq_devstart_sched`);
 *   2. there is no packet: the next `ifq_dispatch` or `ifq_handoff` starts again;
 *   3. the token bucket allows no dequeue: `tbr_timeout` calls `if_start`.
 *
 * The first look at the queue and the look at the regulator are without the lock. A false "not empty" merely
 * schedules once more; a false "empty" is looked at again under the lock.
 * Context: any thread.
 * Holds: the duty, and the hardware serializer where a driver calls.
 * Blocks: yes, for the subqueue lock.
 */
export function* ifsq_ifstart_need_schedule(
  k: Kernel,
  ifsq: IfaltqSubque,
  running: boolean,
): Routine<boolean> {
  //@ 303-307
  if (
    !running ||
    (yield* ifsq_is_empty(ifsq)) ||
    (yield* ifsq.ifsq_altq.fixed.altq_tbr.load()) !== null
  ) {
    //@ 308-325
    yield* ALTQ_SQ_LOCK(k, ifsq);
    if (!running || !(yield* ifsq_data_ready(k, ifsq))) {
      //@ 326-328
      k.onBranch?.(whyReleased(ifsq, running));
      ifsq_clr_started(ifsq);
      yield* ALTQ_SQ_UNLOCK(k, ifsq);
      return false;
    }
    //@ 330
    k.onBranch?.("interlock kept: packets at the look under the lock");
    yield* ALTQ_SQ_UNLOCK(k, ifsq);
  } else {
    k.onBranch?.("interlock kept: packets at the first look");
  }
  //@ 332
  return true;
}

/** For who listens to branches: which of the three reasons it is. Who was scheduled by a driver may hold nothing. */
function whyReleased(ifsq: IfaltqSubque, running: boolean): Branch {
  if (ifsq.ifsq_started.peek() === 0) return "interlock released: nobody holds it";
  if (!running) {
    const busy = ifsq.ifsq_hw_oactive.peek() !== 0;
    return busy ? "interlock released: hardware full" : "interlock released: not running";
  }
  return ifsq.ifsq_len.peek() === 0 ? "interlock released: queue empty" : "interlock released: no token";
}

/** `IFF_RUNNING` and not oactive. Holds: the hardware serializer. */
function* mayStart(ifp: Ifnet, ifsq: IfaltqSubque): Routine<boolean> {
  return ((yield* ifp.if_flags.load()) & IFF_RUNNING) !== 0 && !ifsq_is_oactive(ifsq);
}

/**
 * Handler of the `if_start` message. Replies first, so that the message can be queued again while it runs.
 * Left undone when the owner CPU changed meanwhile: the new owner's message is scheduled, and carries the duty.
 * Context: netisr of the CPU that was the owner.
 * Holds: nothing.
 * Blocks: yes, for the hardware serializer and the subqueue lock, inside its critical section.
 */
export function* ifsq_ifstart_dispatch(k: Kernel, msg: NetmsgBase): Routine<void> {
  //@ 338-348
  const ifsq = msg.u.ms_resultp as IfaltqSubque; // set by if_attach
  const ifp = ifsq_get_ifp(ifsq);
  const gd = mycpu(k);
  let running = false;

  yield* crit_enter_gd(k, gd);

  yield* lwkt_replymsg(k, msg, 0);

  if (gd.gd_cpuid !== (yield* ifsq_get_cpuid(ifsq))) {
    //@ 352-354
    k.onBranch?.("schedule: the owner has moved");
    yield* ifsq_ifstart_schedule(k, ifsq, true);
    yield* crit_exit_gd(k, gd);
    return;
  }

  //@ 357-358
  yield* ifsq_serialize_hw(k, ifsq);
  if (yield* mayStart(ifp, ifsq)) {
    //@ 359-360
    k.onBranch?.("if_start called: by the message");
    yield* ifp.if_start.fixed(k, ifp, ifsq);
    if (yield* mayStart(ifp, ifsq)) {
      //@ 361
      running = true;
    }
  } else {
    k.onBranch?.("if_start not called: by the message");
  }
  //@ 363-366
  const need_sched = yield* ifsq_ifstart_need_schedule(k, ifsq, running);
  yield* ifsq_deserialize_hw(k, ifsq);

  // More data needs to be transmitted: the interlock is not released, the next call carries it.
  if (need_sched) {
    //@ 372
    yield* ifsq_ifstart_schedule(k, ifsq, false);
  }

  //@ 375
  yield* crit_exit_gd(k, gd);
}

/**
 * Driver helper: calls `if_start` if there is a packet and nobody has the duty yet.
 * Context: any thread; interrupt threads, polling, watchdogs.
 * Holds: the hardware serializer.
 * Blocks: yes, for the subqueue lock.
 */
export function* ifsq_devstart(k: Kernel, ifsq: IfaltqSubque): Routine<void> {
  //@ 382-388
  const ifp = ifsq_get_ifp(ifsq);
  let running = false;

  ASSERT_ALTQ_SQ_SERIALIZED_HW(k, ifsq);

  yield* ALTQ_SQ_LOCK(k, ifsq);
  if (ifsq_is_started(ifsq) || !(yield* ifsq_data_ready(k, ifsq))) {
    //@ 389-390
    k.onBranch?.(ifsq_is_started(ifsq) ? "interlock held: ifsq_devstart leaves" : "ifsq_devstart: nothing to send");
    yield* ALTQ_SQ_UNLOCK(k, ifsq);
    return;
  }
  //@ 392-397
  k.onBranch?.("interlock taken: by ifsq_devstart");
  ifsq_set_started(ifsq);
  yield* ALTQ_SQ_UNLOCK(k, ifsq);

  k.onBranch?.("if_start called: by ifsq_devstart");
  yield* ifp.if_start.fixed(k, ifp, ifsq);

  if (yield* mayStart(ifp, ifsq)) {
    //@ 398
    running = true;
  }

  //@ 400
  // More data needs to be transmitted: the interlock is not released, the next call carries it.
  if (yield* ifsq_ifstart_need_schedule(k, ifsq, running)) {
    //@ 406
    yield* ifsq_ifstart_schedule(k, ifsq, false);
  }
}

/**
 * {@link ifsq_devstart} on the default subqueue.
 * Context: any thread.
 * Holds: its hardware serializer.
 * Blocks: yes, for the subqueue lock.
 */
export function* if_devstart(k: Kernel, ifp: Ifnet): Routine<void> {
  //@ 413
  yield* ifsq_devstart(k, ifq_get_subq_default(ifp.if_snd));
}

/**
 * Driver helper: schedules `if_start` on the owner CPU without owning the interlock.
 * Context: any thread.
 * Holds: nothing it needs.
 * Blocks: no.
 */
export function* ifsq_devstart_sched(k: Kernel, ifsq: IfaltqSubque): Routine<void> {
  //@ 420
  k.onBranch?.("schedule: for a driver");
  yield* ifsq_ifstart_schedule(k, ifsq, true);
}

/**
 * {@link ifsq_devstart_sched} on the default subqueue.
 * Context: any thread.
 * Holds: nothing it needs.
 * Blocks: no.
 */
export function* if_devstart_sched(k: Kernel, ifp: Ifnet): Routine<void> {
  //@ 426
  yield* ifsq_devstart_sched(k, ifq_get_subq_default(ifp.if_snd));
}

/**
 * Calls `if_start` directly if the hardware serializer is free; if not, schedules it on the owner CPU, and
 * whoever holds the serializer is not waited for.
 * Context: any thread.
 * Holds: the duty; not the hardware serializer.
 * Blocks: yes, for the subqueue lock.
 */
export function* ifsq_ifstart_try(k: Kernel, ifsq: IfaltqSubque, force_sched: boolean): Routine<void> {
  //@ 2936-2944
  const ifp = ifsq_get_ifp(ifsq);
  let running = false;

  if (!(yield* ifsq_tryserialize_hw(k, ifsq))) {
    //@ 2950-2951
    k.onBranch?.("schedule: hardware serializer held");
    yield* ifsq_ifstart_schedule(k, ifsq, true);
    return;
  }

  //@ 2954
  if (yield* mayStart(ifp, ifsq)) {
    //@ 2955-2956
    k.onBranch?.("if_start called: directly");
    yield* ifp.if_start.fixed(k, ifp, ifsq);
    if (yield* mayStart(ifp, ifsq)) {
      //@ 2957
      running = true;
    }
  } else {
    k.onBranch?.("if_start not called: directly");
  }
  //@ 2959-2963
  const need_sched = yield* ifsq_ifstart_need_schedule(k, ifsq, running);

  yield* ifsq_deserialize_hw(k, ifsq);

  // More data needs to be transmitted: the interlock is not released, the next call carries it.
  if (need_sched) {
    //@ 2970
    yield* ifsq_ifstart_schedule(k, ifsq, force_sched);
  }
}
