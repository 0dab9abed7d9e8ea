/**
 * The configuration record: everything of a run that is decided before step 1. It is plain data: fast-check
 * makes it, the token carries it, shrinking changes it. Lengths in bytes, counts in units, CPUs by number.
 */
import type { MemoryModel } from "../sim/index.ts";
import type { AddressActor } from "./ifaddr/config.ts";
import type { TunActor, TunTopology } from "./tun/config.ts";
import type { IoctlCall, IoctlUser } from "./ioctl/calls.ts";

import type { Link, LookupOp } from "./lookups/op.ts";
import type { LoopbackActor, XnuTopology } from "./loopback/config.ts";
import type { MultiOp } from "./multi/op.ts";
import type { ModuleActor } from "./module/op.ts";

/** One packet handed to the interface. */
export interface PacketConfig {
  /** Length of the packet, 1 to 65535 bytes. */
  readonly len: number;
  /** `M_PRIO`: the high-priority lane. */
  readonly prio: boolean;
  /** `M_MCAST`. */
  readonly mcast: boolean;
}

/** The machine and the interface. */
export interface TopologyConfig {
  /** 1 to 8. */
  readonly ncpus: number;
  /** Entries of an IPI ring (`MAXCPUFIFO`), 4 to 256. */
  readonly ipiRing: number;
  /** Interfaces that drivers attach early, before `ifinit` and the protocols; they come first. Default: none. */
  readonly early?: number | undefined;
  /** Interfaces attached at boot, 0 to 16; those after the first are idle. */
  readonly interfaces: number;
  /** Subqueues per interface; more than one maps by CPU mask and must be a power of two. */
  readonly subqs: number;
  /** Owner CPU of each subqueue. */
  readonly owners: readonly number[];
  /** Owner CPU of each subqueue while the first interface is polled, which it is from the start; null: it is not. */
  readonly polling: readonly number[] | null;
  /** Argument of `ifq_set_maxlen`. */
  readonly qmax: number;
  /** `ifsq_stage_cntmax`. */
  readonly stageCntmax: number;
  readonly mtu: number;
  /** Transmit ring slots per subqueue. */
  readonly ringSize: number;
  /** Packets the driver takes in one `if_start`. */
  readonly startBudget: number;
  /** One hardware serializer per ring (driver hooks), or one for the interface. */
  readonly serializers: "single" | "per-ring";
  /** CPU that takes the completion interrupt of each subqueue. */
  readonly interruptCpus: readonly number[];
  /** Messages a netisr handles before it runs its rollups (512 in the kernel, small to reach rollup timing). */
  readonly netisrBatch: number;
  readonly callouts: "A" | "B";
  /** Token bucket on the default subqueue: bytes per tick and depth in bytes; null for none. */
  readonly tokenBucket: { readonly bytesPerTick: number; readonly depth: number } | null;
  /** The driver's watchdogs: of each subqueue (`ifsubq_watchdog`) or of the interface (`if_timer`); seconds, 0 for none. */
  readonly watchdog: { readonly of: "subqueue" | "interface"; readonly seconds: number };
  /** Clock ticks per second (`hz`); small values bring timers into a short run. */
  readonly hz: number;
  /** Clock ticks the run may see: the tick bound of the verdict. */
  readonly ticks: number;
  /** What links the interfaces have, in turn; absent: as the driver leaves it. */
  readonly links?: readonly Link[] | undefined;
  /** A silent card takes what it is given and tells nothing, as if its completions were still under way; absent: it transmits. */
  readonly card?: "silent" | undefined;
  /** Name of the driver of all interfaces; absent: the stock driver. */
  readonly driver?: string | undefined;
  /** Absent: the DragonFly kernel. Present: XNU, and of the fields above the number of CPUs at most counts. */
  readonly xnu?: XnuTopology | undefined;
  /** Tun devices; absent: none. */
  readonly tun?: TunTopology | undefined;
}

/** Has the record a network device of the simulated card? XNU's loopback and tun devices have none. */
export const hasCard = ({ xnu, tun }: TopologyConfig): boolean => xnu === undefined && tun === undefined;

