/**
 * What things cost in timed mode, nanoseconds: operations of the kernel, work that is no operation, the card. The
 * numbers describe one machine of the time of seed 001 (a four-core Nehalem or Sandy Bridge at about 3 GHz with a
 * 1 Gb/s card on PCIe), so that variants of the kernel can be compared on it, not machines.
 */
import { Op, type Costs } from "../sim/index.ts";

/** Sources that several entries name. */
const NETMAP =
  "Rizzo, netmap, USENIX ATC 2012, figure 2: a UDP packet through FreeBSD on an i7-870, 950 ns in all";
const RAMCLOUD = "RAMCloud wiki, RPC Performance Numbers: libe1000, minimum frames";
const BROUER = "Brouer, Network stack challenges at increasing speeds, linux.conf.au 2015, and LWN 629155";

/** One line of the cost table. */
export interface CostEntry {
  readonly name: string;
  /** Nanoseconds. */
  readonly ns: number;
  readonly what: string;
  /** Kinds of operation that cost this; none: it is spent by name. */
  readonly ops: readonly Op[];
  /** `assumption`: nobody measured it for us. */
  readonly basis: "source" | "assumption";
  /** The source, or the argument. */
  readonly why: string;
}

const entry = <N extends string>(
  name: N,
  ns: number,
  what: string,
  basis: CostEntry["basis"],
  why: string,
  ops: readonly Op[] = [],
): CostEntry & { readonly name: N } => ({ name, ns, what, ops, basis, why });

/** The table, in the order it is printed. */
export const COST_TABLE = [
  entry("load", 2, "a load that hits the first-level cache", "source",
    "Intel Optimization Reference Manual: 4 cycles on Nehalem, rounded up at 2.93 GHz",
    [Op.Load, Op.Peek, Op.AtomicLoad, Op.RelaxedLoad, Op.Sample]),
  entry("store", 2, "a store to a line this CPU owns", "assumption", "as a load", [Op.Store, Op.Publish, Op.RelaxedStore]),
  entry("atomic", 8, "a locked instruction on a line this CPU owns; taking, trying or leaving a lock", "source",
    `${BROUER}: 8.25 ns locked, 16.1 ns for a spinlock and its unlock`,
    [Op.AtomicStore, Op.Rmw, Op.RelaxedRmw, Op.AcquireRmw, Op.ReleaseRmw, Op.Cmpset, Op.Acquire, Op.Try, Op.Release]),
  entry("cacheTransfer", 40, "added where the line is in the cache of another CPU", "source",
    "McCalpin, Intel forum topic 700477: 40 to 42 ns from cache to cache, modified, on one socket"),
  entry("fence", 8, "a memory fence", "assumption", "as a locked instruction", [Op.Fence]),
  entry("spinLimit", 40_000, "how long an adaptive serializer spins before it sleeps", "assumption",
    "4096 turns of a loop with a pause of about 10 ns"),
  entry("critSection", 2, "entering or leaving a critical section", "assumption",
    "an increment and a test of the thread's own fields", [Op.CritEnter, Op.CritExit]),
  entry("message", 25, "putting a message on a port or an IPI ring, or taking one", "assumption",
    "two locked instructions and a list operation", [Op.Send, Op.Receive]),
  entry("sleepQueue", 25, "queueing on a sleep queue, going to sleep, looking for sleepers", "assumption",
    "two locked instructions and a list operation", [Op.Interlock, Op.Sleep, Op.Wakeup]),
  entry("threadSwitch", 150, "from one thread to the next", "assumption",
    "run queue, registers and stack of a thread of the same address space", [Op.Resume]),
  entry("yield", 50, "one look whether others should run; how long an actor of the catalogue holds a lock",
    "assumption", "a system call's return path is longer, a test of a flag shorter", [Op.Yield]),
  entry("interrupt", 700, "taking an interrupt: entry, end of interrupt at the APIC, return", "assumption",
    "two serialising transitions and an uncached write; nothing of what its handler does", [Op.Begin]),
  entry("ipiSend", 60, "writing the interrupt command register of the local APIC", "assumption",
    "an uncached write that stays on the die"),
  entry("ipiDelivery", 300, "from there to the start of the interrupt on the other CPU", "assumption",
    "latency only, no CPU is busy"),
  entry("socketSend", 273, "sendto(2) down to udp_send, on the CPU of the process", "source", NETMAP),
  entry("receive", 150, "taking a packet off a receive ring and finding its netisr", "assumption",
    "descriptor, buffer for the next packet, hash"),
  entry("protocolOutput", 417, "udp_output, ip_output and ether_output, in the netisr", "source",
    `${NETMAP}; 57 + 198 + 162`),
  entry("driverEncap", 70, "filling the descriptors of a packet", "source",
    `${NETMAP}: ixgbe_xmit takes 220, of which 150 are taken to be its register write`),
  entry("driverClean", 30, "cleaning a descriptor, freeing the packet", "assumption", "a cached list operation"),
  entry("registerWrite", 150, "writing a register of the card: the CPU waits until the write has left it", "source",
    `${RAMCLOUD}: 147 to 150; 50 to 300 between uncached writes in Intel forum topic 1186313`),
  entry("dmaFetch", 205, "from a doorbell to a card that idles to the packet in its buffer", "source",
    `${RAMCLOUD}: 200 to 205; a busy card fetches ahead`),
  entry("interruptGap", 166_667, "from one interrupt of the card, or of a receive ring, to the next", "source",
    "emx(4), if_emx.h: EMX_DEFAULT_ITR 6000 interrupts a second"),
] as const;

/** Names in the table. */
export type CostName = (typeof COST_TABLE)[number]["name"];

/** A whole table, by name. */
export type NamedCosts = Readonly<Record<CostName, number>>;

/** The numbers as they stand in the table, some replaced. */
export const namedCosts = (changes: Partial<NamedCosts> = {}): NamedCosts => {
  const usual = Object.fromEntries(COST_TABLE.map(({ name, ns }) => [name, ns])) as NamedCosts;
  return { ...usual, ...changes };
};

/** The part of a table that the engine charges, by kind of operation. */
export function operationCosts(costs: NamedCosts): Costs {
  const byKind: Partial<Record<Op, number>> = {};
  for (const { name, ops } of COST_TABLE) for (const op of ops) byKind[op] = costs[name];
  return byKind;
}
