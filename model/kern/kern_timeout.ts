/**
 * Callouts: functions called by the softclock thread of a CPU some ticks later.
 *
 * Mirrors: sys/kern/kern_timeout.c, generation A (until 2014); the softclock thread of both generations.
 * Generation B is in kern_timeout_b.ts; `Params.callout` chooses.
 *
 * Callbacks run in thread context, one after the other on each CPU, at the priority of every kernel thread: late,
 * and later still behind one that blocks. Stopping does not wait for a running callback, and what that re-arms
 * stays armed.
 */
import { Op, SWITCH, misuse, packOp, type Routine } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { KASSERT } from "../panic.ts";
import {
  CALLOUT_ACTIVE,
  CALLOUT_DID_INIT,
  CALLOUT_EXECUTED,
  CALLOUT_MPSAFE,
  CALLOUT_PENDING,
  CALLOUT_WAITING,
  Callout,
  type CalloutFunc,
  type SoftclockPcpu,
} from "./callout.ts";
import { globaldata_find, mycpu, type Globaldata } from "./globaldata.ts";
import { tsleep, wakeup } from "./kern_synch.ts";
import { callout_reset_b, callout_reset_bycpu_b, callout_stop_b } from "./kern_timeout_b.ts";
import { lwkt_send_ipiq, lwkt_wait_ipiq } from "./lwkt_ipiq.ts";
import { lwkt_deschedule_self, lwkt_switch } from "./lwkt_thread.ts";
import { get_mplock, rel_mplock } from "./lwkt_token.ts";
import { critEnterNow, critExitNow, crit_enter, crit_exit } from "./thread2.ts";

export { Callout };

/** What callers pass: a function and the argument it takes. */
export type CalloutFn<T> = (k: Kernel, arg: T) => Routine<void>;

/** Prepares a callout whose function takes the MP lock. Context: any. Holds: it is not armed. Blocks: no. */
export function callout_init(_k: Kernel, c: Callout): void {
  c.c_flags = CALLOUT_DID_INIT;
}

/** Prepares a callout. Context: any. Holds: it is not armed. Blocks: no. */
export function callout_init_mp(_k: Kernel, c: Callout): void {
  c.c_flags = CALLOUT_DID_INIT | CALLOUT_MPSAFE;
}

const assertInitialised = (k: Kernel, c: Callout): void =>
  KASSERT(k, c.has(CALLOUT_DID_INIT), "callout: was not initialized");

// -- generation A -----------------------------------------------------------------------------------------

/**
 * Arms, or re-arms, a callout on this CPU, `ticks` (at least 1) from now.
 * Context: thread; in generation A also interrupts. Holds: whatever serialises calls on `c`.
 * Blocks: generation A: no, but may spin on an IPI; generation B: yes, while the function runs.
 */
export function* callout_reset<T>(
  k: Kernel,
  c: Callout,
  ticks: number,
  func: CalloutFn<T>,
  arg: T,
): Routine<void> {
  assertInitialised(k, c);
  const f: CalloutFunc = func;
  if (k.params.callout === "B") return yield* callout_reset_b(k, c, ticks, f, arg);
  const gd = mycpu(k);
  const td = gd.gd_curthread;
  if (!k.x.point(packOp(Op.Rmw, c.object))) yield SWITCH;
  critEnterNow(k, td);
  k.onBranch?.(c.has(CALLOUT_ACTIVE) ? "callout reset: active, stopped first" : "callout reset: idle");
  if (c.has(CALLOUT_ACTIVE)) yield* stopA(k, c);
  c.c_flags |= CALLOUT_ACTIVE | CALLOUT_PENDING;
  c.c_gd = gd;
  c.c_func = f;
  c.c_arg = arg;
  c.c_time = gd.softclock.curticks + Math.max(ticks, 1);
  gd.softclock.link(k, c);
  critExitNow(k, td);
}

/**
 * {@link callout_reset} on a given CPU. Generation A: armed when it returns; B: some time after.
 * Context: thread. Holds: whatever serialises calls on `c`. Blocks: A: no, but spins; B: as callout_reset.
 */
export function* callout_reset_bycpu<T>(
  k: Kernel,
  c: Callout,
  ticks: number,
  func: CalloutFn<T>,
  arg: T,
  cpu: number,
): Routine<void> {
  assertInitialised(k, c);
  const target = globaldata_find(k, cpu);
  const gd = mycpu(k);
  if (k.params.callout === "B")
    return yield* callout_reset_bycpu_b(k, c, ticks, func, arg, target);
  if (target === gd) return yield* callout_reset(k, c, ticks, func, arg);
  k.onBranch?.("callout reset: on another CPU");
  yield* crit_enter(k);
  const request: ResetRequest<T> = { c, ticks, func, arg };
  const seq = yield* lwkt_send_ipiq(k, target, callout_reset_ipifunc<T>, request);
  yield* lwkt_wait_ipiq(k, target, seq);
  yield* crit_exit(k);
}

/** On the caller's stack in C. */
interface ResetRequest<T> {
  readonly c: Callout;
  readonly ticks: number;
  readonly func: CalloutFn<T>;
  readonly arg: T;
}

function* callout_reset_ipifunc<T>(k: Kernel, r: ResetRequest<T>): Routine<void> {
  yield* callout_reset(k, r.c, r.ticks, r.func, r.arg);
}

