/**
 * The clock: ticks, per-CPU clock interrupts, time.
 *
 * Mirrors: sys/kern/kern_clock.c `hardclock`, `getmicrotime`, `ticks`; sys/kern/kern_timeout.c `hardclock_softtick`;
 * sys/kern/lwkt_thread.c `lwkt_schedulerclock`.
 * Left out: statistics, profiling, user time slices.
 *
 * One agent makes time pass, a tick at a time, while a callout is on a wheel, up to a bound (`Clock.allow`): what
 * needs a later tick is not explored. A CPU with nothing on its wheel takes no clock interrupt: it would only count.
 */
import { Op, packOp, type Routine } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { RQF_AST_LWKT_RESCHED, raiseLine, type Globaldata } from "./globaldata.ts";
import { lwkt_process_ipiq } from "./lwkt_ipiq.ts";
import { TDF_DAEMON, TDF_NOSTART, enqueue, lwkt_create, requeueSelf } from "./lwkt_thread.ts";
import { softclock_handler } from "./kern_timeout.ts";

const NS_PER_SECOND = 1_000_000_000;

/** `ticks`. Context: any. */
export const ticks = (k: Kernel): number => k.clock.ticks;

/** Tick-granular time in nanoseconds: equal consecutive values are normal. Context: any. Blocks: no. */
export const getmicrotime = (k: Kernel): number => k.x.now;

/** The agent behind all clock interrupts. Context: its own. Holds: nothing. Blocks: while nothing is armed. */
export function* clockAgent(k: Kernel): Routine<void> {
  const { x, clock } = k;
  for (;;) {
    if (!clock.mayTick()) yield* x.block(packOp(Op.Tick, clock.object));
    else if (k.timing === null) yield* x.pause(Op.Tick, clock.object);
    else yield* x.delay(untilTick(k));
    if (clock.mayTick()) timePasses(k);
  }
}

const tickLength = (k: Kernel): number => Math.trunc(NS_PER_SECOND / k.params.hz);

/** Timed mode: how far the next tick is. */
const untilTick = (k: Kernel): number => tickLength(k) - (k.x.now % tickLength(k));

function timePasses(k: Kernel): void {
  k.clock.ticks++;
  if (k.timing === null) k.x.now += tickLength(k);
  for (const gd of k.gd) {
    const sc = gd.softclock;
    if (sc.pending === 0 && !sc.isrunning && gd.ticksOwed === 0 && sc.softticks === sc.curticks) {
      sc.curticks++;
      sc.softticks++;
    } else {
      gd.ticksOwed++;
      raiseLine(k, gd, gd.timerLine);
    }
  }
}

/** The clock interrupt of a CPU: one activation. Context: interrupt. Holds: nothing. Blocks: no. */
export function* timerInterrupt(k: Kernel, gd: Globaldata): Routine<void> {
  const td = gd.gd_curthread;
  td.td_critcount++;
  gd.gd_intr_nesting_level++;
  for (; gd.ticksOwed > 0; gd.ticksOwed--) hardclock(k, gd);
  if (gd.gd_ipimask !== 0) yield* lwkt_process_ipiq(k);
  gd.gd_intr_nesting_level--;
  td.td_critcount--;
}

function hardclock(k: Kernel, gd: Globaldata): void {
  lwkt_schedulerclock(k, gd);
  gd.softclock.curticks++;
  hardclock_softtick(k, gd);
}

/** Starts the softclock thread when something is due, or when it is behind. */
function hardclock_softtick(k: Kernel, gd: Globaldata): void {
  const sc = gd.softclock;
  if (sc.isrunning) return;
  if (sc.softticks === sc.curticks && sc.first(sc.softticks) === null) {
    sc.softticks++;
    return;
  }
  sc.isrunning = true;
  sc.thread ??= makeSoftclock(k, gd);
  enqueue(k, sc.thread);
}

function makeSoftclock(k: Kernel, gd: Globaldata): ReturnType<typeof lwkt_create> {
  const name = `softclock ${String(gd.gd_cpuid)}`;
  return lwkt_create(k, softclock_handler, gd, name, gd.gd_cpuid, TDF_NOSTART | TDF_DAEMON);
}

/** The running thread goes behind its equals, if it is the first of them. */
function lwkt_schedulerclock(k: Kernel, gd: Globaldata): void {
  const [first, second] = gd.gd_tdrunq;
  const td = gd.gd_curthread;
  if (td === gd.gd_idlethread || first === undefined) return;
  if (first !== td) {
    gd.gd_reqflags |= RQF_AST_LWKT_RESCHED;
  } else if (second !== undefined && second.td_pri === td.td_pri) {
    requeueSelf(k);
    gd.gd_reqflags |= RQF_AST_LWKT_RESCHED;
  }
}