/** What one thread of the workload does. */
export type ActorConfig =
  /** A thread of XNU. */
  | LoopbackActor
  /** Something about the addresses of an interface. */
  | AddressActor
  /** Calls `ifq_dispatch` for each packet: from the netisr of `cpu` (as one message) or from a thread. */
  | { readonly kind: "send"; readonly cpu: number; readonly netisr: boolean; readonly iface: number; readonly packets: readonly PacketConfig[] }
  /** `ifq_handoff` under the hardware serializer of the default subqueue. */
  | { readonly kind: "handoff"; readonly cpu: number; readonly iface: number; readonly packets: readonly PacketConfig[] }
  /** Holds the hardware serializer of a subqueue for a while, `times` times (an ioctl in the driver). */
  | { readonly kind: "hold"; readonly cpu: number; readonly iface: number; readonly subq: number; readonly times: number }
  /** `ifsq_set_cpuid` to each CPU in turn. */
  | { readonly kind: "move-owner"; readonly cpu: number; readonly iface: number; readonly subq: number; readonly to: readonly number[] }
  /** The driver sets and clears `IFF_RUNNING`, `times` times, ending with it set. */
  | { readonly kind: "running"; readonly cpu: number; readonly iface: number; readonly times: number }
  /** `if_down` then `if_up`, `times` times. */
  | { readonly kind: "updown"; readonly cpu: number; readonly iface: number; readonly times: number }
  /** `ifq_purge_all`, `times` times. */
  | { readonly kind: "purge"; readonly cpu: number; readonly iface: number; readonly times: number }
  /** `ifsq_devstart_sched` under the hardware serializer, `times` times. */
  | { readonly kind: "devstart-sched"; readonly cpu: number; readonly iface: number; readonly subq: number; readonly times: number }
  /** Attaches a new interface and detaches it again, `times` times. */
  | { readonly kind: "churn"; readonly cpu: number; readonly times: number }
  /** Detaches interface `iface` (attached at boot). */
  | { readonly kind: "detach"; readonly cpu: number; readonly iface: number }
  /** A netisr handler that walks the interface array and the index table, `times` messages. */
  | { readonly kind: "read-array"; readonly cpu: number; readonly times: number }
  /** Sends `times` IPIs from `cpu` to `to`, as fast as it can. */
  | { readonly kind: "ipi-flood"; readonly cpu: number; readonly to: number; readonly times: number }
  /** Sleeps and is woken through the same ident by another thread, `times` times. */
  | { readonly kind: "ping"; readonly cpu: number; readonly to: number; readonly times: number }
  /** Adds and removes addresses from a thread, and looks addresses up in the netisr of `cpu`. */
  | { readonly kind: "lookups"; readonly cpu: number; readonly ops: readonly LookupOp[] }
  /** A process that makes system calls on tun devices. */
  | TunActor
  /** A process that makes control requests, one after the other. */
  | { readonly kind: "ioctl"; readonly cpu: number; readonly user: IoctlUser; readonly calls: readonly IoctlCall[] }
  /** A user's: memberships, modes and groups are taken, and given back at the end; `locked`: groups under the ifnet lock. */
  | { readonly kind: "multi"; readonly cpu: number; readonly iface: number; readonly locked: boolean; readonly ops: readonly MultiOp[] }
  /** Loads a module and unloads it again. */
  | ModuleActor
  /** Runs a routine of the scenario's or the project's own, found by its name. */
  | { readonly kind: "run"; readonly routine: string; readonly cpu: number; readonly iface: number; readonly times: number };

/** Misbehaviour of the environment. All zero: a well-behaved machine. */
export interface FaultConfig {
  /** Completion interrupts the device loses. */
  readonly lostInterrupts: number;
  /** Interrupts without a completion. */
  readonly spuriousInterrupts: number;
  /** Rings the device stops looking at until it is reset. */
  readonly ringStalls: number;
  /** Interrupts that come before the completion they announce can be seen. */
  readonly lateCompletions: number;
  /** May `M_NOWAIT` allocations fail (a data choice each)? */
  readonly nowaitFails: boolean;
  /** Of the allocations of the workload that may fail, these do: the first is 1. Absent: none. */
  readonly failing?: readonly number[] | undefined;
  /** May `M_WAITOK` allocations let other threads of the CPU run (a data choice each)? */
  readonly waitokBlocks: boolean;
}

/** One configuration record. */
export interface Config {
  readonly topology: TopologyConfig;
  readonly workload: readonly ActorConfig[];
  readonly faults: FaultConfig;
  /** Absent: sequential consistency. */
  readonly memory?: WeakMemory | undefined;
}

/** A memory model with store buffers. */
export type WeakMemory = Exclude<MemoryModel, "sc">;

/** The record under a memory model. Pure. */
export function underMemory(config: Config, memory: MemoryModel = "sc"): Config {
  const { memory: before, ...rest } = config;
  if (memory === (before ?? "sc")) return config;
  return memory === "sc" ? rest : { ...rest, memory };
}

/** A small machine on which nothing unusual happens; scenarios state what differs. */
export const PLAIN: TopologyConfig = {
  ncpus: 2,
  ipiRing: 32,
  interfaces: 1,
  subqs: 1,
  owners: [0],
  polling: null,
  qmax: 4,
  stageCntmax: 0,
  mtu: 1500,
  ringSize: 4,
  startBudget: 100,
  serializers: "single",
  interruptCpus: [1],
  netisrBatch: 512,
  callouts: "A",
  tokenBucket: null,
  watchdog: { of: "subqueue", seconds: 0 },
  hz: 1,
  ticks: 0,
};

/** No misbehaviour. */
export const NO_FAULTS: FaultConfig = {
  lostInterrupts: 0,
  spuriousInterrupts: 0,
  ringStalls: 0,
  lateCompletions: 0,
  nowaitFails: false,
  waitokBlocks: false,
};