/**
 * Disarms a callout; not 0 if it was (generation A on another CPU: always; B: if its function had been called).
 * Does not wait for a running function.
 * Context: thread; in generation A also interrupts. Holds: whatever serialises calls on `c`.
 * Blocks: A: no, but spins when it is on another CPU; B: then yes.
 */
export function* callout_stop(k: Kernel, c: Callout): Routine<number> {
  assertInitialised(k, c);
  if (k.params.callout === "B") return yield* callout_stop_b(k, c, false);
  const td = mycpu(k).gd_curthread;
  if (!k.x.point(packOp(Op.Rmw, c.object))) yield SWITCH;
  critEnterNow(k, td);
  const stopped = yield* stopA(k, c);
  critExitNow(k, td);
  return stopped;
}

/** `callout_stop` of generation A, in a critical section. */
function* stopA(k: Kernel, c: Callout): Routine<number> {
  const gd = mycpu(k);
  if (!c.has(CALLOUT_PENDING)) {
    k.onBranch?.(c.c_gd?.softclock.running === c ? "callout stop: its function runs" : "callout stop: not pending");
    if (!c.has(CALLOUT_ACTIVE)) return 0;
    if (c.c_gd === null || c.c_gd === gd) {
      c.c_flags &= ~CALLOUT_ACTIVE;
      return 0;
    }
  }
  const target = c.c_gd ?? gd;
  if (target !== gd) {
    k.onBranch?.("callout stop: on another CPU");
    const seq = yield* lwkt_send_ipiq(k, target, callout_stop_ipifunc, c);
    yield* lwkt_wait_ipiq(k, target, seq);
    return 1;
  }
  k.onBranch?.("callout stop: pending here");
  gd.softclock.unlink(k, c);
  c.c_func = null;
  c.c_flags &= ~(CALLOUT_ACTIVE | CALLOUT_PENDING);
  return 1;
}

function* callout_stop_ipifunc(k: Kernel, c: Callout): Routine<void> {
  yield* callout_stop(k, c);
}

/**
 * {@link callout_stop} that also waits for a running function, unless that is the caller.
 * Context: thread. Holds: nothing the function needs. Blocks: yes.
 */
export function* callout_stop_sync(k: Kernel, c: Callout): Routine<number> {
  assertInitialised(k, c);
  if (k.params.callout === "B") return yield* callout_stop_b(k, c, true);
  for (;;) {
    const stopped = yield* callout_stop(k, c);
    const sc = c.c_gd?.softclock ?? null;
    if (sc === null || sc.running !== c || sc.thread === mycpu(k).gd_curthread) return stopped;
    k.onBranch?.("callout stop: waits for its function");
    yield* tsleep(k, c, 0, "costop", 1);
  }
}

// -- the softclock thread -----------------------------------------------------------------------------------

/**
 * The softclock thread of a CPU: calls what is due, for ever.
 * Context: its own. Holds: nothing. Blocks: yes.
 */
export function* softclock_handler(k: Kernel, gd: Globaldata): Routine<void> {
  const sc = gd.softclock;
  let mpsafe = true;
  yield* crit_enter(k);
  for (;;) {
    while (sc.softticks !== sc.curticks + 1) {
      for (let c = sc.first(sc.softticks); c !== null; c = sc.next) {
        mpsafe = yield* callDue(k, sc, c, mpsafe);
      }
      sc.softticks++;
    }
    if (!mpsafe) yield* rel_mplock(k);
    mpsafe = true;
    sc.isrunning = false;
    lwkt_deschedule_self(k);
    sc.thread?.waits("a callout to be due");
    yield* lwkt_switch(k);
    sc.thread?.waits(null);
  }
}

/** Calls one callout, with or without the MP lock as it wants; returns whether it was without. */
function* callDue(k: Kernel, sc: SoftclockPcpu, c: Callout, mpsafe: boolean): Routine<boolean> {
  if (c.has(CALLOUT_MPSAFE)) {
    if (!mpsafe) yield* rel_mplock(k);
  } else if (mpsafe) {
    sc.next = c;
    yield* get_mplock(k);
    // It may have been stopped meanwhile: the cursor tells.
    if ((sc.next as Callout | null) !== c) {
      k.onBranch?.("softclock: stopped while it waited for the MP lock");
      return false;
    }
  }
  sc.next = sc.after(c);
  if (!k.x.point(packOp(Op.Rmw, c.object))) yield SWITCH;
  sc.unlink(k, c);
  sc.running = c;
  const func = c.c_func ?? misuse("callout-without-function", c.label);
  const arg = c.c_arg as never; // function and argument belong together
  const wanted = c.has(CALLOUT_ACTIVE);
  const waiting = c.has(CALLOUT_WAITING);
  c.c_func = null;
  c.c_flags &= ~CALLOUT_PENDING;
  if (k.params.callout === "B") c.c_flags = (c.c_flags & ~CALLOUT_WAITING) | (wanted ? CALLOUT_EXECUTED : 0);
  k.onBranch?.(wanted ? "softclock: calls the function" : "softclock: it is not active any more");
  if (wanted || k.params.callout === "A") {
    yield* crit_exit(k);
    yield* func(k, arg);
    yield* crit_enter(k);
  }
  const awaited = waiting || sc.runningWanted;
  sc.running = null;
  sc.runningWanted = false;
  if (awaited) yield* wakeup(k, c);
  return c.has(CALLOUT_MPSAFE);
}
