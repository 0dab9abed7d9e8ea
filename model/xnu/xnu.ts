/**
 * The globals of XNU that the loopback path reads, made explicit: the other machine beside the `Kernel` of the DragonFly
 * model. `xnu` is the first parameter of its routines. It runs on `sim` alone.
 */
import { Struct, atomic, type Context, type Execution } from "../../sim/index.ts";
import { WaitChannel } from "./kern/kern_synch.ts";
import { lck_mtx_init, type LckMtx } from "./kern/locks.ts";
import { XnuMbufs, type XnuMbuf } from "./kern/mbuf.ts";
import { Zones } from "./kern/zalloc.ts";
import { Shortage } from "../shortage.ts";
import { BpfIf } from "./net/bpf.ts";
import type { XnuIfnet } from "./net/if_var.ts";
import { LoGlobals } from "./net/lo_globals.ts";
import type { InputThread } from "./net/dlil_threading.ts";

/** What a boot argument or the environment decides. */
export interface XnuParams {
  /** `lo_txstart`: the loopback interface has a send queue and a start routine. The default of the kernel is false. */
  readonly txstart: boolean;
  /** `fq_codel`: all scheduling models use FQ-CoDel. The default of the kernel is true. */
  readonly fqCodel: boolean;
  /** `ifcq_pkt_drop_limit`: packets over all flows of a queue; 2048 in the kernel, small to reach drops. */
  readonly dropLimit: number;
  /** Limit of each class of a drop-tail scheduler (`sndq_maxlen`); 256 for lo0. */
  readonly sndqMaxlen: number;
  /** May a zone have no memory? A data choice each. */
  readonly zallocFails: boolean;
  /** May there be no buffer for a link-level header? A data choice each. */
  readonly prependFails: boolean;
  /** Allocations that may fail and do: their numbers since the workload began, the first is 1. */
  readonly failing: readonly number[];
  /** `IFXF_TIMESTAMP_ENABLED` of the interface. */
  readonly timestamps: boolean;
  /** `dlil_input_sanity_check`: a driver's list is counted before it is taken. */
  readonly sanityCheck: boolean;
}

/** As booted, but with the send queue of lo0 in use. */
export const XNU_PARAMS: XnuParams = {
  txstart: true,
  fqCodel: true,
  dropLimit: 2048,
  sndqMaxlen: 256,
  zallocFails: false,
  prependFails: false,
  failing: [],
  timestamps: false,
  sanityCheck: true,
};

/** A completion callback that ran. */
export interface Completion {
  /** What the sender gave: the number of its packet. */
  readonly context: number;
  /** Null: the packet was freed without having been sent. */
  readonly ifp: XnuIfnet | null;
  readonly timestamp: number;
  readonly status: number;
}

/** One packet as the protocol got it. */
export interface Delivered {
  readonly m: XnuMbuf;
  readonly ifp: XnuIfnet;
  readonly family: string;
}

class UptimeStruct extends Struct {
  /** ns since boot. */
  readonly uptime = atomic(this, 1_000_000_000);
}

/** Routines whose results are listened to. */
export type XnuErrnoRoutine =
  | "lo_pre_enqueue" | "dlil_output" | "ifnet_enqueue" | "ifnet_dequeue_multi" | "ifnet_dequeue_service_class_multi"
  | "sysctl_sched_model" | "sysctl_dequeue_scidx" | "ifnet_detach";

/** The result of a routine, on its way out. */
export function returned(xnu: Xnu, routine: XnuErrnoRoutine, error: number): number {
  xnu.onErrno?.(routine, error);
  return error;
}

/** One XNU; made anew for each run. */
export class Xnu {
  readonly x: Execution;
  readonly params: XnuParams;
  /** All mutexes, for {@link mayBlock}. */
  readonly mutexes: LckMtx[] = [];
  readonly mbufs = new XnuMbufs();
  readonly zones = new Zones();
  readonly shortage: Shortage;
  /** The clock; scenarios move it. */
  readonly time: UptimeStruct;
  readonly lo: LoGlobals;
  readonly bpf: BpfIf;
  /** `lo_ifp`; set by `loopattach`. */
  lo_ifp!: XnuIfnet;
  /** The other interface of the loopback driver; lo0 where there is none. */
  lo1!: XnuIfnet;
  /** The main input thread (`dlil_main_input_thread`); set by `dlil_init`. */
  input!: InputThread;
  /** `dlil_ifnet_lock`: guards the list of interfaces that are being detached. */
  readonly dlil_ifnet_lock: LckMtx;
  readonly ifnet_detaching: XnuIfnet[] = [];
  readonly ifnet_delayed_run: WaitChannel;
  /** The environment: what completion callbacks were told, what the protocols got, whose flows may go on. */
  readonly completions: Completion[] = [];
  readonly delivered: Delivered[] = [];
  readonly advised: number[] = [];
  /** Lengths of the packets that drivers handed to the input side. */
  readonly handedIn: number[] = [];
  /** Start threads by interface. */
  readonly threads = new Map<string, Context>();
  nextPacket = 1;
  /** Told what routines return; null when nobody listens. */
  onErrno: ((routine: XnuErrnoRoutine, error: number) => void) | null = null;

  constructor(x: Execution, params: XnuParams) {
    this.x = x;
    this.params = params;
    this.shortage = new Shortage(x, params.failing);
    this.time = new UptimeStruct(x, "xnu");
    this.dlil_ifnet_lock = lck_mtx_init(this, "dlil_ifnet_lock");
    this.ifnet_delayed_run = new WaitChannel(x, "ifnet_delayed_run");
    this.lo = new LoGlobals(this);
    this.bpf = new BpfIf(this);
  }
}

/**
 * The time of day is not asked at points: what is stamped lies within a step, and time moves before or behind it.
 * ns since boot.
 */
export const nanouptime = (xnu: Xnu): number => xnu.time.uptime.peek();
