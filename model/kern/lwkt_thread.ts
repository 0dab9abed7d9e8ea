/**
 * Threads and the scheduler of a CPU.
 *
 * Mirrors: sys/kern/lwkt_thread.c `lwkt_schedule`, `lwkt_schedule_self`, `lwkt_deschedule_self`, `lwkt_setpri`,
 * `lwkt_switch`, `lwkt_yield`, `lwkt_preempt`. Creation is in lwkt_thread_create.ts, `lwkt_sleep` in kern_synch.ts.
 * Left out: migration, user threads' release of the CPU, cpusync, preemption by a thread scheduled from another CPU.
 *
 * A thread that is switched to goes on with an operation of its own (`Op.Resume`). Until then its CPU is open for
 * interrupts, whatever its critical count: that is the `splz` at the tail of `lwkt_switch`.
 */
import { Op, SWITCH, packOp, type Context, type Routine, type Step } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { KASSERT, KKASSERT, panic } from "../panic.ts";
import { RQF_AST_LWKT_RESCHED, curthread, isNested, mycpu, type Globaldata } from "./globaldata.ts";
import { lwkt_send_ipiq } from "./lwkt_ipiq.ts";
import {
  armCandidate,
  needsTokens,
  releaseTokens,
  resumeWithTokens,
  standDown,
  tokensAvailable,
} from "./lwkt_token.ts";
import { TDF_PREEMPT_LOCK, TDF_RUNQ, TDPRI_KERN_LPSCHED, type Thread } from "./thread.ts";

export * from "./thread.ts";
export { lwkt_create, spawnThread, startCpus } from "./lwkt_thread_create.ts";

// -- the run queue --------------------------------------------------------------------------------------

/** `_lwkt_enqueue`. On the thread's CPU, or during boot. */
export function enqueue(k: Kernel, td: Thread): void {
  if ((td.td_flags & TDF_RUNQ) !== 0 || td.context.life === "done") return;
  const gd = td.td_gd;
  const { current } = k.x;
  KKASSERT(k, current.cpu === gd.cpu || current.cpu === null, "td->td_gd == mycpu");
  td.td_flags |= TDF_RUNQ;
  const queue = gd.gd_tdrunq;
  let at = queue.length;
  while (at > 0 && (queue[at - 1] as Thread).td_pri < td.td_pri) at--;
  queue.splice(at, 0, td);
  if (at === 0) gd.gd_reqflags |= RQF_AST_LWKT_RESCHED;
  if (k.tokens.candidates.length > 0) repick(k, gd);
}

function dequeue(td: Thread): void {
  if ((td.td_flags & TDF_RUNQ) === 0) return;
  td.td_flags &= ~TDF_RUNQ;
  const queue = td.td_gd.gd_tdrunq;
  queue.splice(queue.indexOf(td), 1);
}

/** Puts the running thread behind its equals. */
export function requeueSelf(k: Kernel): void {
  const td = curthread(k);
  dequeue(td);
  enqueue(k, td);
}

/** Makes the running thread runnable after a deschedule. Context: thread. Holds: nothing. Blocks: no. */
export const lwkt_schedule_self = (k: Kernel): void => {
  enqueue(k, curthread(k));
};

/** Takes the running thread off the run queue; it runs on until it switches. Context: thread. Blocks: no. */
export const lwkt_deschedule_self = (k: Kernel): void => {
  dequeue(curthread(k));
};

/** Changes a thread's priority. Never switches. Context: on the thread's CPU. Holds: nothing. Blocks: no. */
export function lwkt_setpri(k: Kernel, td: Thread, pri: number): void {
  const queued = (td.td_flags & TDF_RUNQ) !== 0;
  if (queued) dequeue(td);
  td.td_pri = pri;
  if (queued) enqueue(k, td);
}

/**
 * Makes a thread runnable; on another CPU by an IPI, asynchronously. A preemptable thread of this CPU may preempt.
 * Context: any. Holds: anything. Blocks: no.
 */
export function lwkt_schedule(k: Kernel, td: Thread): Step<void> {
  const gd = td.td_gd;
  KASSERT(k, td !== gd.gd_idlethread, "lwkt_schedule: scheduling idle thread");
  if (gd !== mycpu(k)) return scheduleRemote(k, td);
  enqueue(k, td);
  if (!td.td_preemptable) return k.x.ready(undefined);
  const preempts = mayPreempt(td, gd.gd_curthread);
  k.onBranch?.(preempts ? "interrupt thread: preempts" : "interrupt thread: waits for its turn");
  return preempts ? preempt(k, td) : k.x.ready(undefined);
}

function* scheduleRemote(k: Kernel, td: Thread): Routine<void> {
  yield* lwkt_send_ipiq(k, td.td_gd, lwkt_schedule_remote, td);
}

// GAP: a thread scheduled from another CPU does not preempt; only interrupt threads may, and nobody schedules one
// from another CPU.
function* lwkt_schedule_remote(k: Kernel, td: Thread): Routine<void> {
  enqueue(k, td);
}

// -- preemption -------------------------------------------------------------------------------------------

/**
 * `lwkt_preempt`'s conditions, called by `lwkt_schedule` with `critcount` 1, one of which is its own: the running
 * thread is in no critical section and in no switch.
 */
function mayPreempt(td: Thread, victim: Thread): boolean {
  const gd = td.td_gd;
  return (
    victim !== td &&
    victim !== gd.gd_idlethread &&
    td.td_pri > victim.td_pri &&
    victim.td_critcount === 0 &&
    gd.gd_processing_ipiq === 0 &&
    td.td_toks.length === 0 &&
    td.td_preempted === null &&
    ((td.td_flags | victim.td_flags) & TDF_PREEMPT_LOCK) === 0
  );
}

