/**
 * Mutexes of XNU.
 *
 * Mirrors: osfmk/kern/locks.c, osfmk/i386/locks_i386.c `lck_mtx_lock`, `lck_mtx_lock_spin`, `lck_mtx_convert_spin`,
 * `lck_mtx_unlock`, `LCK_MTX_ASSERT`.
 * Left out: statistics, priority promotion, adaptive spinning (it decides who pays for a wait, not who may come next).
 *
 * A mutex is taken in full mode, whose holder may block, or in spin mode, whose holder may not and which a contender
 * spins for. Waiters of either kind compete when it is given up: nobody is next in line. What may block asks
 * {@link mayBlock}; the kernel itself would deadlock or hold up a CPU, it does not check.
 */
import { Gate, fail, type Routine } from "../../../sim/index.ts";
import type { Xnu } from "../xnu.ts";

/** `lck_mtx_t`. */
export class LckMtx extends Gate {
  /** The holder has it in spin mode. */
  spin = false;
}

/** A mutex of this machine. */
export function lck_mtx_init(xnu: Xnu, label: string): LckMtx {
  const mtx = new LckMtx(xnu.x, label);
  xnu.mutexes.push(mtx);
  return mtx;
}

/** Takes the mutex. Context: thread. Holds: no mutex in spin mode. Blocks: yes. */
export function* lck_mtx_lock(xnu: Xnu, mtx: LckMtx): Routine<void> {
  mayBlock(xnu, `lck_mtx_lock of ${mtx.label}`);
  yield* mtx.acquire();
  mtx.spin = false;
}

/** Takes the mutex in spin mode. Context: thread. Holds: not this one. Blocks: it spins. */
export function* lck_mtx_lock_spin(mtx: LckMtx): Routine<void> {
  yield* mtx.acquire();
  mtx.spin = true;
}

/**
 * From spin mode to full mode, without giving the mutex up: nobody else can tell, so this is no point. Harmless in full
 * mode. Context: thread. Holds: the mutex. Blocks: no.
 */
export function lck_mtx_convert_spin(xnu: Xnu, mtx: LckMtx): void {
  LCK_MTX_ASSERT(xnu, mtx);
  mtx.spin = false;
}

/** Gives the mutex up. Context: thread. Holds: the mutex, in either mode. Blocks: no. */
export function* lck_mtx_unlock(xnu: Xnu, mtx: LckMtx): Routine<void> {
  LCK_MTX_ASSERT(xnu, mtx);
  yield* mtx.release();
}

/** Ends the run unless the running thread holds the mutex. */
export function LCK_MTX_ASSERT(xnu: Xnu, mtx: LckMtx): void {
  if (mtx.owner === xnu.x.current) return;
  fail("Panic", "mutex-not-owned", "LCK_MTX_ASSERT: mutex not owned", [
    ["mutex", mtx.label],
    ["owner", mtx.owner?.name ?? "nobody"],
  ]);
}

/** Ends the run when the running thread holds a mutex in spin mode: what it is about to do may block. Not a point. */
export function mayBlock(xnu: Xnu, what: string): void {
  const { current } = xnu.x;
  for (const mtx of xnu.mutexes) {
    if (mtx.owner === current && mtx.spin) {
      fail("Discipline", "blocks-in-spin-mode", `${what} while ${mtx.label} is held in spin mode`, [
        ["by", current.name],
      ]);
    }
  }
}
