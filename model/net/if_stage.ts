/**
 * Packet staging: a netisr lets a few packets gather in a subqueue before it calls `if_start`, so that the driver
 * writes its doorbell once for several.
 *
 * Mirrors: sys/net/if.c (seed 001 lines 101 to 103, 249 to 266, 815 to 843, 2974 to 3010 and 3312 to 3352).
 *
 * The list of a CPU and the stages on it belong to that CPU's netisr thread; other CPUs reach them by a message
 * only (`ifq_stage_detach`).
 */
import { Struct, perCpu, type PerCpu, type Processor, type Routine } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { curthread, mycpuid } from "../kern/globaldata.ts";
import { lwkt_domsg, lwkt_replymsg } from "../kern/lwkt_msgport.ts";
import { crit_enter, crit_exit } from "../kern/thread2.ts";
import { KKASSERT } from "../panic.ts";
import {
  IFSQ_STAGE_FLAG_QUED,
  IFSQ_STAGE_FLAG_SCHED,
  type Ifaltq,
  type IfsubqStage,
} from "./altq/if_altq.ts";
import { ALTQ_SQ_LOCK, ALTQ_SQ_UNLOCK } from "./altq/altq_sq.ts";
import { ifsq_ifstart_schedule, ifsq_ifstart_try } from "./if_start.ts";
import { ifsq_get_stage, ifsq_is_started, ifsq_set_started } from "./ifsq_var.ts";
import { netisr_cpuport } from "./netisr.ts";
import { NetmsgBase, netmsg_init } from "./netmsg.ts";

/** `struct ifsubq_stage_head`: the stages of one CPU that have packets waiting for `if_start`. */
export class IfsubqStageHead extends Struct {
  /** `stg_head`: first and last. */
  readonly stg_first: PerCpu<IfsubqStage | null>;
  readonly stg_last: PerCpu<IfsubqStage | null>;

  constructor(k: Kernel, cpu: Processor) {
    super(k.x, `ifsubq_stage_heads ${cpu.id}`);
    this.stg_first = perCpu<IfsubqStage | null>(this, cpu, null);
    this.stg_last = perCpu<IfsubqStage | null>(this, cpu, null);
  }
}

/** The head of this CPU. */
export const myStageHead = (k: Kernel): IfsubqStageHead =>
  k.net.ifsubq_stage_heads[mycpuid(k)] as IfsubqStageHead; // one per CPU

/** Takes a stage off the list and forgets what was staged. Context: netisr of its CPU. */
export function ifsq_stage_remove(k: Kernel, head: IfsubqStageHead, stage: IfsubqStage): void {
  //@ 252-256
  KKASSERT(k, (stage.stg_flags.mine & IFSQ_STAGE_FLAG_QUED) !== 0, "stg_flags & QUED");
  const next = stage.stg_next.mine;
  const prev = stage.stg_prev.mine;
  if (next === null) head.stg_last.mine = prev;
  else next.stg_prev.mine = prev;
  if (prev === null) head.stg_first.mine = next;
  else prev.stg_next.mine = next;
  stage.stg_flags.mine &= ~(IFSQ_STAGE_FLAG_QUED | IFSQ_STAGE_FLAG_SCHED);
  stage.stg_cnt.mine = 0;
  stage.stg_len.mine = 0;
}

/** Appends a stage to the list. Context: netisr of its CPU. */
export function ifsq_stage_insert(k: Kernel, head: IfsubqStageHead, stage: IfsubqStage): void {
  //@ 262-265
  KKASSERT(
    k,
    (stage.stg_flags.mine & (IFSQ_STAGE_FLAG_QUED | IFSQ_STAGE_FLAG_SCHED)) === 0,
    "(stg_flags & (QUED | SCHED)) == 0",
  );
  stage.stg_flags.mine |= IFSQ_STAGE_FLAG_QUED;
  const last = head.stg_last.mine;
  stage.stg_next.mine = null;
  stage.stg_prev.mine = last;
  if (last === null) head.stg_first.mine = stage;
  else last.stg_next.mine = stage;
  head.stg_last.mine = stage;
}

