/**
 * Threads, as data.
 *
 * Mirrors: sys/sys/thread.h `struct thread`, TDF_*, TD_TYPE_*, TDPRI_*.
 * Left out: migration between CPUs, statistics.
 */
import type { Context, Gate, Waiting } from "../../sim/index.ts";
import type { Callout } from "./callout.ts";
import type { Globaldata } from "./globaldata.ts";
import type { Lwp } from "./kern_proc.ts";
import type { LwktPort } from "./msgport.ts";
import type { SleepBucket } from "./sleepqueue.ts";
import type { Token } from "./token.ts";

/** On the run queue of its CPU; a running thread normally is. */
export const TDF_RUNQ = 0x0001;
/** Preempted by another thread, which runs on its behalf until it first blocks. */
export const TDF_PREEMPT_LOCK = 0x0002;
/** On a sleep queue; not necessarily asleep. */
export const TDF_TSLEEPQ = 0x0004;
/** Asleep in `tsleep`. */
export const TDF_TSLEEP_DESCHEDULED = 0x0008;
/** Asleep, and a signal may end it. */
export const TDF_SINTR = 0x0100000;
/** `tsleep` timed out. */
export const TDF_TIMEOUT = 0x0010;
/** Do not schedule at creation. */
export const TDF_NOSTART = 0x0020;
/** Its port is a spin port. */
export const TDF_FORCE_SPINPORT = 0x0040;
/** Its spin port takes messages of its own CPU without an IPI. */
export const TDF_FIXEDCPU = 0x0080;
/** Runs interrupt handlers. */
export const TDF_INTTHREAD = 0x0100;
/** Ours: its job is to wait for work. */
export const TDF_DAEMON = 0x10000;

export const TD_TYPE_GENERIC = 0;
export const TD_TYPE_NETISR = 2;

/** Below this a thread is not tried in place of one whose tokens are not available. */
export const TDPRI_KERN_LPSCHED = 9;
/** A user thread in the kernel, after it has blocked. */
export const TDPRI_KERN_USER = 10;
/** Kernel threads: netisr, ifnet, softclock. */
export const TDPRI_KERN_DAEMON = 12;
/** Hardware interrupt threads. */
export const TDPRI_INT_MED = 28;

/** Who could end a wait. A lock is one, and so is a port: its owner. */
export interface Holder {
  readonly owner: Context | null;
}

/** `struct thread`. Only contexts of its CPU touch it, the flags a sleeper is found by included. */
export class Thread {
  readonly td_name: string;
  readonly td_gd: Globaldata;
  /** What the engine runs. */
  readonly context: Context;
  td_pri = TDPRI_KERN_DAEMON;
  td_critcount = 0;
  td_flags: number;
  td_type = TD_TYPE_GENERIC;
  td_msgport!: LwktPort;
  /** May preempt a thread of lower priority that is in no critical section. */
  td_preemptable = false;
  /** The thread it has preempted, and returns to when it first blocks. */
  td_preempted: Thread | null = null;
  /** Tokens it holds or needs, in the order it asked for them. */
  readonly td_toks: Token[] = [];
  /** Open while all of {@link td_toks} are available. */
  tokenGate: Gate | null = null;
  /** The sleep queue it is on; its ident is `td_wchan` in C. */
  bucket: SleepBucket | null = null;
  td_wmesg = "";
  /** Who could end its wait, where that is known. */
  holder: Holder | null = null;
  /** A tick ends its wait, if the clock comes so far. */
  timed = false;
  /** Times its sleep; made when first used. */
  sleepCallout: Callout | null = null;
  /** The user thread it is; null for the kernel's own. */
  td_lwp: Lwp | null = null;
  readonly #told: () => Waiting;

  constructor(gd: Globaldata, context: Context, flags: number) {
    this.td_name = context.name;
    this.td_gd = gd;
    this.context = context;
    this.td_flags = flags;
    const told = (): Waiting =>
      ({ for: this.td_wmesg, heldBy: this.holder?.owner ?? null, environment: this.timed });
    this.#told = told;
  }

  /** For reports: the thread waits for `what`, which `holder` could end, and `timed` a later tick. Null: it goes on. */
  waits(what: string | null, holder: Holder | null = null, timed = false): void {
    this.holder = holder;
    this.timed = timed;
    if (what === null) {
      this.context.waitsFor = null;
      return;
    }
    this.td_wmesg = what;
    this.context.waitsFor = this.#told;
  }
}
