import { describe, expect, it } from "vitest";
import { COST_TABLE, type CostName, type NamedCosts } from "../../model/index.ts";
import { NO_FAULTS, PLAIN, SCENARIOS, simulate, takesAnyDriver, TIMED_SCENARIOS, type Config, type Load, type Measurement } from "../index.ts";
import type { TopologyConfig } from "../config.ts";

/** Nothing costs anything, except what a test names. */
const free = (costs: Partial<NamedCosts>): Partial<NamedCosts> => ({
  ...(Object.fromEntries(COST_TABLE.map(({ name }) => [name, 0])) as Record<CostName, number>),
  ...costs,
});

interface Setup {
  readonly topology?: Partial<TopologyConfig>;
  readonly workload?: Config["workload"];
  readonly load?: Load | null;
  readonly costs?: Partial<NamedCosts>;
  readonly linkMbps?: number;
  readonly seed?: string;
}

function run({ topology = {}, workload = [], load = null, costs = {}, linkMbps, seed = "1" }: Setup): Measurement {
  const config: Config = { topology: { ...PLAIN, ...topology }, workload, faults: NO_FAULTS };
  const came = simulate({ config, load, timing: { costs, linkMbps }, seed });
  if (!("measurement" in came)) throw new Error(JSON.stringify(came));
  return came.measurement;
}

const sends = (lengths: readonly number[], cpu = 0): Config["workload"][number] => ({
  kind: "send",
  cpu,
  netisr: false,
  iface: 0,
  packets: lengths.map((len) => ({ len, prio: false, mcast: false })),
});

const timed = (name: string, load: Partial<Load>, setup: Setup = {}): Measurement => {
  const scenario = TIMED_SCENARIOS.find((one) => one.name === name);
  if (scenario === undefined) throw new Error(name);
  const topology = { ...scenario.topology, ...setup.topology };
  return run({ ...setup, topology, load: { ...scenario.load, packets: 400, ...load } });
};

const percentilesOf = ({ toCard, toWire, fromOffer }: Measurement): readonly (Measurement["toCard"])[] => [toCard, toWire, fromOffer];

function expectLaws(m: Measurement): void {
  const { offered, missed, refused, lost, queued, sent } = m.packets;
  expect(missed + refused + lost + queued + sent).toBe(offered);
  expect(m.inside.integral).toBe(m.toWire?.sum ?? 0);
  for (const found of percentilesOf(m)) {
    if (found === null) continue;
    const { p50, p90, p99, p999, max, mean } = found;
    expect([p50, p90, p99, p999, max]).toEqual([p50, p90, p99, p999, max].sort((a, b) => a - b));
    expect(mean).toBeLessThanOrEqual(max);
    expect(found.count).toBe(sent);
  }
  for (const { busy, spun } of m.cpus) {
    expect(busy).toBeLessThanOrEqual(m.elapsed);
    expect(spun).toBeLessThanOrEqual(busy);
  }
  expect(m.whole.packets).toBe(sent);
}

describe("a card in virtual time", () => {
  it("sends one frame after the other: 672 ns for the least, 12304 for the largest", () => {
    const m = run({ workload: [sends([60, 60, 1514])], costs: free({}) });

    // All three are handed over at 0; the wire takes 672 + 672 + 12304.
    expect(m.toWire).toMatchObject({ count: 3, sum: 672 + 1344 + 13648, p50: 1344, max: 13648 });
    expect(m.toCard).toMatchObject({ max: 0 });
    expect(m.inside).toEqual({ integral: 672 + 1344 + 13648, most: 3 });
    expect(m.whole).toEqual({ packets: 3, bits: 8 * (60 + 60 + 1514), ns: 13648 });
  });

  it("pads what is shorter than a frame may be", () => {
    expect(run({ workload: [sends([1])], costs: free({}) }).toWire?.max).toBe(672);
  });

  it("is ten times as fast at ten times the rate, to the nanosecond", () => {
    expect(run({ workload: [sends([60])], costs: free({}), linkMbps: 10_000 }).toWire?.max).toBe(67);
    expect(run({ workload: [sends([60])], costs: free({}), linkMbps: 100 }).toWire?.max).toBe(6720);
  });

  it("is told by a write that takes its time, and fetches before it sends", () => {
    const m = run({ workload: [sends([60])], costs: free({ registerWrite: 100, dmaFetch: 30 }) });

    expect(m.toCard?.max).toBe(100);
    expect(m.toWire?.max).toBe(100 + 30 + 672);
    expect(m.doorbells).toBe(1);
    expect(m.cpus.map(({ busy }) => busy)).toEqual([100, 0]);
  });

  it("shares its wire between its rings", () => {
    const workload = [sends([60], 0), sends([60], 1)];
    const m = run({ topology: { subqs: 2, owners: [0, 1], interruptCpus: [0, 1] }, workload, costs: free({}) });

    expect(m.toWire).toMatchObject({ p50: 672, max: 1344 });
  });

  it("interrupts at once, and then once a gap", () => {
    const workload = [sends([60, 60, 60, 60])];

    expect(run({ workload, costs: free({ interruptGap: 0 }) }).interrupts.transmit).toBe(4);
    // Completions at 672, 1344, 2016, 2688: one at once, one for the other three.
    expect(run({ workload, costs: free({ interruptGap: 2017 }) }).interrupts.transmit).toBe(2);
  });

  it("drops what the queue has no room for, and says so", () => {
    const m = run({ topology: { ringSize: 1, qmax: 1 }, workload: [sends([60, 60, 60, 60, 60])], costs: free({}) });

    expect(m.packets).toMatchObject({ offered: 5, missed: 0, lost: 0, queued: 0 });
    expect(m.packets.refused).toBeGreaterThan(0);
    expectLaws(m);
  });
});

