/**
 * Sleeping and waking.
 *
 * Mirrors: bsd/kern/kern_synch.c `msleep`, `wakeup`, `wakeup_one`, osfmk/kern/sched_prim.c `thread_wakeup_thread`,
 * `kernel_thread_start`.
 * Left out: signals (`PCATCH` is not used here), timeouts (nothing here sleeps with one: see `ifnet_start_thread_fn`),
 * continuations (a thread that sleeps with one begins anew where a loop would be).
 *
 * `msleep` puts the thread on the wait queue before it gives the mutex up, so that a wakeup by whoever takes the mutex next
 * finds it: release and sleep are one step.
 *
 * A thread is an agent of the engine, bound to no CPU. XNU is preemptible everywhere, also in the kernel and also while a
 * mutex is held, and moves threads between CPUs as it likes; a thread that is not running because its CPU does something
 * else cannot be told from one that is slow. With as many CPUs as threads every interleaving can happen, and with fewer only
 * some of these; nothing modelled here is data of a CPU. So the strategy chooses among all threads that do not wait, at every
 * point. The one thing a CPU would add, that the holder of a mutex in spin mode keeps it, takes interleavings away.
 */
import { Op, SWITCH, packOp, type Context, type Execution, type Routine, type Waiting } from "../../../sim/index.ts";
import type { Xnu } from "../xnu.ts";
import { mayBlock, type LckMtx } from "./locks.ts";

/** Reacquire the mutex in spin mode. */
export const PSPIN = 0x800;

/** What a sleeper waits for: in C any address. */
export class WaitChannel {
  readonly label: string;
  readonly object: number;
  readonly waiters: Context[] = [];
  /** For the report of a stuck run. */
  readonly waitsFor: () => Waiting;

  constructor(x: Execution, label: string) {
    this.label = label;
    this.object = x.register(this);
    const waitsFor = (): Waiting => ({ for: `a wakeup of ${label}`, heldBy: null });
    this.waitsFor = waitsFor;
  }
}

/**
 * Sleeps on the channel until a wakeup, with the mutex given up meanwhile; taken again on return.
 * Context: thread.
 * Holds: the mutex, and no other in spin mode.
 * Blocks: yes.
 * Releases: the mutex, and takes it again, in spin mode with `PSPIN`.
 */
export function* msleep(xnu: Xnu, chan: WaitChannel, mtx: LckMtx, pri: number): Routine<void> {
  const { x } = xnu;
  const thread = x.current;
  if (!x.point(packOp(Op.Sleep, chan.object))) yield SWITCH;
  x.also(mtx.object);
  mtx.spin = false;
  mayBlock(xnu, `msleep on ${chan.label}`);
  chan.waiters.push(thread);
  mtx.releaseNow();
  thread.waitsFor = chan.waitsFor;
  yield* x.block(packOp(Op.Resume, chan.object));
  thread.waitsFor = null;
  yield* mtx.acquire();
  mtx.spin = (pri & PSPIN) !== 0;
}

/** Wakes everybody who sleeps on the channel. Context: any. Holds: anything. Blocks: no. */
export function* wakeup(xnu: Xnu, chan: WaitChannel): Routine<void> {
  yield* xnu.x.pause(Op.Wakeup, chan.object);
  while (chan.waiters.length > 0) wake(xnu, chan, 0);
}

/** Wakes the first who sleeps on the channel. Context: any. Holds: anything. Blocks: no. */
export function* wakeup_one(xnu: Xnu, chan: WaitChannel): Routine<void> {
  yield* xnu.x.pause(Op.Wakeup, chan.object);
  if (chan.waiters.length > 0) wake(xnu, chan, 0);
}

/** Wakes this thread if it sleeps on the channel. Context: any. Holds: anything. Blocks: no. */
export function* thread_wakeup_thread(xnu: Xnu, chan: WaitChannel, thread: Context): Routine<void> {
  yield* xnu.x.pause(Op.Wakeup, chan.object);
  const at = chan.waiters.indexOf(thread);
  if (at >= 0) wake(xnu, chan, at);
}

function wake({ x }: Xnu, chan: WaitChannel, at: number): void {
  const [thread] = chan.waiters.splice(at, 1);
  if (thread !== undefined) x.unblock(thread);
}

/** Makes a thread of the kernel, whose job is to wait for work; it runs from now on. */
export function kernel_thread_start({ x }: Xnu, name: string, body: () => Routine<void>): Context {
  return x.spawn(name, body, { daemon: true });
}
