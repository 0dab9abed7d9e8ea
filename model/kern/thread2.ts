/**
 * Critical sections.
 *
 * Mirrors: sys/sys/thread2.h `crit_enter`, `crit_exit`, their `_gd` and `_quick` forms, `crit_exit_noyield`.
 *
 * The outermost enter (0 to 1) and exit (1 to 0) of a thread are points: what could interrupt it may do so before
 * the one takes effect and after the other did. Inner ones, and all of them in IPI functions and interrupts, which
 * nothing interrupts, are not. `crit_exit` never switches to another thread.
 */
import { Op, SWITCH, packOp, type Routine, type Step } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { KASSERT } from "../panic.ts";
import { curthread, isNested, type Globaldata } from "./globaldata.ts";
import type { Thread } from "./thread.ts";

/**
 * Excludes IPI functions, interrupts and interrupt threads of this CPU until the matching exit, or until the
 * thread blocks. Counts.
 * Context: any. Holds: nothing. Blocks: no.
 */
export function crit_enter(k: Kernel): Step<void> {
  return enter(k, curthread(k));
}

/** {@link crit_enter} for a caller that knows its CPU. Context: any. Holds: nothing. Blocks: no. */
export function crit_enter_gd(k: Kernel, gd: Globaldata): Step<void> {
  return enter(k, gd.gd_curthread);
}

/** {@link crit_enter} for a caller that knows its thread. Context: any. Holds: nothing. Blocks: no. */
export function crit_enter_quick(k: Kernel, td: Thread): Step<void> {
  return enter(k, td);
}

/**
 * Ends a critical section; what waited for the outermost one to end may run from then on.
 * Context: any. Holds: a critical section. Blocks: no.
 */
export function crit_exit(k: Kernel): Step<void> {
  return exit(k, curthread(k));
}

/** {@link crit_exit} for a caller that knows its CPU. Context: any. Holds: a critical section. Blocks: no. */
export function crit_exit_gd(k: Kernel, gd: Globaldata): Step<void> {
  return exit(k, gd.gd_curthread);
}

/** {@link crit_exit} for a caller that knows its thread. Context: any. Holds: a critical section. Blocks: no. */
export function crit_exit_quick(k: Kernel, td: Thread): Step<void> {
  return exit(k, td);
}

function enter(k: Kernel, td: Thread): Step<void> {
  const { x } = k;
  const { cpu } = td.td_gd;
  if (td.td_critcount > 0 || isNested(k)) {
    td.td_critcount++;
    return x.ready(undefined);
  }
  if (!x.point(packOp(Op.CritEnter, cpu.object))) return enterSlow(k, td);
  critEnterNow(k, td);
  return x.ready(undefined);
}

function* enterSlow(k: Kernel, td: Thread): Routine<void> {
  yield SWITCH;
  critEnterNow(k, td);
}

function exit(k: Kernel, td: Thread): Step<void> {
  const { x } = k;
  const { cpu } = td.td_gd;
  KASSERT(k, td.td_critcount > 0, "crit_exit: critical count is zero");
  if (td.td_critcount > 1 || isNested(k)) {
    td.td_critcount--;
    return x.ready(undefined);
  }
  if (!x.point(packOp(Op.CritExit, cpu.object))) return exitSlow(k, td);
  critExitNow(k, td);
  return x.ready(undefined);
}

function* exitSlow(k: Kernel, td: Thread): Routine<void> {
  yield SWITCH;
  critExitNow(k, td);
}

/**
 * The effect of {@link crit_enter} without a point: for primitives whose own point stands directly before it, so
 * that an interrupt which could come between the two comes before that point just as well.
 */
export function critEnterNow(k: Kernel, td: Thread): void {
  td.td_critcount++;
  if (!isNested(k)) k.x.mask(td.td_gd.cpu, true);
}

/** The effect of {@link crit_exit} without a point. */
export function critExitNow(k: Kernel, td: Thread): void {
  td.td_critcount--;
  if (isNested(k)) return;
  td.td_gd.unreplayed = false;
  k.x.mask(td.td_gd.cpu, td.td_critcount > 0);
}
