/**
 * Sleeping and waking.
 *
 * Mirrors: sys/kern/kern_synch.c `tsleep`, `tsleep_interlock`, `wakeup`, `wakeup_one`, `wakeup_mycpu`, `ssleep`,
 * `zsleep`, `mtxsleep`; sys/kern/lwkt_thread.c `lwkt_sleep`.
 * Left out: domains. With `PCATCH` a pending signal of the process ends the sleep, or keeps it from beginning.
 *
 * Being on a sleep queue and being asleep are two things: `tsleep_interlock` queues the running thread, a wakeup
 * then merely takes it off. A `tsleep` with `PINTERLOCKED` returns at once if that has happened. Nothing here
 * makes a thread preempt another.
 */
import { Op, SWITCH, packOp, type Routine, type Step } from "../../sim/index.ts";
import { returned } from "../errnos.ts";
import type { Kernel } from "../kernel.ts";
import { KASSERT, KKASSERT } from "../panic.ts";
import { EWOULDBLOCK } from "../sys/errno.ts";
import { Callout, callout_init_mp, callout_reset, callout_stop } from "./kern_timeout.ts";
import { curthread, isNested, mycpu } from "./globaldata.ts";
import { caught } from "./kern_sig.ts";
import { mtx_lock, mtx_unlock, type Mtx } from "./kern_mutex.ts";
import { spin_lock, spin_unlock, type SpinLock } from "./kern_spinlock.ts";
import { lwkt_send_ipiq } from "./lwkt_ipiq.ts";
import { lwkt_serialize_enter, lwkt_serialize_exit, type Serializer } from "./lwkt_serialize.ts";
import { assertMaySwitch, enqueue, lwkt_deschedule_self, lwkt_switch } from "./lwkt_thread.ts";
import { labelOf, type SleepBucket } from "./sleepqueue.ts";
import { TDF_SINTR, TDF_TIMEOUT, TDF_TSLEEPQ, TDF_TSLEEP_DESCHEDULED, type Thread } from "./thread.ts";
import { critEnterNow, critExitNow } from "./thread2.ts";

/** Signals may end the sleep. */
export const PCATCH = 0x0100;
/** `tsleep_interlock` was called before. */
export const PINTERLOCKED = 0x0400;

// -- the queues of this CPU -----------------------------------------------------------------------------

/** `_tsleep_interlock`: queues the running thread on this CPU. Inside a step of the caller. */
export function queueSelf(k: Kernel, td: Thread, bucket: SleepBucket): void {
  KASSERT(k, !isNested(k), "tsleep_interlock: an interrupt has no thread to queue");
  if (td.bucket !== null) unqueue(td);
  const cpu = td.td_gd.gd_cpuid;
  td.td_flags |= TDF_TSLEEPQ;
  td.bucket = bucket;
  bucket.queueOf(cpu).push(td);
  bucket.cpumask |= 1 << cpu;
}

/** `_tsleep_remove`. */
export function unqueue(td: Thread): void {
  const { bucket } = td;
  if (bucket === null) return;
  const cpu = td.td_gd.gd_cpuid;
  const queue = bucket.queueOf(cpu);
  queue.splice(queue.indexOf(td), 1);
  bucket.left(cpu);
  td.td_flags &= ~TDF_TSLEEPQ;
  td.bucket = null;
}

/** The part of a wakeup that concerns this CPU. True when it woke one and one was asked for. */
function wakeLocal(k: Kernel, bucket: SleepBucket, one: boolean): boolean {
  const queue = bucket.queueOf(mycpu(k).gd_cpuid);
  while (queue.length > 0) {
    const td = queue[0] as Thread; // not empty
    unqueue(td);
    if ((td.td_flags & TDF_TSLEEP_DESCHEDULED) === 0) continue;
    enqueue(k, td);
    if (one) return true;
  }
  return false;
}

// -- sleeping ---------------------------------------------------------------------------------------------

/**
 * Queues the running thread on `ident`: a wakeup from now on ends, or forestalls, the `tsleep` that follows.
 * Context: thread. Holds: anything. Blocks: no.
 */
export function tsleep_interlock(k: Kernel, ident: object, _flags: number): Step<void> {
  const bucket = k.sleepQueues.of(ident);
  if (!k.x.point(packOp(Op.Interlock, bucket.object))) return interlockSlow(k, bucket);
  queueSelf(k, curthread(k), bucket);
  return k.x.ready(undefined);
}

