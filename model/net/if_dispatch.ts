/**
 * The transmit entry points.
 *
 * Mirrors: sys/net/if.c `ifq_dispatch` (seed 001 lines 3011 to 3109); sys/net/ifq_var.h `ifq_handoff`.
 */
import type { Routine } from "../../sim/index.ts";
import type { Branch } from "../branches.ts";
import { returned } from "../errnos.ts";
import type { Kernel } from "../kernel.ts";
import { mycpu, mycpuid } from "../kern/globaldata.ts";
import { TD_TYPE_NETISR } from "../kern/lwkt_thread.ts";
import { crit_enter_quick, crit_exit_quick } from "../kern/thread2.ts";
import { KKASSERT } from "../panic.ts";
import { M_MCAST, type Mbuf } from "../sys/mbuf.ts";
import {
  IFSQ_STAGE_FLAG_QUED,
  IFSQ_STAGE_FLAG_SCHED,
  type AltqPktattr,
  type IfaltqSubque,
  type IfsubqStage,
} from "./altq/if_altq.ts";
import {
  ALTQ_SQ_LOCK,
  ALTQ_SQ_UNLOCK,
  ASSERT_ALTQ_SQ_NOT_SERIALIZED_HW,
  ASSERT_ALTQ_SQ_SERIALIZED_HW,
} from "./altq/altq_sq.ts";
import { ifsq_stage_insert, ifsq_stage_remove, myStageHead, type IfsubqStageHead } from "./if_stage.ts";
import { ifsq_ifstart_schedule, ifsq_ifstart_try } from "./if_start.ts";
import { IFNET_STAT_INC, type Ifnet } from "./if_var.ts";
import { ifsq_enqueue, ifsq_enqueue_locked } from "./ifq_var.ts";
import {
  ifq_get_subq_default,
  ifq_map_subq,
  ifsq_data_ready,
  ifsq_get_stage,
  ifsq_is_oactive,
  ifsq_is_started,
  ifsq_set_started,
} from "./ifsq_var.ts";

/**
 * Hands a packet to an interface; errno. Consumes the packet either way.
 *
 * Left undone, and who resumes it:
 *   - staged, `if_start` not called: the next `ifq_dispatch` of this CPU that fills the stage, or
 *     `if_start_rollup` of this CPU;
 *   - somebody else holds the `if_start` interlock: he looks at the queue before he releases it;
 *   - a full queue still tries to start: the caller before may have left it to us.
 * Context: any thread.
 * Holds: not the hardware serializer, not the subqueue lock.
 * Blocks: yes, for the subqueue lock, inside its critical section.
 */
export function* ifq_dispatch(k: Kernel, ifp: Ifnet, m: Mbuf, pa: AltqPktattr | null): Routine<number> {
  //@ 3014-3028
  let start = false;
  let avoid_start = false;
  let stage: IfsubqStage | null = null;
  const gd = mycpu(k);
  const td = gd.gd_curthread;
  yield* crit_enter_quick(k, td);
  const ifsq = ifq_map_subq(k, ifp.if_snd, gd.gd_cpuid);
  ASSERT_ALTQ_SQ_NOT_SERIALIZED_HW(k, ifsq);

  const len = m.m_pkthdr.len;
  const mcast = isMulticast(m);
  //@ 3031
  if (td.td_type === TD_TYPE_NETISR) {
    //@ 3032-3033
    stage = ifsq_get_stage(ifsq, mycpuid(k));
    avoid_start = yield* stagePacket(k, ifp, stage, len);
    if (!avoid_start) k.onBranch?.(whyNotStaged(k, ifp, stage));
  }

  //@ 3042-3044
  yield* ALTQ_SQ_LOCK(k, ifsq);
  const error = yield* ifsq_enqueue_locked(k, ifsq, m, pa);
  if (error !== 0) {
    //@ 3045
    if (!(yield* ifsq_data_ready(k, ifsq))) {
      //@ 3046-3048
      k.onBranch?.("queue full: nothing ready to start");
      yield* ALTQ_SQ_UNLOCK(k, ifsq);
      yield* crit_exit_quick(k, td);
      return returned(k, "ifq_dispatch", error);
    }
    //@ 3050
    k.onBranch?.("queue full: starts all the same");
    avoid_start = false;
  }
  //@ 3052
  if (!ifsq_is_started(ifsq)) {
    //@ 3053
    if (avoid_start && stage !== null) {
      //@ 3054-3057
      yield* ALTQ_SQ_UNLOCK(k, ifsq);
      KKASSERT(k, error === 0, "!error");
      holdBack(k, stage);
      countStaged(k, ifp, len, mcast);
      //@ 3063-3064
      yield* crit_exit_quick(k, td);
      return returned(k, "ifq_dispatch", error);
    }

    //@ 3070-3071
    // Hold the subqueue interlock of ifnet.if_start.
    k.onBranch?.("interlock taken: by ifq_dispatch");
    ifsq_set_started(ifsq);
    start = true;
  } else {
    k.onBranch?.("interlock held: ifq_dispatch leaves");
  }
  //@ 3073-3075
  yield* ALTQ_SQ_UNLOCK(k, ifsq);
  if (error === 0) countOutput(k, ifp, len, mcast);

  //@ 3081
  if (stage !== null) {
    //@ 3082
    if (!start && (stage.stg_flags.mine & IFSQ_STAGE_FLAG_SCHED) !== 0) {
      yield* continueStage(k, ifsq, stage, avoid_start);
      //@ 3088-3089
      yield* crit_exit_quick(k, td);
      return returned(k, "ifq_dispatch", error);
    }
    if (!start) k.onBranch?.("stage ends: interlock held, no schedule owed");
    endStage(k, myStageHead(k), stage);
  }

  //@ 3100
  if (!start) {
    //@ 3101-3102
    yield* crit_exit_quick(k, td);
    return returned(k, "ifq_dispatch", error);
  }

  //@ 3105-3108
  yield* ifsq_ifstart_try(k, ifsq, false);
  yield* crit_exit_quick(k, td);
  return returned(k, "ifq_dispatch", error);
}

