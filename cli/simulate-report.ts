/** One timed run in words and tables, and the cost table. */
import { COST_TABLE } from "../model/index.ts";
import { columns, count, type Paint } from "../reports/index.ts";
import type { Measurement, Simulation } from "../scenarios/index.ts";
import { LATENCIES, POINTS, cpuPerPacket, dropped, mbps, mpps, shown, utilisation } from "./simulate-metrics.ts";
import type { SimulateOptions } from "./simulate.ts";
import type { Setting, Subject } from "./simulate-settings.ts";

/** What is about to run: everything that decides the numbers. */
export function opening(
  { name, purpose }: Subject,
  { config, load, timing, seed }: Simulation,
  { settings, sweeps }: Pick<SimulateOptions, "settings" | "sweeps">,
  variant: string | null,
): readonly string[] {
  const { ncpus, subqs, stageCntmax, ringSize, qmax, driver } = config.topology;
  const machine = [
    count(ncpus, "CPU"),
    count(subqs, "subqueue"),
    `stageCntmax ${String(stageCntmax)}`,
    `ring ${String(ringSize)}`,
    `queue ${String(qmax)}`,
    `${String(timing.linkMbps ?? 1000)} Mb/s`,
    ...(driver === undefined ? [] : [`driver ${driver}`]),
  ];
  const by = load?.by === "processes" ? "by processes" : "from receive rings";
  const offered = load === null
    ? `the workload of the record: ${config.workload.map(({ kind }) => kind).join(", ") || "nothing"}`
    : `${count(load.packets, "packet")} of ${String(load.len)} bytes, ${String(load.rate)} a second, ${by}`;
  const jitter = load !== null && load.jitter > 0 ? `, each up to ${String(load.jitter)} ns late` : "";
  const set = settings.length === 0 ? [] : [`set ${settings.map(text).join(", ")}`];
  const swept = sweeps.map((sweep) => `sweep ${sweep.name} over ${sweep.values.join(", ")}`);
  return [
    `${name}: ${purpose}`,
    `${machine.join(", ")}${sweeps.length > 0 ? " at first" : ""}`,
    `${offered}${jitter}; seed ${seed}${variant === null ? "" : `; variant ${variant}`}`,
    ...[...set, ...swept],
  ];
}

const text = ({ name, value }: Setting): string => `${name}=${String(value)}`;

/** Everything that was measured in one run. */
export function measurementLines(m: Measurement, { bold }: Paint): readonly string[] {
  const { packets } = m;
  const each = (n: number, digits: number): string => shown(packets.sent === 0 ? null : n / packets.sent, digits);
  const waited = m.serializers.reduce((sum, one) => sum + one.waited, 0);
  const facts = [
    ["throughput", `${shown(mpps(m), 3)} Mpps, ${shown(mbps(m), 1)} Mb/s`],
    ["packets", `${String(packets.offered)} offered, ${String(packets.sent)} sent, ${String(packets.queued)} queued, ${String(dropped(m))} dropped`
      + ` (${String(packets.missed)} missed, ${String(packets.refused)} refused, ${String(packets.lost)} lost)`],
    ["CPU time", `${shown(cpuPerPacket(m), 1)} ns a packet, ${shown(utilisation(m), 1)} % of ${count(m.cpus.length, "CPU")}`],
    ["a packet", `${each(m.doorbells, 3)} doorbells, ${each(m.starts, 3)} if_start, ${each(m.interrupts.transmit + m.interrupts.receive, 4)} interrupts, `
      + `${each(m.ipis, 3)} IPIs, ${shown(packets.offered === 0 ? null : dropped(m) / packets.offered, 3)} drops`],
    ["serializers", `${each(waited, 1)} ns a packet, ${String(waited)} ns in all`],
    ["in the layer", `${shown(m.whole.ns === 0 ? null : m.inside.integral / m.whole.ns, 2)} packets on average, ${String(m.inside.most)} at most`],
    ["virtual time", `${String(m.elapsed)} ns`],
  ];
  return [
    ...columns(facts.map(([what = "", value = ""]) => [bold(what), value])),
    "",
    ...latencyTable(m, bold),
    "",
    ...cpuTable(m, bold),
    ...serializerTable(m, bold),
  ];
}

function latencyTable(m: Measurement, bold: Paint["bold"]): readonly string[] {
  const head = ["latency, ns", "mean", "p50", "p90", "p99", "p99.9", "max"];
  const rows = LATENCIES.map(({ what, of }) => {
    const found = of(m);
    return [what, shown(found?.mean ?? null, 1), ...POINTS.map((point) => shown(found?.[point] ?? null, 0))];
  });
  return columns([head.map(bold), ...rows], [1, 2, 3, 4, 5, 6]);
}

function cpuTable({ cpus, elapsed }: Measurement, bold: Paint["bold"]): readonly string[] {
  const percent = (ns: number): string => `${shown(elapsed === 0 ? null : (100 * ns) / elapsed, 1)} %`;
  const rows = cpus.map(({ cpu, busy, spun }) => [String(cpu), percent(busy), String(busy), String(spun)]);
  return columns([["CPU", "busy", "busy ns", "spinning ns"].map(bold), ...rows], [0, 1, 2, 3]);
}

function serializerTable({ serializers }: Measurement, bold: Paint["bold"]): readonly string[] {
  if (serializers.length === 0) return [];
  const rows = serializers.map(({ name, waits, waited, busyTries }) => [name, String(waits), String(waited), String(busyTries)]);
  return ["", ...columns([["serializer", "waits", "waited ns", "failed tries"].map(bold), ...rows], [1, 2, 3])];
}

/** The cost table. */
export function costLines({ bold }: Paint): readonly string[] {
  const rows = COST_TABLE.map(({ name, ns, what, basis, why }) => [name, String(ns), what, basis === "source" ? why : `assumption: ${why}`]);
  return columns([["cost", "ns", "of what", "source"].map(bold), ...rows], [1]);
}
