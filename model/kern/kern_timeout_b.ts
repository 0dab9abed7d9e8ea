/**
 * Callouts, generation B (2014/15 to 2020).
 *
 * Mirrors: sys/kern/kern_timeout.c of that time: `callout_reset`, `callout_reset_bycpu`, `_callout_stop` and their
 * IPI functions. Left out: callouts with a lock.
 *
 * A callout is locked to a CPU while it is armed: pending, or with IPIs in flight. Each step on its flags word is
 * the `cmpset` that succeeds; one that fails changes nothing and would be tried again.
 */
import { Op, SWITCH, packOp, type Routine } from "../../sim/index.ts";
import type { Branch } from "../branches.ts";
import type { Kernel } from "../kernel.ts";
import { KKASSERT } from "../panic.ts";
import {
  CALLOUT_ACTIVE,
  CALLOUT_EXECUTED,
  CALLOUT_PENDING,
  CALLOUT_WAITING,
  type Callout,
  type CalloutFunc,
} from "./callout.ts";
import { mycpu, type Globaldata } from "./globaldata.ts";
import { PINTERLOCKED, tsleep, tsleep_interlock, wakeup } from "./kern_synch.ts";
import { lwkt_process_ipiq, lwkt_send_ipiq } from "./lwkt_ipiq.ts";
import { crit_enter, crit_exit } from "./thread2.ts";

const isArmed = (c: Callout): boolean => c.has(CALLOUT_PENDING) || c.c_ipis > 0;

/** Announces a step on the flags word; what follows is its effect. */
function* cmpset(k: Kernel, c: Callout): Routine<void> {
  if (!k.x.point(packOp(Op.Rmw, c.object))) yield SWITCH;
}

/** Stops until the callout is free, in the step in which it is claimed. */
function* claim(k: Kernel, c: Callout): Routine<void> {
  for (;;) {
    yield* cmpset(k, c);
    if (!isArmed(c) && !c.has(CALLOUT_EXECUTED)) return k.onBranch?.("callout reset: idle");
    k.onBranch?.("callout reset: active, stopped first");
    yield* callout_stop_b(k, c, true);
  }
}

/** `callout_reset`. Context: thread. Holds: nothing the function needs. Blocks: yes. */
export function* callout_reset_b(
  k: Kernel,
  c: Callout,
  ticks: number,
  func: CalloutFunc,
  arg: unknown,
): Routine<void> {
  const gd = mycpu(k);
  yield* crit_enter(k);
  yield* claim(k, c);
  c.c_gd = gd;
  c.c_flags |= CALLOUT_PENDING | CALLOUT_ACTIVE;
  c.c_arg = arg;
  c.c_func = func;
  c.c_time = gd.softclock.curticks + Math.max(ticks, 1);
  gd.softclock.link(k, c);
  yield* crit_exit(k);
}

/**
 * `callout_reset_bycpu`: returns before the callout is on the wheel of its CPU.
 * Context: thread. Holds: nothing the function needs. Blocks: yes.
 */
export function* callout_reset_bycpu_b(
  k: Kernel,
  c: Callout,
  ticks: number,
  func: CalloutFunc,
  arg: unknown,
  target: Globaldata,
): Routine<void> {
  yield* crit_enter(k);
  yield* claim(k, c);
  c.c_gd = target;
  c.c_flags |= CALLOUT_ACTIVE;
  c.c_ipis++;
  c.c_arg = arg;
  c.c_func = func;
  c.c_load = Math.max(ticks, 1);
  k.onBranch?.("callout reset: on another CPU");
  yield* lwkt_send_ipiq(k, target, callout_reset_ipi, c);
  yield* crit_exit(k);
}

function* callout_reset_ipi(k: Kernel, c: Callout): Routine<void> {
  const { softclock } = mycpu(k);
  yield* cmpset(k, c);
  KKASSERT(k, c.c_ipis > 0 && c.c_gd === softclock.gd, "CALLOUT_FLAGS_TO_CPU(flags) == gd->gd_cpuid");
  const waiting = c.has(CALLOUT_WAITING);
  if (c.has(CALLOUT_PENDING)) softclock.unlink(k, c);
  c.c_ipis--;
  c.c_flags = (c.c_flags & ~(CALLOUT_EXECUTED | CALLOUT_WAITING)) | CALLOUT_PENDING;
  c.c_time = softclock.curticks + c.c_load;
  softclock.link(k, c);
  if (waiting) yield* wakeup(k, c);
}