function isMulticast(m: Mbuf): boolean {
  if ((m.m_flags & M_MCAST) !== 0) {
    //@ 3029
    return true;
  }
  return false;
}

/** Counts a packet into the stage of this CPU; true when `if_start` can be avoided for now. */
function* stagePacket(k: Kernel, ifp: Ifnet, stage: IfsubqStage, len: number): Routine<boolean> {
  //@ 3035-3038
  stage.stg_cnt.mine++;
  stage.stg_len.mine += len;
  if (
    stage.stg_cnt.mine < k.params.ifsq_stage_cntmax &&
    stage.stg_len.mine < (yield* ifp.if_mtu.load()) - k.params.max_protohdr
  ) {
    //@ 3039
    return true;
  }
  return false;
}

/** For who listens to branches. */
function whyNotStaged(k: Kernel, ifp: Ifnet, stage: IfsubqStage): Branch {
  if (k.params.ifsq_stage_cntmax === 0) return "stage ends: staging is off";
  const bytes = stage.stg_len.mine >= ifp.if_mtu.peek() - k.params.max_protohdr;
  return bytes ? "stage ends: enough bytes" : "stage ends: enough packets";
}

/** Counts a packet that is queued, and staged. */
function countStaged(k: Kernel, ifp: Ifnet, len: number, mcast: boolean): void {
  //@ 3060-3061
  IFNET_STAT_INC(k, ifp, "obytes", len);
  if (mcast) {
    //@ 3062
    IFNET_STAT_INC(k, ifp, "omcasts", 1);
  }
}

/** Counts a packet that is queued. */
function countOutput(k: Kernel, ifp: Ifnet, len: number, mcast: boolean): void {
  //@ 3076-3077
  IFNET_STAT_INC(k, ifp, "obytes", len);
  if (mcast) {
    //@ 3078
    IFNET_STAT_INC(k, ifp, "omcasts", 1);
  }
}

/** The packet is not started: its stage is on the list from now on. */
function holdBack(k: Kernel, stage: IfsubqStage): void {
  const listed = (stage.stg_flags.mine & IFSQ_STAGE_FLAG_QUED) !== 0;
  k.onBranch?.(listed ? "stage goes on: one more packet held back" : "stage begins: packet held back");
  if (!listed) {
    //@ 3058
    ifsq_stage_insert(k, myStageHead(k), stage);
  }
}

/**
 * Somebody holds the interlock and a forced schedule of this CPU is owed: it stays owed while packets can be
 * staged (left to `if_start_rollup` or a later packet), else it is paid now.
 */
function* continueStage(
  k: Kernel,
  ifsq: IfaltqSubque,
  stage: IfsubqStage,
  avoid_start: boolean,
): Routine<void> {
  //@ 3083-3084
  KKASSERT(k, (stage.stg_flags.mine & IFSQ_STAGE_FLAG_QUED) !== 0, "stg_flags & QUED");
  k.onBranch?.(avoid_start ? "stage goes on: its schedule stays owed" : "stage ends: what it owes is paid");
  if (!avoid_start) {
    //@ 3085-3086
    ifsq_stage_remove(k, myStageHead(k), stage);
    yield* ifsq_ifstart_schedule(k, ifsq, true);
  }
}

/** What this CPU staged is about to be started, by us or by the holder of the interlock. */
function endStage(k: Kernel, head: IfsubqStageHead, stage: IfsubqStage): void {
  //@ 3092
  if ((stage.stg_flags.mine & IFSQ_STAGE_FLAG_QUED) !== 0) {
    //@ 3093
    ifsq_stage_remove(k, head, stage);
  } else {
    //@ 3095-3096
    stage.stg_cnt.mine = 0;
    stage.stg_len.mine = 0;
  }
}

/**
 * Hands a packet to the default subqueue and calls `if_start` directly, ignoring the interlock; errno. Consumes
 * the packet either way, and reads its length for the statistics after it was queued.
 * Left undone when oactive: the completion interrupt calls `ifsq_devstart`.
 * Context: any thread.
 * Holds: the hardware serializer of the default subqueue.
 * Blocks: yes, for the subqueue lock.
 */
export function* ifq_handoff(
  k: Kernel,
  ifp: Ifnet,
  m: Mbuf,
  pa: AltqPktattr | null,
): Routine<number> {
  const ifsq = ifq_get_subq_default(ifp.if_snd);

  ASSERT_ALTQ_SQ_SERIALIZED_HW(k, ifsq);
  const error = yield* ifsq_enqueue(k, ifsq, m, pa);
  if (error === 0) {
    IFNET_STAT_INC(k, ifp, "obytes", m.m_pkthdr.len);
    if ((m.m_flags & M_MCAST) !== 0) IFNET_STAT_INC(k, ifp, "omcasts", 1);
    k.onBranch?.(ifsq_is_oactive(ifsq) ? "if_start not called: by ifq_handoff" : "if_start called: by ifq_handoff");
    if (!ifsq_is_oactive(ifsq)) yield* ifp.if_start.fixed(k, ifp, ifsq);
  }
  return returned(k, "ifq_handoff", error);
}