function preempt(k: Kernel, td: Thread): Step<void> {
  const gd = td.td_gd;
  const victim = gd.gd_curthread;
  KASSERT(k, gd.gd_spinlocks === 0, "lwkt_preempt: spinlocks held");
  victim.td_flags |= TDF_PREEMPT_LOCK;
  td.td_preempted = victim;
  gd.gd_curthread = td;
  if (!isNested(k)) return k.x.switchTo(td.context);
  k.x.setThread(gd.cpu, td.context);
  return k.x.ready(undefined);
}

// -- switching --------------------------------------------------------------------------------------------

/**
 * Gives the CPU to the next thread and returns when it comes back. All tokens are released meanwhile.
 * Context: thread. Holds: no spinlock. Blocks: yes. Releases: tokens, until it returns.
 */
export function* lwkt_switch(k: Kernel): Routine<void> {
  const { x } = k;
  const gd = mycpu(k);
  const td = gd.gd_curthread;
  const { cpu } = gd;
  assertMaySwitch(k);
  KASSERT(k, gd.gd_spinlocks === 0, "lwkt_switch: still holding exclusive spinlocks");

  td.td_critcount++;
  if (td.td_toks.length > 0) {
    x.mask(cpu, true);
    const goesOn = x.point(packOp(Op.Switch, cpu.object));
    for (const token of td.td_toks) x.also(token.object);
    if (!goesOn) yield SWITCH;
    releaseTokens(k, td);
  } else {
    // Nobody on another CPU can tell whether this has happened: no point.
    x.recording.append(packOp(Op.Switch, cpu.object));
  }
  const next = chooseNext(k, gd);
  if (next === td.context && (next.gate === null || next.gate.owner === null)) {
    if (!x.point(packOp(Op.Resume, cpu.object))) yield SWITCH;
  } else {
    yield* x.switchTo(next);
  }
  if (td.td_toks.length > 0) resumeWithTokens(k, td);
  td.td_critcount--;
  gd.unreplayed = false;
  x.mask(cpu, td.td_critcount > 0);
}

/** Panics where a switch is illegal, in the words of `lwkt_switch`. */
export function assertMaySwitch(k: Kernel): void {
  if (!isNested(k) && mycpu(k).gd_intr_nesting_level === 0) return;
  panic(k, "lwkt_switch: Attempt to switch from a fast interrupt, ipi, or hard code section");
}

/** Asked by the engine when a CPU has nothing to run. */
export function dispatch(k: Kernel, gd: Globaldata): Context | null {
  const td = gd.gd_curthread;
  if (td.context.life === "done") lwkt_exit(k, td);
  return chooseNext(k, gd);
}

/** The thread that runs next becomes current; its CPU is open for interrupts until it goes on. */
function chooseNext(k: Kernel, gd: Globaldata): Context | null {
  const victim = gd.gd_curthread.td_preempted;
  const next = victim ?? pick(gd);
  if (victim !== null) {
    gd.gd_curthread.td_preempted = null;
    victim.td_flags &= ~TDF_PREEMPT_LOCK;
  } else {
    gd.gd_reqflags &= ~RQF_AST_LWKT_RESCHED;
  }
  gd.gd_curthread = next ?? gd.gd_idlethread;
  if (next !== null && victim === null && needsTokens(next)) armCandidate(k, next);
  k.x.mask(gd.cpu, false);
  return next?.context ?? null;
}

/**
 * The first thread of the run queue whose tokens are available; failing one, another of sufficient priority. Null
 * when there is none at all. When there are only threads whose tokens are not available, the first of them: it will
 * go on when they are.
 */
function pick(gd: Globaldata): Thread | null {
  const queue = gd.gd_tdrunq;
  const first = queue[0];
  if (first === undefined) return null;
  if (tokensAvailable(first)) return first;
  for (const td of queue) {
    if (td.td_pri < TDPRI_KERN_LPSCHED) break;
    if (tokensAvailable(td)) return td;
  }
  return first;
}

/** A thread that was chosen waits for tokens, and the run queue or the tokens have changed: chooses again. */
export function repick(k: Kernel, gd: Globaldata): void {
  const td = gd.gd_curthread;
  if (!k.tokens.candidates.includes(td) || tokensAvailable(td)) return;
  const next = pick(gd);
  if (next === td || next === null) return;
  standDown(k, td);
  gd.gd_curthread = next;
  if (needsTokens(next)) armCandidate(k, next);
  k.x.setThread(gd.cpu, next.context);
}

/**
 * Lets interrupts in, and gives way to a thread of higher or equal priority that has become runnable.
 * Context: thread. Holds: no spinlock. Blocks: yes, but stays runnable.
 */
export function* lwkt_yield(k: Kernel): Routine<void> {
  yield* k.x.pause(Op.Yield);
  if ((mycpu(k).gd_reqflags & RQF_AST_LWKT_RESCHED) === 0) return;
  requeueSelf(k);
  yield* lwkt_switch(k);
}

/** The end of a thread: it must hold nothing. */
function lwkt_exit(k: Kernel, td: Thread): void {
  KASSERT(k, td.td_critcount === 0, `${td.td_name}: thread exits in a critical section`);
  KASSERT(k, td.td_toks.length === 0, `${td.td_name}: thread exits with a token`);
  KASSERT(k, td.td_gd.gd_spinlocks === 0, `${td.td_name}: thread exits with a spinlock`);
  dequeue(td);
}