describe("CPU time", () => {
  it("is what was spent, and where", () => {
    const workload = [sends([60, 60], 1)];
    const m = run({ workload, costs: free({ protocolOutput: 500, driverEncap: 40, driverClean: 7 }) });

    // Interrupts come to CPU 1 in the plain topology, so that it cleans what it has sent.
    expect(m.cpus.map(({ busy }) => busy)).toEqual([0, 2 * (500 + 40 + 7)]);
  });
});

describe("a paced load", () => {
  it("comes at its rate, from the sources in turn", () => {
    const m = timed("udp-flood", { rate: 1_000_000, packets: 100 }, { costs: free({}) });

    // One every microsecond, on the wire 672 ns later; nothing else takes time.
    expect(m.packets).toMatchObject({ offered: 100, sent: 100 });
    expect(m.whole.ns).toBe(99_000 + 672);
    expect(m.toWire).toMatchObject({ p50: 672, max: 672 });
    expect(m.steady).toMatchObject({ packets: 79, ns: 79_000 });
  });

  it("cannot be sent faster than the wire", () => {
    const m = timed("forwarding-1g", { rate: 3_000_000, packets: 600 });

    expect((m.steady.packets * 1e9) / m.steady.ns).toBeLessThanOrEqual(1e9 / 672);
    expectLaws(m);
  });

  it("misses packets when the receive ring is full", () => {
    const m = timed("forwarding-1g", { rate: 20_000_000, packets: 3_000 });

    expect(m.packets.missed).toBeGreaterThan(0);
    expectLaws(m);
  });

  it("needs a doorbell for each packet without staging, and one for four with it", () => {
    const one = timed("forwarding-1g", {}, { topology: { stageCntmax: 0 } });
    const four = timed("forwarding-1g", {}, { topology: { stageCntmax: 4 } });

    expect(one.doorbells).toBe(400);
    expect(four.doorbells).toBeLessThan(120);
    expect(four.doorbells).toBeGreaterThanOrEqual(100);
  });

  it("costs a register write more for each doorbell when writes cost more", () => {
    const busy = (m: Measurement): number => m.cpus.reduce((sum, cpu) => sum + cpu.busy, 0);
    const at = (registerWrite: number): Measurement =>
      timed("forwarding-1g", {}, { topology: { stageCntmax: 0 }, costs: { registerWrite } });

    expect(busy(at(200)) - busy(at(100))).toBe(100 * 400);
  });

  it("is the same every time, and its seed matters only where something is drawn", () => {
    const even = timed("udp-flood", {}, { seed: "1" });
    const late = timed("udp-flood", { jitter: 2000 }, { seed: "1" });

    expect(timed("udp-flood", {}, { seed: "1" })).toEqual(even);
    expect(timed("udp-flood", {}, { seed: "2" })).toEqual(even);
    expect(timed("udp-flood", { jitter: 2000 }, { seed: "1" })).toEqual(late);
    expect(timed("udp-flood", { jitter: 2000 }, { seed: "2" })).not.toEqual(late);
    expectLaws(late);
  });

  it.each([1, 2, 3, 5, 8])("finds its CPUs among %i", (ncpus) => {
    for (const { name } of TIMED_SCENARIOS) expectLaws(timed(name, {}, { topology: { ncpus } }));
  });
});

describe("the catalogue in timed mode", () => {
  it.each(SCENARIOS.filter(takesAnyDriver).map(({ name, smallest }) => [name, smallest] as const))("%s runs to its end", (_name, config) => {
    for (const faults of [NO_FAULTS, config.faults]) {
      const came = simulate({ config: { ...config, faults }, load: null, timing: {}, seed: "1" });
      expect(came).toHaveProperty("measurement");
      if ("measurement" in came) expectLaws(came.measurement);
    }
  });
});
