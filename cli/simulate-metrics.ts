/** What `simulate` says of a measurement: one metric a line, by the name that CSV, plots and tables use. */
import type { Measurement } from "../scenarios/index.ts";

/** One number read off a measurement. */
export interface Metric {
  /** Column of the CSV. */
  readonly name: string;
  /** Column of the table of a sweep; null: not in it. */
  readonly head: string | null;
  /** Null where it means nothing (a mean of no packets). */
  readonly of: (measured: Measurement) => number | null;
  /** Digits behind the point, in tables. */
  readonly digits: number;
}

const busy = ({ cpus }: Measurement): number => cpus.reduce((sum, cpu) => sum + cpu.busy, 0);
const spun = ({ cpus }: Measurement): number => cpus.reduce((sum, cpu) => sum + cpu.spun, 0);
const waited = ({ serializers }: Measurement): number => serializers.reduce((sum, one) => sum + one.waited, 0);

/** Packets that were offered and will never be sent. */
export const dropped = ({ packets }: Measurement): number => packets.missed + packets.refused + packets.lost;

const per = (n: number, of: number): number | null => (of === 0 ? null : n / of);
const perSent = (of: (m: Measurement) => number) => (m: Measurement) => per(of(m), m.packets.sent);

/** CPU time a packet, all CPUs together, ns. */
export const cpuPerPacket = perSent(busy);

/** Part of the time that the CPUs were busy, percent. */
export const utilisation = (m: Measurement): number | null => per(100 * busy(m), m.elapsed * m.cpus.length);

/** Packets a second, millions. */
export const mpps = ({ steady }: Measurement): number | null => per(1000 * steady.packets, steady.ns);

/** Bits a second, millions. */
export const mbps = ({ steady }: Measurement): number | null => per(1000 * steady.bits, steady.ns);

const metric = (name: string, head: string | null, digits: number, of: Metric["of"]): Metric => ({ name, head, digits, of });

/** The stages of a packet's way that are timed. */
export const LATENCIES = [
  { name: "to_card", what: "hand-over to card", of: (m: Measurement) => m.toCard },
  { name: "to_wire", what: "hand-over to wire", of: (m: Measurement) => m.toWire },
  { name: "from_offer", what: "arrival to wire", of: (m: Measurement) => m.fromOffer },
] as const;

/** The points of a distribution that are printed. */
export const POINTS = ["p50", "p90", "p99", "p999", "max"] as const;

const HEADS: Readonly<Record<string, string>> = { to_wire_p50: "p50 ns", to_wire_p99: "p99 ns", to_wire_max: "max ns" };

const latencies: readonly Metric[] = LATENCIES.flatMap(({ name, of }) =>
  (["mean", ...POINTS] as const).map((point) => {
    const column = `${name}_${point}`;
    const read = (m: Measurement): number | null => of(m)?.[point] ?? null;
    return metric(column, HEADS[column] ?? null, point === "mean" ? 1 : 0, read);
  }));

/** All of them, in the order of the columns. */
export const METRICS: readonly Metric[] = [
  metric("mpps", "Mpps", 3, mpps),
  metric("mbps", null, 1, mbps),
  metric("cpu_ns", "CPU ns", 1, cpuPerPacket),
  metric("cpu_percent", "CPU %", 1, utilisation),
  metric("spin_ns", null, 1, perSent(spun)),
  metric("doorbells", "doorbells", 3, perSent((m) => m.doorbells)),
  metric("starts", null, 3, perSent((m) => m.starts)),
  metric("interrupts", "interrupts", 4, perSent((m) => m.interrupts.transmit + m.interrupts.receive)),
  metric("ipis", "IPIs", 3, perSent((m) => m.ipis)),
  metric("serializer_wait_ns", "ser. wait ns", 1, perSent(waited)),
  metric("drops", "drops", 3, (m) => per(dropped(m), m.packets.offered)),
  ...latencies,
  metric("offered", null, 0, (m) => m.packets.offered),
  metric("sent", null, 0, (m) => m.packets.sent),
  metric("missed", null, 0, (m) => m.packets.missed),
  metric("refused", null, 0, (m) => m.packets.refused),
  metric("lost", null, 0, (m) => m.packets.lost),
  metric("queued", null, 0, (m) => m.packets.queued),
  metric("inside_mean", null, 2, ({ inside, whole }) => per(inside.integral, whole.ns)),
  metric("inside_most", null, 0, ({ inside }) => inside.most),
  metric("elapsed_ns", null, 0, (m) => m.elapsed),
];

/** A number for a table; a dash for none. */
export const shown = (value: number | null, digits: number): string => (value === null ? "-" : value.toFixed(digits));
