/**
 * Waiting for any of several files.
 *
 * Mirrors: sys/kern/sys_generic.c `selrecord`, `selwakeup`, `poll` (its loop); sys/sys/selinfo.h; 2008.
 * Left out: timeouts other than none and at once.
 *
 * A `selinfo` remembers one waiter. A second one is remembered as a collision only when the first is asleep; else it
 * takes its place. All of it relies on the MP lock, and nothing checks that it is held.
 */
import { Struct, word, type Routine, type Word } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { EINTR, ERESTART } from "../sys/errno.ts";
import { mycpu } from "./globaldata.ts";
import { pfind, type Lwp } from "./kern_proc.ts";
import { PCATCH, PINTERLOCKED, tsleep, tsleep_interlock, unqueue, wakeup } from "./kern_synch.ts";
import { lwkt_send_ipiq } from "./lwkt_ipiq.ts";
import { enqueue } from "./lwkt_thread.ts";
import { TDF_TSLEEP_DESCHEDULED } from "./thread.ts";
import { crit_enter, crit_exit } from "./thread2.ts";

/** `LWP_SELECT`: between the start of a scan and the sleep; cleared by a wakeup in between. */
const LWP_SELECT = 0x1;
/** `SI_COLL`: more than one waits. */
const SI_COLL = 0x1;

/** `struct selinfo`. */
export class Selinfo extends Struct {
  readonly si_pid: Word<number>;
  readonly si_flags: Word<number>;

  constructor(k: Kernel, label: string) {
    super(k.x, label);
    this.si_pid = word(this, 0);
    this.si_flags = word(this, 0);
  }
}

const sleepsOnSelwait = (k: Kernel, lp: Lwp): boolean =>
  lp.lwp_thread.bucket === k.sleepQueues.of(k.processes.selwait);

/**
 * Remembers the process of `lp` as the one to wake.
 * Context: thread of a process. Holds: the MP lock. Blocks: no.
 */
export function* selrecord(k: Kernel, lp: Lwp, sip: Selinfo): Routine<void> {
  const mypid = lp.lwp_proc.p_pid;
  const pid = yield* sip.si_pid.load();
  if (pid === mypid) return;
  const other = pid === 0 ? null : pfind(k, pid);
  if (other !== null && other.p_lwp !== null && sleepsOnSelwait(k, other.p_lwp)) {
    yield* sip.si_flags.store((yield* sip.si_flags.load()) | SI_COLL);
    return;
  }
  yield* sip.si_pid.store(mypid);
}

/**
 * Wakes who is remembered; on a collision everybody who waits for files. Once: who still waits records itself again.
 * Context: thread. Holds: the MP lock, as a rule; nobody checks. Blocks: no.
 */
export function* selwakeup(k: Kernel, sip: Selinfo): Routine<void> {
  const pid = yield* sip.si_pid.load();
  if (pid === 0) return;
  const flags = yield* sip.si_flags.load();
  if ((flags & SI_COLL) !== 0) {
    k.processes.nselcoll++;
    yield* sip.si_flags.store(flags & ~SI_COLL);
    yield* wakeup(k, k.processes.selwait);
  }
  const lp = pfind(k, pid)?.p_lwp ?? null;
  yield* sip.si_pid.store(0);
  if (lp === null) return;
  yield* crit_enter(k);
  if (sleepsOnSelwait(k, lp)) yield* setrunnable(k, lp);
  else {
    const lwp_flag = yield* lp.lwp_flag.load();
    if ((lwp_flag & LWP_SELECT) !== 0) yield* lp.lwp_flag.store(lwp_flag & ~LWP_SELECT);
  }
  yield* crit_exit(k);
}

/** Ends the sleep of one thread, on its CPU. Context: thread. Holds: a critical section. Blocks: no. */
function* setrunnable(k: Kernel, lp: Lwp): Routine<void> {
  const gd = lp.lwp_thread.td_gd;
  if (gd === mycpu(k)) yield* setrunnable_remote(k, lp);
  else yield* lwkt_send_ipiq(k, gd, setrunnable_remote, lp);
}

function* setrunnable_remote(k: Kernel, lp: Lwp): Routine<void> {
  const td = lp.lwp_thread;
  unqueue(td);
  if ((td.td_flags & TDF_TSLEEP_DESCHEDULED) !== 0) enqueue(k, td);
}

/**
 * The loop of `poll`: scans until something is ready, sleeping in between. `scan` answers how many files are. Not ready
 * and not to wait: 0.
 * Context: thread of a process. Holds: the MP lock. Blocks: yes, unless `wait` is false.
 */
export function* pollLoop(
  k: Kernel,
  lp: Lwp,
  scan: () => Routine<number>,
  wait: boolean,
): Routine<{ readonly error: number; readonly ready: number }> {
  let error = 0;
  let ready = 0;
  while (error === 0) {
    const ncoll = k.processes.nselcoll;
    yield* lp.lwp_flag.store((yield* lp.lwp_flag.load()) | LWP_SELECT);
    ready = yield* scan();
    if (ready > 0 || !wait) break;
    yield* crit_enter(k);
    yield* tsleep_interlock(k, k.processes.selwait, 0);
    const flags = yield* lp.lwp_flag.load();
    if ((flags & LWP_SELECT) === 0 || k.processes.nselcoll !== ncoll) {
      yield* crit_exit(k);
      continue;
    }
    yield* lp.lwp_flag.store(flags & ~LWP_SELECT);
    error = yield* tsleep(k, k.processes.selwait, PCATCH | PINTERLOCKED, "poll", 0);
    yield* crit_exit(k);
  }
  yield* lp.lwp_flag.store((yield* lp.lwp_flag.load()) & ~LWP_SELECT);
  return { error: error === ERESTART ? EINTR : error, ready };
}
