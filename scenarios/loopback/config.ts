/** Configuration of the other system: XNU with its loopback interface. Plain data, as all of a configuration record. */
import type { Family, LoRoute, ServiceClass } from "../../model/index.ts";

/** What is booted where a topology names it: XNU instead of the DragonFly kernel. Threads of XNU are bound to no CPU. */
export interface XnuTopology {
  /** `lo_txstart`: packets are queued and a start thread takes them; false: the sender hands them to the input side. */
  readonly txstart: boolean;
  /** `fq_codel`; false: classes that drop at their tail. */
  readonly fqCodel: boolean;
  /** `lo_sched_model` at attach, 0 to 2. */
  readonly model: number;
  /** `lo_dequeue_max`, 1 to 256. */
  readonly dequeueMax: number;
  /** Packets over all flows of the queue. */
  readonly dropLimit: number;
  /** Packets of a class that drops at its tail. */
  readonly sndqMaxlen: number;
  /** Senders use a second interface of the same driver, which can be detached; lo0 cannot. */
  readonly second: boolean;
  /** Kernel threads sleep when the workload begins; false: they have been made, and have not run. */
  readonly idle: boolean;
}

/** As shipped, but with the send queue in use. */
export const XNU: XnuTopology = {
  txstart: true,
  fqCodel: true,
  model: 0,
  dequeueMax: 256,
  dropLimit: 2048,
  sndqMaxlen: 256,
  second: false,
  idle: true,
};

/** One packet. */
export interface LoopbackPacket {
  /** Bytes, without the link-level header. */
  readonly len: number;
  readonly sc: ServiceClass;
  readonly flow: number;
  /** TCP, and its sender wants to be told when to wait. */
  readonly tcp: boolean;
  /** A completion callback was asked for. */
  readonly complete: boolean;
  /** A copy of a multicast: `rcvif` is set, here to lo0. */
  readonly mcast: boolean;
  /** There is room for the link-level header in front of the data. */
  readonly leading: boolean;
}

/** What a thread does, one after the other. */
export type LoopbackOp =
  /** `dlil_output` of a list of packets. */
  | { readonly do: "send"; readonly family: Family; readonly route: LoRoute; readonly packets: readonly LoopbackPacket[] }
  /** The sysctls of net.link.loopback. */
  | { readonly do: "max_dequeue" | "sched_model" | "dequeue_sc"; readonly value: number }
  /** A listener of the packet filter comes or goes; the interface goes up or down, or away. */
  | { readonly do: "listen" | "unlisten" | "up" | "down" | "detach" }
  /** The background class of the system is held back, or may go on. */
  | { readonly do: "throttle" | "unthrottle" }
  /** Time passes. */
  | { readonly do: "time"; readonly ms: number };

/** A thread of XNU. */
export interface LoopbackActor {
  readonly kind: "loopback";
  /** Where it begins; it may go on anywhere. */
  readonly cpu: number;
  readonly ops: readonly LoopbackOp[];
}
