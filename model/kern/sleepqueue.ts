/**
 * Sleep queues: who sleeps on what.
 *
 * Mirrors: sys/kern/kern_synch.c `gd_tsleep_hash`, `slpque_cpumasks`.
 *
 * DEVIATES: a bucket per ident instead of 4001 per CPU hashed by address, because a collision only causes useless
 * IPIs. The queue of a CPU is touched by that CPU alone; the mask of CPUs is shared and atomic.
 */
import { Op, type Context, type Divided, type Execution } from "../../sim/index.ts";
import type { Thread } from "./thread.ts";

/** The sleep queues of one ident, one per CPU. */
export class SleepBucket implements Divided {
  readonly object: number;
  readonly ident: object;
  /** Bit per CPU whose queue may not be empty. */
  cpumask = 0;
  /** Threads by CPU, first in first out. */
  readonly queues: Thread[][] = [];
  readonly #x: Execution;

  constructor(x: Execution, ident: object) {
    this.#x = x;
    this.ident = ident;
    this.object = x.register(this);
  }

  get belongsTo(): number | undefined {
    const { object } = this.ident as { readonly object?: unknown };
    return typeof object === "number" ? object : undefined;
  }

  get label(): string {
    return `sleepers on ${labelOf(this.ident)}`;
  }

  /**
   * Queueing changes the queue of a CPU and its bit in the mask. Who is queued already only finds out, by going to
   * sleep, whether he still is. A wakeup changes them if anybody is queued.
   */
  mayChange(kind: Op, context: Context): boolean {
    const queue = context.cpu === null ? undefined : this.queues[context.cpu.id];
    if (queue === undefined || queue.length === 0) return kind !== Op.Wakeup;
    return kind !== Op.Sleep || !queue.some((td) => td.context === context);
  }

  /** A wakeup looks at the whole mask. What is written down within a step is the wakeup of one CPU, or queueing. */
  looksAtOthers(kind: Op): boolean {
    return kind === Op.Wakeup;
  }

  /** A thread of a CPU leaves, in whatever it does. */
  left(cpu: number): void {
    if (this.queueOf(cpu).length === 0) this.cpumask &= ~(1 << cpu);
    this.#x.changeBeside(this.object, cpu);
  }

  queueOf(cpu: number): Thread[] {
    for (let i = this.queues.length; i <= cpu; i++) this.queues.push([]);
    return this.queues[cpu] as Thread[]; // just made
  }
}

/** What an object is called in reports. */
export function labelOf(ident: object): string {
  const { label } = ident as { readonly label?: unknown };
  return typeof label === "string" ? label : ident.constructor.name;
}

/** All sleep queues. */
export class SleepQueues {
  readonly #x: Execution;
  readonly #buckets = new Map<object, SleepBucket>();

  constructor(x: Execution) {
    this.#x = x;
  }

  /** The bucket of an ident, made when first asked for. */
  of(ident: object): SleepBucket {
    let bucket = this.#buckets.get(ident);
    if (bucket === undefined) {
      bucket = new SleepBucket(this.#x, ident);
      this.#buckets.set(ident, bucket);
    }
    return bucket;
  }
}