/**
 * Rollup of the netisrs: ends the staging of every subqueue on this CPU's list. It ends, since a forced schedule
 * never puts a stage back on this CPU's list.
 * Context: netisr, after a batch of messages.
 * Holds: nothing.
 * Blocks: yes, for subqueue locks.
 */
export function* if_start_rollup(k: Kernel): Routine<void> {
  //@ 3315-3320
  const head = myStageHead(k);

  yield* crit_enter(k);

  for (let stage = head.stg_first.mine; stage !== null; stage = head.stg_first.mine) {
    //@ 3321-3324
    const ifsq = stage.stg_subq;
    let is_sched = false;
    if ((stage.stg_flags.mine & IFSQ_STAGE_FLAG_SCHED) !== 0) {
      //@ 3325
      is_sched = true;
    }
    //@ 3326-3328
    ifsq_stage_remove(k, head, stage);

    if (is_sched) {
      //@ 3329
      k.onBranch?.("stage ends: the rollup pays what it owes");
      yield* ifsq_ifstart_schedule(k, ifsq, true);
    } else {
      //@ 3331-3334
      let start = false;

      yield* ALTQ_SQ_LOCK(k, ifsq);
      if (!ifsq_is_started(ifsq)) {
        //@ 3339-3340
        // Hold the subqueue interlock of ifnet.if_start.
        k.onBranch?.("interlock taken: by if_start_rollup");
        ifsq_set_started(ifsq);
        start = true;
      } else {
        k.onBranch?.("interlock held: if_start_rollup leaves");
      }
      //@ 3342-3344
      yield* ALTQ_SQ_UNLOCK(k, ifsq);

      if (start) {
        //@ 3345
        yield* ifsq_ifstart_try(k, ifsq, true);
      }
    }
    //@ 3347-3348
    KKASSERT(
      k,
      (stage.stg_flags.mine & (IFSQ_STAGE_FLAG_QUED | IFSQ_STAGE_FLAG_SCHED)) === 0,
      "(stg_flags & (QUED | SCHED)) == 0",
    );
  }

  //@ 3351
  yield* crit_exit(k);
}

/**
 * Takes the stages of a queue off this CPU's list. What they had staged is not started: the interface is gone.
 * Context: netisr, as the handler of the message of {@link ifq_stage_detach}.
 * Holds: nothing.
 * Blocks: no.
 */
function* ifq_stage_detach_handler(k: Kernel, nmsg: NetmsgBase): Routine<void> {
  //@ 818-821
  const ifq = nmsg.u.ms_resultp as Ifaltq; // set by ifq_stage_detach
  const head = myStageHead(k);

  for (const ifsq of ifq.altq_subq.fixed.subq) {
    //@ 822-825
    const stage = ifsq_get_stage(ifsq, mycpuid(k));

    if ((stage.stg_flags.mine & IFSQ_STAGE_FLAG_QUED) !== 0) {
      //@ 826
      k.onBranch?.("stage ends: at detach");
      ifsq_stage_remove(k, head, stage);
    }
  }
  //@ 828
  yield* lwkt_replymsg(k, nmsg, 0);
}

/**
 * Has every netisr in turn take the stages of a queue off its list.
 * Context: thread, at detach.
 * Holds: nothing a netisr needs.
 * Blocks: yes, for every netisr.
 */
export function* ifq_stage_detach(k: Kernel, ifq: Ifaltq): Routine<void> {
  //@ 837-841
  const base = new NetmsgBase(k, "ifq_stage_detach");

  netmsg_init(k, base, null, curthread(k).td_msgport, 0, ifq_stage_detach_handler);
  base.u.ms_resultp = ifq;

  for (let cpu = 0; cpu < k.params.ncpus; ++cpu) {
    //@ 842
    yield* lwkt_domsg(k, netisr_cpuport(k, cpu), base, 0);
  }
  base.leaveFrame();
}
