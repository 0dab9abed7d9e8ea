/**
 * Lock manager locks: exclusive, sleeping, kept while asleep.
 *
 * Mirrors: sys/kern/kern_lock.c `lockmgr` with `LK_EXCLUSIVE` and `LK_RELEASE`.
 * Left out: shared holds, upgrades, draining, timeouts.
 *
 * The kernel guards the fields with a spinlock for the length of a look; here the look and what follows it are one step.
 */
import { Op, SWITCH, packOp, type Context, type Guard, type Routine } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { KASSERT } from "../panic.ts";
import { PINTERLOCKED, tsleep, tsleep_interlock, wakeup } from "./kern_synch.ts";

/** `struct lock`. */
export class Lock implements Guard {
  readonly label: string;
  readonly object: number;
  owner: Context | null = null;
  waiters = 0;

  constructor(k: Kernel, label: string) {
    this.label = label;
    this.object = k.x.register(this);
  }
}

/**
 * `lockmgr(lkp, LK_EXCLUSIVE)`.
 * Context: thread. Holds: no spinlock, not the lock. Blocks: yes, keeping serializers and giving tokens up.
 */
export function* lockmgrExclusive(k: Kernel, lkp: Lock): Routine<void> {
  KASSERT(k, lkp.owner !== k.x.current, `lockmgr: locking against myself: ${lkp.label}`);
  for (;;) {
    if (!k.x.point(packOp(Op.Try, lkp.object))) yield SWITCH;
    if (lkp.owner === null) break;
    lkp.waiters++;
    yield* tsleep_interlock(k, lkp, 0);
    if (lkp.owner !== null) yield* tsleep(k, lkp, PINTERLOCKED, "lockmgr", 0);
    lkp.waiters--;
  }
  k.x.succeeded();
  lkp.owner = k.x.current;
}

/** `lockmgr(lkp, LK_RELEASE)`. Context: thread. Holds: the lock. Blocks: no. */
export function* lockmgrRelease(k: Kernel, lkp: Lock): Routine<void> {
  KASSERT(k, lkp.owner === k.x.current, `lockmgr: not owner of ${lkp.label}`);
  if (!k.x.point(packOp(Op.Release, lkp.object))) yield SWITCH;
  lkp.owner = null;
  if (lkp.waiters > 0) yield* wakeup(k, lkp);
}
