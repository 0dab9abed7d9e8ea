/**
 * Spinlocks.
 *
 * Mirrors: sys/sys/spinlock2.h `spin_lock`, `spin_unlock`, `spin_trylock`; sys/kern/kern_spinlock.c.
 * Left out: shared spinlocks, the complaint after a second and the panic after 60.
 *
 * The holder is in a critical section and may not block. A waiter is disabled until the lock is free; what could
 * interrupt it while it waits could have interrupted it before it began to. Unfair.
 */
import { Gate, Op, SWITCH, packOp, type Routine, type Step } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { KASSERT } from "../panic.ts";
import { curthread, isNested } from "./globaldata.ts";

/** `struct spinlock`. */
export class SpinLock extends Gate {
  constructor(k: Kernel, label: string) {
    super(k.x, label);
  }
}

/** Takes the lock, spinning. Context: any. Holds: not the lock. Blocks: no, but spins. */
export function spin_lock(k: Kernel, lock: SpinLock): Step<void> {
  KASSERT(k, lock.owner !== k.x.current, "spin_lock: recursion");
  if (!k.x.pointAtGate(packOp(Op.Acquire, lock.object), lock)) return lockSlow(k, lock);
  lockNow(k, lock);
  return k.x.ready(undefined);
}

function* lockSlow(k: Kernel, lock: SpinLock): Routine<void> {
  yield SWITCH;
  lockNow(k, lock);
}

function lockNow(k: Kernel, lock: SpinLock): void {
  const td = curthread(k);
  td.td_critcount++;
  td.td_gd.gd_spinlocks++;
  if (!isNested(k)) k.x.mask(td.td_gd.cpu, true);
  lock.take();
}

/** Takes the lock if it is free; true on success. Context: any. Holds: not the lock. Blocks: no. */
export function spin_trylock(k: Kernel, lock: SpinLock): Step<boolean> {
  if (k.x.point(packOp(Op.Try, lock.object))) return k.x.ready(tryNow(k, lock));
  return trySlow(k, lock);
}

function* trySlow(k: Kernel, lock: SpinLock): Routine<boolean> {
  yield SWITCH;
  return tryNow(k, lock);
}

function tryNow(k: Kernel, lock: SpinLock): boolean {
  if (lock.owner !== null) return false;
  k.x.succeeded();
  lockNow(k, lock);
  return true;
}

/**
 * Gives the lock up. Interrupts that came meanwhile may run at once, or wait for the next `crit_exit`, as
 * `Params.spin_unlock` says.
 * Context: any. Holds: the lock. Blocks: no.
 */
export function spin_unlock(k: Kernel, lock: SpinLock): Step<void> {
  KASSERT(k, lock.owner === k.x.current, "spin_unlock: not the owner");
  if (!k.x.point(packOp(Op.Release, lock.object))) return unlockSlow(k, lock);
  unlockNow(k, lock);
  return k.x.ready(undefined);
}

function* unlockSlow(k: Kernel, lock: SpinLock): Routine<void> {
  yield SWITCH;
  unlockNow(k, lock);
}

function unlockNow(k: Kernel, lock: SpinLock): void {
  const td = curthread(k);
  const gd = td.td_gd;
  gd.gd_spinlocks--;
  td.td_critcount--;
  lock.releaseNow();
  if (isNested(k) || td.td_critcount > 0) return;
  gd.unreplayed = k.params.spin_unlock === "defer" && gd.cpu.raised !== 0;
  if (!gd.unreplayed) k.x.mask(gd.cpu, false);
}