/**
 * `_callout_stop`; not 0 if the function had been called. With `sync` it waits for a running function, unless that
 * is the caller.
 * Context: thread. Holds: nothing the function needs, with `sync`. Blocks: yes, if it is armed elsewhere or `sync`.
 */
export function* callout_stop_b(k: Kernel, c: Callout, sync: boolean): Routine<number> {
  yield* crit_enter(k);
  const executed = (yield* stopRemote(k, c)) ?? (yield* stopLocal(k, c));
  if (sync) yield* waitForFunction(k, c);
  yield* crit_exit(k);
  return executed ? 1 : 0;
}

/** Armed on another CPU: has it stopped there, again if it was armed meanwhile. Null: it is not armed elsewhere. */
function* stopRemote(k: Kernel, c: Callout): Routine<boolean | null> {
  let executed: boolean | null = null;
  for (;;) {
    yield* cmpset(k, c);
    const target = c.c_gd;
    if (target === null || target === mycpu(k) || !isArmed(c)) break;
    c.c_ipis++;
    k.onBranch?.("callout stop: on another CPU");
    yield* lwkt_send_ipiq(k, target, callout_stop_ipi, c);
    yield* waitForIpis(k, c);
    executed = c.has(CALLOUT_EXECUTED);
    if (!c.has(CALLOUT_PENDING)) break;
  }
  if (executed === null) return null;
  yield* cmpset(k, c);
  c.c_flags &= ~CALLOUT_EXECUTED;
  return executed;
}

function* waitForIpis(k: Kernel, c: Callout): Routine<void> {
  for (;;) {
    yield* cmpset(k, c);
    if (c.c_ipis === 0) return;
    yield* tsleep_interlock(k, c, 0);
    yield* cmpset(k, c);
    if (c.c_ipis === 0) return;
    c.c_flags |= CALLOUT_WAITING;
    yield* tsleep(k, c, PINTERLOCKED, "cstp1", 0);
  }
}

/** Armed on this CPU, or not armed; in the step that {@link stopRemote} announced, unless IPIs must run first. */
function* stopLocal(k: Kernel, c: Callout): Routine<boolean> {
  while (c.c_ipis > 0) {
    yield* lwkt_process_ipiq(k);
    yield* cmpset(k, c);
  }
  const before = c.c_flags;
  k.onBranch?.(howStopped(c));
  if (c.has(CALLOUT_PENDING)) {
    mycpu(k).softclock.unlink(k, c);
    c.c_func = null;
  }
  c.c_flags &= ~(CALLOUT_ACTIVE | CALLOUT_EXECUTED | CALLOUT_WAITING | CALLOUT_PENDING);
  if ((before & CALLOUT_WAITING) !== 0) yield* wakeup(k, c);
  return (before & CALLOUT_EXECUTED) !== 0;
}

/** For who listens to branches: what it meets. */
function howStopped(c: Callout): Branch {
  if (c.has(CALLOUT_PENDING)) return "callout stop: pending here";
  return c.c_gd?.softclock.running === c ? "callout stop: its function runs" : "callout stop: not pending";
}

/** Sleeps while the function is running. */
function* waitForFunction(k: Kernel, c: Callout): Routine<void> {
  const sc = c.c_gd?.softclock ?? null;
  if (sc === null || sc.thread === mycpu(k).gd_curthread) return;
  for (;;) {
    yield* cmpset(k, c);
    if (sc.running !== c) return;
    yield* tsleep_interlock(k, c, 0);
    yield* cmpset(k, c);
    if (sc.running !== c) return;
    k.onBranch?.("callout stop: waits for its function");
    sc.runningWanted = true;
    mycpu(k).gd_curthread.holder = sc.thread === null ? null : { owner: sc.thread.context };
    yield* tsleep(k, c, PINTERLOCKED, "cstp3", 0);
  }
}

function* callout_stop_ipi(k: Kernel, c: Callout): Routine<void> {
  const { softclock } = mycpu(k);
  yield* cmpset(k, c);
  KKASSERT(k, c.c_gd === softclock.gd, "CALLOUT_FLAGS_TO_CPU(flags) == gd->gd_cpuid");
  const waiting = c.has(CALLOUT_WAITING);
  if (c.has(CALLOUT_PENDING)) {
    softclock.unlink(k, c);
    c.c_func = null;
  }
  c.c_ipis--;
  c.c_flags &= ~(CALLOUT_ACTIVE | CALLOUT_PENDING | CALLOUT_WAITING);
  if (waiting) yield* wakeup(k, c);
}
