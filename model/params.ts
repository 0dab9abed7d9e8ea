/**
 * Parameters of the modelled kernel: what a kernel configuration, a tunable or a kernel version decides. Kernel
 * names where the kernel has one.
 */

/** Which kernel is booted. */
export interface Params {
  /** CPUs, 1 to 8. Default 2. */
  readonly ncpus: number;
  /** Entries of one IPI ring; 32 in 2014, larger later. Small values exercise a full ring. Power of two. */
  readonly MAXCPUFIFO: number;
  /** Messages a netisr handles before it runs its rollups: 512 in 2014, 32 later; 2 to 4 reaches rollup timing. */
  readonly netisr_batch: number;
  /** Packets a stage may hold back (`net.link.stage_cntmax`); 0 turns staging off. Default 4. */
  readonly ifsq_stage_cntmax: number;
  /** Bytes of link-level header at most. */
  readonly max_protohdr: number;
  /** Default length of a send queue, packets. */
  readonly IFQ_MAXLEN: number;
  /** Clock ticks per second. */
  readonly hz: number;
  /**
   * Generation of kern_timeout.c: "A" until 2014, "B" from 2015; the interface layer compiles against both. They
   * differ in what blocks, what spins, and when a callout is armed.
   */
  readonly callout: "A" | "B";
  /**
   * What the end of a spinlock does with interrupts that came meanwhile. "defer" (2013 and 2014): nothing, they
   * wait for the next `crit_exit`, interrupt or switch. "replay" (later): they may begin at once. Searching with
   * "replay" covers "defer" too: an interrupt may always begin later than it could.
   */
  readonly spin_unlock: "replay" | "defer";
  /** May an allocation with `M_NOWAIT` fail? A data choice each. */
  readonly nowaitFails: boolean;
  /** Allocations that may fail and do: their numbers since the workload began, the first is 1. */
  readonly failing: readonly number[];
  /** May an allocation with `M_WAITOK` switch to other threads of its CPU? A data choice each. */
  readonly waitokBlocks: boolean;
  /** May a copy from or to a process wait for a page, while other threads of its CPU run? A data choice each. */
  readonly pageFaults: boolean;
}

/** The kernel of seed 001, on two CPUs. */
export const DEFAULT_PARAMS: Params = {
  ncpus: 2,
  MAXCPUFIFO: 32,
  netisr_batch: 512,
  ifsq_stage_cntmax: 4,
  max_protohdr: 40,
  IFQ_MAXLEN: 50,
  hz: 100,
  callout: "A",
  spin_unlock: "replay",
  nowaitFails: false,
  failing: [],
  waitokBlocks: false,
  pageFaults: false,
};
