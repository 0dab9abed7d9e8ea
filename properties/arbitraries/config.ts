/**
 * Configuration records: fast-check draws them from what a scenario says may vary, seeded from the run seed. What
 * is drawn is data from then on; the run itself never draws from here.
 */
import fc from "fast-check";
import type {
  ActorConfig,
  Config,
  FaultConfig,
  PacketConfig,
  Scenario,
  TopologyConfig,
} from "../../scenarios/index.ts";
import { lookupOps } from "./lookups.ts";
import { moduleActor, multiActor } from "./multi.ts";

import { ioctlUser } from "./ioctl.ts";

type Entry = NonNullable<Scenario["vary"]["actors"]>[number];

const oneOf = <T>(values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

/** One of the given values for each named field. */
function fields<T extends object>(
  vary: { readonly [K in keyof T]?: readonly T[K][] },
  base: T,
): fc.Arbitrary<T> {
  const record: Record<string, fc.Arbitrary<unknown>> = {};
  for (const [key, values] of Object.entries<readonly unknown[] | undefined>(vary)) {
    if (values !== undefined) record[key] = oneOf(values);
  }
  return fc.record(record).map((drawn) => ({ ...base, ...drawn }));
}

const CPU = fc.nat({ max: 7 });
/** Which of a few subqueues or interfaces; the world takes it modulo what there is. */
const WHICH = fc.nat({ max: 1 });

function packet(lengths: readonly number[]): fc.Arbitrary<PacketConfig> {
  const seldom = fc.nat({ max: 3 }).map((n) => n === 3);
  return fc.record({ len: oneOf(lengths), prio: seldom, mcast: seldom });
}

function actor(entry: Entry, lengths: readonly number[]): fc.Arbitrary<ActorConfig> {
  const [least, most] = entry.size;
  const times = fc.integer({ min: least, max: most });
  const iface = fc.constant(0);
  const packets = fc.array(packet(lengths), { minLength: least, maxLength: most });
  if (entry.kind === "loopback") {
    const ops = fc.array(oneOf(entry.ops), { minLength: least, maxLength: most });
    return fc.record({ kind: fc.constant(entry.kind), cpu: CPU, ops });
  }
  const { kind } = entry;
  switch (kind) {
    case "send": {
      const netisr = oneOf(entry.netisr ?? [true, true, false]);
      return fc.record({ kind: fc.constant(kind), cpu: CPU, netisr, iface, packets });
    }
    case "handoff":
      return fc.record({ kind: fc.constant(kind), cpu: CPU, iface, packets });
    case "hold":
    case "devstart-sched":
      return fc.record({ kind: fc.constant(kind), cpu: CPU, iface, subq: WHICH, times });
    case "move-owner": {
      const to = fc.array(CPU, { minLength: least, maxLength: most });
      return fc.record({ kind: fc.constant(kind), cpu: CPU, iface, subq: WHICH, to });
    }
    case "running":
    case "updown":
    case "purge":
      return fc.record({ kind: fc.constant(kind), cpu: CPU, iface, times });
    case "churn":
    case "read-array":
      return fc.record({ kind: fc.constant(kind), cpu: CPU, times });
    case "detach":
      return fc.record({ kind: fc.constant(kind), cpu: CPU, iface });
    case "module":
      return moduleActor(entry, CPU);
    case "multi":
      return multiActor(entry, CPU, fc.nat({ max: 1 }));
    case "lookups":
      return fc.record({ kind: fc.constant(kind), cpu: CPU, ops: lookupOps(least, most) });
    case "ipi-flood":
    case "ping":
      return fc.record({ kind: fc.constant(kind), cpu: CPU, to: CPU, times });
    case "address":
      return fc.record({ kind: fc.constant(kind), op: oneOf(entry.ops), cpu: CPU, iface, times });
    case "tun": {
      const ops = fc.array(oneOf(entry.ops), { minLength: least, maxLength: most });
      const root = fc.nat({ max: 7 }).map((n) => n < 7);
      return fc.record({ kind: fc.constant(kind), cpu: CPU, root, restarts: fc.boolean(), ops });
    }
    case "ioctl":
      return ioctlUser(CPU, entry.size, entry.names);
    case "run":
      return fc.record({ kind: fc.constant(kind), routine: fc.constant(entry.routine), cpu: CPU, iface, times });
  }
}

function workload(scenario: Scenario): fc.Arbitrary<readonly ActorConfig[]> {
  const { actors, lengths = [100] } = scenario.vary;
  if (actors === undefined) return fc.constant(scenario.smallest.workload);
  const groups = actors.map((entry) => {
    const [minLength, maxLength] = entry.count;
    return fc.array(actor(entry, lengths), { minLength, maxLength });
  });
  return fc.tuple(...groups).map((drawn) => drawn.flat());
}

/** CPU numbers that the machine has, so that the record says what happens. */
function settle({ topology, workload, faults }: Config): Config {
  const cpu = (n: number): number => n % topology.ncpus;
  const settled = workload.map((one): ActorConfig => {
    const at = { ...one, cpu: cpu(one.cpu) };
    if (at.kind === "move-owner") return { ...at, to: at.to.map(cpu) };
    // IPIs and pings go to another CPU, if there is one.
    if (at.kind === "ipi-flood" || at.kind === "ping") {
      return { ...at, to: cpu(at.to) === at.cpu ? cpu(at.to + 1) : cpu(at.to) };
    }
    return at;
  });
  return { topology, workload: settled, faults };
}

/** Every configuration record of a scenario. */
export function configs(scenario: Scenario): fc.Arbitrary<Config> {
  const { vary, smallest } = scenario;
  return fc
    .record({
      topology: fields<TopologyConfig>(vary.topology ?? {}, smallest.topology),
      workload: workload(scenario),
      faults: fields<FaultConfig>(vary.faults ?? {}, smallest.faults),
    })
    .map(settle);
}

const known = new WeakMap<Scenario, fc.Arbitrary<Config>>();

function arbitraryOf(scenario: Scenario): fc.Arbitrary<Config> {
  const arbitrary = known.get(scenario) ?? configs(scenario);
  known.set(scenario, arbitrary);
  return arbitrary;
}

/** The configuration record of a run: a function of the scenario and the run's seed string. */
export function configFor(scenario: Scenario, seed: string): Config {
  const [config] = fc.sample(arbitraryOf(scenario), { seed: hash32(seed), numRuns: 1 });
  return config ?? scenario.smallest;
}

/**
 * Shrinks the record of a run as fast-check does: `fails` is asked of the record itself, then of smaller ones, and
 * what it says yes to is shrunk further.
 */
export function shrinkConfig(scenario: Scenario, seed: string, fails: (config: Config) => boolean): void {
  const passes = fc.property(arbitraryOf(scenario), (config) => !fails(config));
  fc.check(passes, { seed: hash32(seed), numRuns: 1, verbose: false });
}

/** FNV-1a over the code units. */
function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash | 0;
}
