/**
 * The kernel: C's global variables of one run, made explicit. `k` is the first parameter of every routine.
 */
import type { Execution } from "../sim/index.ts";
import type { Branch } from "./branches.ts";
import type { ErrnoRoutine } from "./errnos.ts";
import { Devices } from "./kern/kern_conf.ts";
import { Ledger } from "./kern/ledger.ts";
import { Clock } from "./kern/clock.ts";
import { clockAgent } from "./kern/kern_clock.ts";
import type { Globaldata } from "./kern/globaldata.ts";
import { Shortage } from "./shortage.ts";
import { Processes } from "./kern/kern_proc.ts";
import { SleepQueues } from "./kern/sleepqueue.ts";
import { Tokens } from "./kern/token.ts";
import { MbufLedger } from "./sys/mbuf.ts";
import type { NetGlobals } from "./net/net_globals.ts";
import type { CostName } from "./costs.ts";
import type { Params } from "./params.ts";
import type { Timing } from "./timing.ts";

/** One booted kernel; made anew for each run. `bootKern` fills in the CPUs, the boot of the network the rest. */
export class Kernel {
  readonly x: Execution;
  readonly params: Params;
  /** What a timed run knows; null in adversarial mode. */
  readonly timing: Timing | null;
  /** Per-CPU data, by CPU. */
  readonly gd: Globaldata[] = [];
  /** Globals of the network layer; set by its boot. */
  net!: NetGlobals;
  /** Live allocations. */
  readonly ledger = new Ledger();
  /** Live packets, and how many there were. */
  readonly mbufs = new MbufLedger();
  /** Largest power of two that is at most `ncpus`. */
  readonly ncpus2: number;
  readonly ncpus2_mask: number;
  readonly clock: Clock;
  readonly sleepQueues: SleepQueues;
  readonly tokens: Tokens;
  readonly shortage: Shortage;
  readonly processes = new Processes();
  readonly devices = new Devices();
  /** Told when a sender of IPIs has to wait for room; null when nobody watches. */
  onIpiRingFull: (() => void) | null = null;
  /** Told which branches of the mechanisms run, by the context that runs them; null when nobody listens. */
  onBranch: ((branch: Branch) => void) | null = null;
  /** Told what routines return; null when nobody listens. */
  onErrno: ((routine: ErrnoRoutine, error: number) => void) | null = null;
  /** Told what the kernel prints; null when nobody listens. */
  onConsole: ((text: string) => void) | null = null;
  /** Told which routing messages there are to send, by their `RTM_*`; null when nobody listens. */
  onRouteMessage: ((type: number) => void) | null = null;

  constructor(x: Execution, params: Params, timing: Timing | null = null) {
    this.x = x;
    this.params = params;
    this.timing = timing;
    this.ncpus2 = 1 << (31 - Math.clz32(params.ncpus));
    this.ncpus2_mask = this.ncpus2 - 1;
    this.clock = new Clock(x, () => x.spawn("clock", () => clockAgent(this), { daemon: true }));
    this.sleepQueues = new SleepQueues(x);
    this.tokens = new Tokens();
    this.shortage = new Shortage(x, params.failing);
  }

  /** Timed mode: keeps this CPU busy for what a piece of work costs. Otherwise nothing. Not a point. */
  spend(cost: CostName): void {
    if (this.timing !== null) this.x.spend(this.timing.costs[cost]);
  }
}
