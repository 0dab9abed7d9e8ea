/**
 * Callouts and the wheel of a CPU, as data.
 *
 * Mirrors: sys/sys/callout.h `struct callout`, CALLOUT_*; sys/kern/kern_timeout.c `struct softclock_pcpu`.
 * Left out: callouts with a lock, periodic callouts.
 */
import type { Routine } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { TAILQ_FIRST, TAILQ_INSERT_TAIL, TAILQ_NEXT, TAILQ_REMOVE, Tailq, TailqEntry } from "../sys/queue.ts";
import type { Globaldata } from "./globaldata.ts";
import type { Thread } from "./thread.ts";

/** On a wheel. */
export const CALLOUT_PENDING = 0x0004;
/** Armed and not stopped since; stays set while and after it runs. */
export const CALLOUT_ACTIVE = 0x0002;
/** Runs without the MP lock. */
export const CALLOUT_MPSAFE = 0x0008;
/** Initialised. */
export const CALLOUT_DID_INIT = 0x0010;
/** Generation B: the function was called. */
export const CALLOUT_EXECUTED = 0x0020;
/** Generation B: somebody sleeps on it. */
export const CALLOUT_WAITING = 0x0040;

/** What a callout calls. Thread context: it may block, and delays the other callouts of its CPU meanwhile. */
export type CalloutFunc = (k: Kernel, arg: never) => Routine<void>;

/**
 * `struct callout`. Every operation on it is one atomic step (`Op.Rmw`).
 *
 * DEVIATES: generation A keeps plain flags and has its callers serialise; here their accesses do not race, because
 * a report would speak of kern_timeout.c and not of the layer.
 */
export class Callout {
  readonly label: string;
  readonly object: number;
  c_flags = 0;
  /** The CPU on whose wheel it is or was last. */
  c_gd: Globaldata | null = null;
  /** Generation B: IPIs in flight that concern it; locks it to its CPU. */
  c_ipis = 0;
  /** The tick it is due at. */
  c_time = 0;
  /** Generation B: ticks, to be added to the target's time. */
  c_load = 0;
  c_func: CalloutFunc | null = null;
  c_arg: unknown = null;
  readonly c_links = new TailqEntry<Callout>();

  constructor(k: Kernel, label: string) {
    this.label = label;
    this.object = k.x.register(this);
  }

  has(flag: number): boolean {
    return (this.c_flags & flag) !== 0;
  }
}

const links = (c: Callout): TailqEntry<Callout> => c.c_links;

/**
 * `struct softclock_pcpu`: the callouts of one CPU. Touched on that CPU only, in a critical section, an IPI or an
 * interrupt.
 */
export class SoftclockPcpu {
  readonly gd: Globaldata;
  /** By tick, first in first out; a bucket per tick instead of a wheel of buckets. */
  readonly callwheel = new Map<number, Tailq<Callout>>();
  /** Callouts on the wheel. */
  pending = 0;
  /** Ticks this CPU has seen. */
  curticks = 0;
  /** Ticks processed so far. */
  softticks = 0;
  isrunning = false;
  /** Where the softclock thread goes on in its bucket. */
  next: Callout | null = null;
  /** The callout whose function is executing. */
  running: Callout | null = null;
  /** Generation B: somebody waits for that function to return. */
  runningWanted = false;
  /** The softclock thread; made when first needed. */
  thread: Thread | null = null;

  constructor(gd: Globaldata) {
    this.gd = gd;
  }

  first(tick: number): Callout | null {
    const bucket = this.callwheel.get(tick);
    return bucket === undefined ? null : TAILQ_FIRST(bucket);
  }

  after(c: Callout): Callout | null {
    return TAILQ_NEXT(this.#bucketOf(c), c);
  }

  link(k: Kernel, c: Callout): void {
    TAILQ_INSERT_TAIL(this.#bucketOf(c), c);
    this.pending++;
    k.clock.armed++;
    k.clock.wake();
  }

  /** Takes a callout off the wheel, moving the cursor past it. */
  unlink(k: Kernel, c: Callout): void {
    if (this.next === c) this.next = this.after(c);
    TAILQ_REMOVE(this.#bucketOf(c), c);
    if (TAILQ_FIRST(this.#bucketOf(c)) === null) this.callwheel.delete(c.c_time);
    this.pending--;
    k.clock.armed--;
  }

  #bucketOf(c: Callout): Tailq<Callout> {
    let bucket = this.callwheel.get(c.c_time);
    if (bucket === undefined) {
      bucket = new Tailq<Callout>(`cpu ${String(this.gd.gd_cpuid)} callwheel`, links);
      this.callwheel.set(c.c_time, bucket);
    }
    return bucket;
  }
}
