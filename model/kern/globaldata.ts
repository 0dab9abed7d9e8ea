/**
 * Per-CPU data of the kernel and the identity of the running code.
 *
 * Mirrors: sys/sys/globaldata.h, sys/sys/thread.h `curthread`, `mycpu`, `mycpuid`.
 * Left out: run queues and marks of the user scheduler.
 */
import type { Context, Gate, Processor } from "../../sim/index.ts";
import { misuse } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import type { LwktIpiq } from "./ipiq.ts";
import type { SoftclockPcpu } from "./callout.ts";
import type { Thread } from "./thread.ts";

/** A thread of higher priority than the running one is runnable. Acted on by `lwkt_yield` only. */
export const RQF_AST_LWKT_RESCHED = 0x0010;

/**
 * `struct globaldata`. Plain fields: only contexts of this CPU touch them, and no context is suspended in the
 * middle of a plain function.
 */
export class Globaldata {
  readonly gd_cpuid: number;
  readonly cpu: Processor;
  /** The thread that runs, or is interrupted; the idle thread when there is none. */
  gd_curthread!: Thread;
  gd_idlethread!: Thread;
  /** Runnable threads, the running one among them: by descending priority, first in first out. */
  readonly gd_tdrunq: Thread[] = [];
  gd_reqflags = 0;
  /** Above 0 in IPI functions and fast interrupts, and while an IPI is being sent: no switch is legal. */
  gd_intr_nesting_level = 0;
  /** Spinlocks held: no switch is legal. */
  gd_spinlocks = 0;
  /** Passes over the incoming IPI rings that are under way. */
  gd_processing_ipiq = 0;
  /** Rings to the other CPUs, by destination; made when first used. */
  readonly gd_ipiq: (LwktIpiq | null)[] = [];
  /** Bit per CPU whose ring to this one may hold something. Set atomically by senders. */
  gd_ipimask = 0;
  /** An IPI interrupt is outstanding or being processed: senders need not raise another. */
  gd_npoll = false;
  /** The IPI interrupt. */
  ipiLine!: Context;
  /** The clock interrupt. */
  timerLine!: Context;
  /** Ticks the clock interrupt has not seen yet. */
  ticksOwed = 0;
  /** Where code of this CPU waits that may not sleep: closed until something it looks at has changed. */
  spinGate: Gate | null = null;
  /** Interrupts that came under a spinlock wait for the next `crit_exit` (`Params.spin_unlock` "defer"). */
  unreplayed = false;
  /** Callout wheel. */
  softclock!: SoftclockPcpu;

  constructor(cpu: Processor) {
    this.gd_cpuid = cpu.id;
    this.cpu = cpu;
  }
}

const SETUP_CONTEXT = 0;

/** This CPU's data. During boot, which no CPU runs, that of CPU 0. Context: on a CPU. */
export function mycpu(k: Kernel): Globaldata {
  const { current } = k.x;
  if (current.cpu !== null) return k.gd[current.cpu.id] as Globaldata; // every CPU has one
  if (current.id === SETUP_CONTEXT) return k.gd[0] as Globaldata; // there is a CPU 0
  return misuse("off-cpu", `${current.name} runs kernel code, but on no CPU.`);
}

/** Number of this CPU. Context: on a CPU. */
export const mycpuid = (k: Kernel): number => mycpu(k).gd_cpuid;

/** The running thread; in an IPI function or fast interrupt the interrupted one. Context: on a CPU. */
export const curthread = (k: Kernel): Thread => mycpu(k).gd_curthread;

/** Data of a CPU. Context: any. */
export function globaldata_find(k: Kernel, cpu: number): Globaldata {
  const gd = k.gd[cpu];
  return gd ?? misuse("no-such-cpu", `There is no CPU ${String(cpu)}.`);
}

/** True in code that runs on top of a thread: an IPI function or an interrupt. Context: any. */
export function isNested(k: Kernel): boolean {
  const { current } = k.x;
  return current.cpu !== null && current.cpu.nested === current;
}

/**
 * The hardware raises an interrupt of a CPU. One that arrives outside critical sections lets in what a spinlock had
 * deferred (`Params.spin_unlock`).
 */
export function raiseLine(k: Kernel, gd: Globaldata, line: Context): void {
  if (gd.unreplayed) {
    gd.unreplayed = false;
    k.x.mask(gd.cpu, false);
  }
  k.x.raise(line);
}
