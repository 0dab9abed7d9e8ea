/**
 * Mutexes that hand over.
 *
 * Mirrors: sys/kern/kern_mutex.c, sys/sys/mutex2.h `mtx_init`, `mtx_lock`, `mtx_lock_try`, `mtx_unlock`,
 * `mtx_owned`, `mtx_islocked`.
 * Left out: shared locks, links that the caller brings, interruptible waits.
 *
 * Waiters sleep in order. The last release makes the first of them the owner while it is still asleep: nobody can
 * get in between. Held across sleeps; recursive.
 */
import { Op, SWITCH, packOp, type Context, type Guard, type Routine, type Step } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { KASSERT } from "../panic.ts";
import { curthread, isNested } from "./globaldata.ts";
import { PINTERLOCKED, tsleep, tsleep_interlock, wakeup } from "./kern_synch.ts";
import type { Thread } from "./thread.ts";

/** `struct mtx_link`: a waiter, and the ident it sleeps on. */
interface MtxLink {
  readonly label: string;
  readonly td: Thread;
  /** MTX_LINK_ACQUIRED: the lock is its own. */
  acquired: boolean;
}

/** `struct mtx`, exclusive. */
export class Mtx implements Guard {
  readonly label: string;
  readonly object: number;
  /** The owner, which may still be asleep. */
  mtx_owner: Thread | null = null;
  /** Times the owner holds it. */
  mtx_lock = 0;
  readonly links: MtxLink[] = [];
  /** Called after each release took effect; null when nobody watches. */
  watchers: (() => void)[] | null = null;

  constructor(k: Kernel, label: string) {
    this.label = label;
    this.object = k.x.register(this);
  }

  get owner(): Context | null {
    return this.mtx_owner?.context ?? null;
  }
}

/** Takes the mutex, sleeping in order. Context: thread. Holds: no spinlock. Blocks: yes. */
export function mtx_lock(k: Kernel, mtx: Mtx): Step<void> {
  KASSERT(k, !isNested(k), "mtx_lock: in an interrupt");
  if (mtx.mtx_owner === curthread(k)) {
    mtx.mtx_lock++;
    return k.x.ready(undefined);
  }
  if (!k.x.point(packOp(Op.Try, mtx.object))) return lockSlow(k, mtx);
  if (take(k, mtx)) return k.x.ready(undefined);
  return waitForLink(k, mtx, queue(k, mtx));
}

function* lockSlow(k: Kernel, mtx: Mtx): Routine<void> {
  yield SWITCH;
  if (!take(k, mtx)) yield* waitForLink(k, mtx, queue(k, mtx));
}

function take(k: Kernel, mtx: Mtx): boolean {
  if (mtx.mtx_owner !== null) return false;
  k.x.succeeded();
  mtx.mtx_owner = curthread(k);
  mtx.mtx_lock = 1;
  return true;
}

function queue(k: Kernel, mtx: Mtx): MtxLink {
  const link: MtxLink = { label: mtx.label, td: curthread(k), acquired: false };
  mtx.links.push(link);
  return link;
}

function* waitForLink(k: Kernel, mtx: Mtx, link: MtxLink): Routine<void> {
  while (!link.acquired) {
    yield* tsleep_interlock(k, link, 0);
    if (link.acquired) {
      // Handed over before the sleep: no wakeup tells of the release, the link does.
      k.x.recording.append(packOp(Op.Acquire, mtx.object));
      break;
    }
    link.td.holder = mtx;
    yield* tsleep(k, link, PINTERLOCKED, "mtxlk", 0);
    link.td.holder = null;
  }
  // It was handed over behind the try that failed: with it comes what its owner did.
  k.x.recording.append(packOp(Op.Acquire, mtx.object));
}

/** Takes the mutex if it is free; true on success. Context: thread. Holds: anything. Blocks: no. */
export function* mtx_lock_try(k: Kernel, mtx: Mtx): Routine<boolean> {
  if (!k.x.point(packOp(Op.Try, mtx.object))) yield SWITCH;
  if (mtx.mtx_owner !== curthread(k)) return take(k, mtx);
  mtx.mtx_lock++;
  return true;
}

/** Gives the mutex up, to the first waiter if there is one. Context: thread. Holds: the mutex. Blocks: no. */
export function mtx_unlock(k: Kernel, mtx: Mtx): Step<void> {
  KASSERT(k, mtx.mtx_owner === curthread(k), "mtx_unlock: not the owner");
  if (mtx.mtx_lock > 1) {
    mtx.mtx_lock--;
    return k.x.ready(undefined);
  }
  if (!k.x.point(packOp(Op.Release, mtx.object))) return unlockSlow(k, mtx);
  const next = release(mtx);
  return next === null ? k.x.ready(undefined) : wakeup(k, next);
}

function* unlockSlow(k: Kernel, mtx: Mtx): Routine<void> {
  yield SWITCH;
  const next = release(mtx);
  if (next !== null) yield* wakeup(k, next);
}

/** Hands over or frees; returns whom to wake. */
function release(mtx: Mtx): MtxLink | null {
  const next = mtx.links.shift() ?? null;
  mtx.mtx_owner = next?.td ?? null;
  mtx.mtx_lock = next === null ? 0 : 1;
  if (next !== null) next.acquired = true;
  if (mtx.watchers !== null) for (const watcher of mtx.watchers) watcher();
  return next;
}

/** Does the running thread own the mutex? Context: thread. */
export const mtx_owned = (k: Kernel, mtx: Mtx): boolean => mtx.mtx_owner === curthread(k);