function* interlockSlow(k: Kernel, bucket: SleepBucket): Routine<void> {
  yield SWITCH;
  queueSelf(k, curthread(k), bucket);
}

/**
 * Sleeps until a wakeup on `ident`; returns 0, or EWOULDBLOCK after `timo` ticks (0: never). May return 0 without
 * a wakeup: callers look again.
 * Context: thread. Holds: no spinlock. Blocks: yes. Releases: tokens, while asleep.
 */
export function* tsleep(
  k: Kernel,
  ident: object,
  flags: number,
  wmesg: string,
  timo: number,
): Routine<number> {
  const bucket = k.sleepQueues.of(ident);
  const td = curthread(k);
  assertMaySwitch(k);
  KASSERT(k, td !== td.td_gd.gd_idlethread, "tsleep: the idle thread");
  if (!k.x.point(packOp(Op.Sleep, bucket.object))) yield SWITCH;
  critEnterNow(k, td);
  const catching = (flags & PCATCH) === 0 ? null : td.td_lwp;
  if ((flags & PINTERLOCKED) === 0) queueSelf(k, td, bucket);
  if (catching !== null) {
    const early = yield* caught(catching);
    if (early !== 0) {
      unqueue(td);
      critExitNow(k, td);
      return returned(k, "tsleep", early);
    }
    td.td_flags |= TDF_SINTR;
  }
  if ((td.td_flags & TDF_TSLEEPQ) === 0) {
    td.td_flags &= ~TDF_SINTR;
    critExitNow(k, td);
    return returned(k, "tsleep", 0);
  }
  lwkt_deschedule_self(k);
  td.td_flags |= TDF_TSLEEP_DESCHEDULED;
  if (timo > 0) yield* armTimeout(k, td, timo);
  td.waits(`${labelOf(ident)} (${wmesg})`, td.holder, timo > 0);
  yield* lwkt_switch(k);
  td.waits(null);
  td.td_flags &= ~(TDF_TSLEEP_DESCHEDULED | TDF_SINTR);
  if (timo > 0) yield* callout_stop(k, td.sleepCallout as Callout); // armed above
  unqueue(td);
  const timedOut = (td.td_flags & TDF_TIMEOUT) !== 0;
  td.td_flags &= ~TDF_TIMEOUT;
  critExitNow(k, td);
  if (timedOut) return returned(k, "tsleep", EWOULDBLOCK);
  return returned(k, "tsleep", catching === null ? 0 : yield* caught(catching));
}

function* armTimeout(k: Kernel, td: Thread, timo: number): Routine<void> {
  if (td.sleepCallout === null) {
    td.sleepCallout = new Callout(k, `${td.td_name} timeout`);
    callout_init_mp(k, td.sleepCallout);
  }
  yield* callout_reset(k, td.sleepCallout, timo, endtsleep, td);
}

/** The timeout of a sleep, on the sleeper's CPU, whose softclock thread runs only while the sleeper does not. */
function* endtsleep(k: Kernel, td: Thread): Routine<void> {
  if ((td.td_flags & TDF_TSLEEP_DESCHEDULED) === 0) return;
  td.td_flags |= TDF_TIMEOUT;
  unqueue(td);
  enqueue(k, td);
}

/** A signal for a thread of this CPU: ends a sleep that signals may end. Inside a step of the caller. */
export function wakeSignalled(k: Kernel, td: Thread): void {
  if ((td.td_flags & TDF_SINTR) === 0 || (td.td_flags & TDF_TSLEEP_DESCHEDULED) === 0) return;
  unqueue(td);
  enqueue(k, td);
}

/**
 * Sleeps until somebody schedules the thread; no queue, no ident.
 * Context: thread. Holds: a critical section, no spinlock. Blocks: yes. Releases: tokens, while asleep.
 */
export function* lwkt_sleep(k: Kernel, wmesg: string, _flags: number): Routine<number> {
  const td = curthread(k);
  KKASSERT(k, td.td_critcount > 0, "td->td_critcount > 0");
  lwkt_deschedule_self(k);
  td.waits(wmesg, td.holder);
  yield* lwkt_switch(k);
  td.waits(null);
  return 0;
}

// -- waking -------------------------------------------------------------------------------------------------

/**
 * Wakes everybody who sleeps on `ident`: on this CPU at once, on others by an IPI each, asynchronously.
 * Context: any. Holds: anything. Blocks: no.
 */
