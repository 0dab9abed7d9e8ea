/** What a timed run came to, as data: read off the machine when it is quiet. */
import { Serializer, type Kernel, type TxRing } from "../../model/index.ts";
import type { World } from "../world.ts";
import type { Sources } from "./load.ts";
import { occupancy, percentiles, type Occupancy, type Percentiles } from "./statistics.ts";

/** Packets, by what became of them: offered = missed + sent + refused + lost + queued. */
export interface PacketCounts {
  readonly offered: number;
  /** A receive ring had no room for them. */
  readonly missed: number;
  /** The layer did not take them (an errno). */
  readonly refused: number;
  /** The layer took them, and they were dropped: from a full lane, by a purge, a reset, a detach. */
  readonly lost: number;
  /** In the machine at the end. */
  readonly queued: number;
  /** On the wire. */
  readonly sent: number;
}

/** How long a serializer was waited for. */
export interface SerializerWait {
  readonly name: string;
  /** Entries that had to wait. */
  readonly waits: number;
  /** Together, ns. */
  readonly waited: number;
  /** Tries that failed. */
  readonly busyTries: number;
}

/** How a CPU spent its time, ns. */
export interface CpuTime {
  readonly cpu: number;
  readonly busy: number;
  /** Part of `busy`: spinning for a lock. */
  readonly spun: number;
}

/** What was sent in a stretch of time. */
export interface Throughput {
  readonly packets: number;
  /** From the destination address to the end of the data. */
  readonly bits: number;
  readonly ns: number;
}

/** One timed run. Times in virtual ns. */
export interface Measurement {
  readonly packets: PacketCounts;
  /** From the first packet that was offered to the last that was sent. */
  readonly whole: Throughput;
  /** From when a tenth of the packets had been sent to when nine tenths had: without beginning and end. */
  readonly steady: Throughput;
  /** From the start to the end of everything. */
  readonly elapsed: number;
  /** From hand-over to the layer until the doorbell has told the card; of packets that were sent. */
  readonly toCard: Percentiles | null;
  /** From hand-over until the last bit is on the wire. */
  readonly toWire: Percentiles | null;
  /** From when the packet came to be until the last bit is on the wire. */
  readonly fromOffer: Percentiles | null;
  /** Packets between hand-over and wire. */
  readonly inside: Occupancy;
  readonly serializers: readonly SerializerWait[];
  readonly ipis: number;
  readonly doorbells: number;
  /** Calls of `if_start`. */
  readonly starts: number;
  readonly interrupts: { readonly transmit: number; readonly receive: number };
  readonly cpus: readonly CpuTime[];
}

/** Reads a run off. `before`: {@link ipisSent} when the workload began. */
export function measure(world: World, sources: Sources | null, before: number): Measurement {
  const { k } = world;
  const rings = world.devices.flatMap((device) => device.rings);
  const sent = sentPackets(world, rings);
  const ends = sent.map(({ sentAt }) => sentAt);
  const first = sources?.first ?? world.sent.reduce((least, { offeredAt }) => Math.min(least, offeredAt), Infinity);
  const sum = (of: (ring: TxRing) => number): number => rings.reduce((total, ring) => total + of(ring), 0);
  return {
    packets: countPackets(world, sources, sent),
    whole: throughput(sent, first),
    steady: steadyOf(sent, first),
    elapsed: k.x.cpus.reduce((latest, { busyUntil }) => Math.max(latest, busyUntil), k.x.now),
    toCard: percentiles(sent.map(({ cardAt, handedAt }) => cardAt - handedAt)),
    toWire: percentiles(sent.map(({ sentAt, handedAt }) => sentAt - handedAt)),
    fromOffer: percentiles(sent.map(({ sentAt, offeredAt }) => sentAt - offeredAt)),
    inside: occupancy(sent.map(({ handedAt }) => handedAt), ends),
    serializers: serializerWaits(k),
    ipis: ipisSent(k) - before,
    doorbells: sum(({ hw }) => hw.doorbells),
    starts: sum(({ starts }) => starts.peek()),
    interrupts: {
      transmit: sum(({ hw }) => hw.timing?.interrupts ?? 0),
      receive: sources?.interrupts ?? 0,
    },
    cpus: k.x.cpus.map(({ id, busy, spun }) => ({ cpu: id, busy, spun })),
  };
}

/** IPIs posted so far, over all pairs of CPUs. */
export const ipisSent = (k: Kernel): number =>
  k.gd.flatMap(({ gd_ipiq }) => gd_ipiq).reduce((sum, ring) => sum + (ring?.ip_windex ?? 0), 0);

function throughput(sent: readonly SentPacket[], from: number): Throughput {
  const last = sent.at(-1)?.sentAt ?? from;
  return { packets: sent.length, bits: sent.reduce((sum, { len }) => sum + 8 * len, 0), ns: sent.length === 0 ? 0 : last - from };
}

/** The middle eight tenths; everything, where that is no time. */
function steadyOf(sent: readonly SentPacket[], first: number): Throughput {
  const before = sent[Math.floor(sent.length / 10)];
  const middle = sent.slice(Math.floor(sent.length / 10) + 1, Math.ceil((9 * sent.length) / 10));
  const steady = throughput(middle, before?.sentAt ?? 0);
  return steady.ns > 0 ? steady : throughput(sent, first);
}

interface SentPacket {
  readonly id: number;
  readonly len: number;
  readonly offeredAt: number;
  readonly handedAt: number;
  readonly cardAt: number;
  readonly sentAt: number;
}

/** The packets on the wire, in the order in which they got there. */
function sentPackets({ sent }: World, rings: readonly TxRing[]): readonly SentPacket[] {
  const known = new Map(sent.map((one) => [one.id, one]));
  const packets: SentPacket[] = [];
  for (const { hw } of rings) {
    const { taken, timing } = hw;
    timing?.sentAt.forEach((sentAt, at) => {
      const { id = 0 } = taken[at] ?? {};
      const one = known.get(id);
      const cardAt = timing.cardAt[at];
      if (one !== undefined && cardAt !== undefined) packets.push({ ...one, cardAt, sentAt });
    });
  }
  return packets.sort((a, b) => a.sentAt - b.sentAt);
}

function countPackets({ k, sent, nextPacket }: World, sources: Sources | null, wired: readonly SentPacket[]): PacketCounts {
  const onWire = new Set(wired.map(({ id }) => id));
  const refused = new Set(sent.filter(({ error }) => error !== null && error !== 0).map(({ id }) => id));
  const lost = k.mbufs.freedIds.filter((id) => !onWire.has(id) && !refused.has(id));
  return {
    offered: sources?.offered ?? nextPacket - 1,
    missed: sources?.missed ?? 0,
    refused: refused.size,
    lost: lost.length,
    queued: [...k.mbufs.live].filter(({ id }) => !onWire.has(id)).length,
    sent: wired.length,
  };
}

function serializerWaits({ x }: Kernel): readonly SerializerWait[] {
  return x.objects.flatMap((object) => {
    if (!(object instanceof Serializer)) return [];
    const { label: name, waits, waited, busyTries } = object;
    return waits === 0 && busyTries === 0 ? [] : [{ name, waits, waited, busyTries }];
  });
}