export function wakeup(k: Kernel, ident: object): Step<void> {
  return _wakeup(k, ident, false, false);
}

/** Wakes one sleeper of this CPU, or failing that one on each other CPU. Context: any. Blocks: no. */
export function wakeup_one(k: Kernel, ident: object): Step<void> {
  return _wakeup(k, ident, true, false);
}

/** {@link wakeup} for sleepers of this CPU only. Context: any. Holds: anything. Blocks: no. */
export function wakeup_mycpu(k: Kernel, ident: object): Step<void> {
  return _wakeup(k, ident, false, true);
}

function _wakeup(k: Kernel, ident: object, one: boolean, mine: boolean): Step<void> {
  const bucket = k.sleepQueues.of(ident);
  if (!k.x.point(packOp(Op.Wakeup, bucket.object))) return wakeupSlow(k, bucket, one, mine);
  return wakeNow(k, bucket, one, mine);
}

function* wakeupSlow(k: Kernel, bucket: SleepBucket, one: boolean, mine: boolean): Routine<void> {
  yield SWITCH;
  yield* wakeNow(k, bucket, one, mine);
}

function wakeNow(k: Kernel, bucket: SleepBucket, one: boolean, mine: boolean): Step<void> {
  const done = wakeLocal(k, bucket, one);
  const others = bucket.cpumask & ~(1 << mycpu(k).gd_cpuid);
  if (done || mine || others === 0) return k.x.ready(undefined);
  return wakeOthers(k, bucket, one, others);
}

function* wakeOthers(k: Kernel, bucket: SleepBucket, one: boolean, others: number): Routine<void> {
  const td = curthread(k);
  critEnterNow(k, td);
  for (const gd of k.gd) {
    if ((others & (1 << gd.gd_cpuid)) === 0) continue;
    yield* lwkt_send_ipiq(k, gd, one ? wakeup_one_ipifunc : wakeup_ipifunc, bucket);
  }
  critExitNow(k, td);
}

// Recorded, because a thread that has queued itself and does not sleep yet finds itself woken by this alone.
function* wakeup_ipifunc(k: Kernel, bucket: SleepBucket): Routine<void> {
  k.x.recording.append(packOp(Op.Wakeup, bucket.object));
  wakeLocal(k, bucket, false);
}

function* wakeup_one_ipifunc(k: Kernel, bucket: SleepBucket): Routine<void> {
  k.x.recording.append(packOp(Op.Wakeup, bucket.object));
  wakeLocal(k, bucket, true);
}

// -- sleeping with a lock -------------------------------------------------------------------------------------

/**
 * Sleeps on `ident` without the spinlock; takes it again. A wakeup after a change under the spinlock is not lost.
 * Context: thread. Holds: `spin`. Blocks: yes. Releases: `spin`, while asleep.
 */
export function* ssleep(
  k: Kernel,
  ident: object,
  spin: SpinLock,
  flags: number,
  wmesg: string,
  timo: number,
): Routine<number> {
  yield* tsleep_interlock(k, ident, flags);
  yield* spin_unlock(k, spin);
  const error = yield* tsleep(k, ident, flags | PINTERLOCKED, wmesg, timo);
  yield* spin_lock(k, spin);
  return error;
}

/**
 * {@link ssleep} with a serializer.
 * Context: thread. Holds: `serializer`. Blocks: yes. Releases: `serializer`, while asleep.
 */
export function* zsleep(
  k: Kernel,
  ident: object,
  serializer: Serializer,
  flags: number,
  wmesg: string,
  timo: number,
): Routine<number> {
  yield* tsleep_interlock(k, ident, flags);
  yield* lwkt_serialize_exit(k, serializer);
  const error = yield* tsleep(k, ident, flags | PINTERLOCKED, wmesg, timo);
  yield* lwkt_serialize_enter(k, serializer);
  return error;
}

/**
 * {@link ssleep} with a mutex.
 * Context: thread. Holds: `mtx`. Blocks: yes. Releases: `mtx`, while asleep.
 */
export function* mtxsleep(
  k: Kernel,
  ident: object,
  mtx: Mtx,
  flags: number,
  wmesg: string,
  timo: number,
): Routine<number> {
  yield* tsleep_interlock(k, ident, flags);
  yield* mtx_unlock(k, mtx);
  const error = yield* tsleep(k, ident, flags | PINTERLOCKED, wmesg, timo);
  yield* mtx_lock(k, mtx);
  return error;
}
