/**
 * Configuration records that are smaller than a given one: fewer CPUs, threads, packets and repetitions, and closer
 * to the scenario's smallest record. Each differs in one respect. They need not be records that the scenario would
 * draw, only such that a machine can be made from; a promise that is broken on one of them is broken.
 */
import type { ActorConfig, Config, LoopbackActor, Scenario } from "../scenarios/index.ts";

/** A smaller record, and what a thread of the larger one is called in it. */
export interface SmallerConfig {
  readonly config: Config;
  /** Index in the workload that is gone; later threads are named by one less. */
  readonly withoutActor: number | null;
}

/** One way of making a record smaller: candidates in the order in which they save most. */
type Ways = (config: Config, scenario: Scenario) => readonly SmallerConfig[];

/** Candidates, and how many seeds each is worth when neither the same schedule nor the default one fails on it. */
export interface Family {
  readonly ways: Ways;
  readonly seeds: number;
}

const changed = (config: Config): SmallerConfig => ({ config, withoutActor: null });

/** The scenario's own smallest record, if it is another one. */
const itsSmallest: Ways = (config, { smallest }) =>
  weight(smallest) < weight(config) ? [changed(smallest)] : [];

const fewerCpus: Ways = (config) =>
  Array.from({ length: config.topology.ncpus - 1 }, (_, i) => changed(onCpus(config, i + 1)));

/** The same on fewer CPUs: whoever was on one that is gone is on another. */
function onCpus(config: Config, ncpus: number): Config {
  const { topology } = config;
  const at = (cpu: number): number => cpu % ncpus;
  return {
    ...config,
    topology: {
      ...topology,
      ncpus,
      owners: topology.owners.map(at),
      polling: topology.polling?.map(at) ?? null,
      interruptCpus: topology.interruptCpus.map(at),
    },
    workload: config.workload.map((actor): ActorConfig => {
      const moved = { ...actor, cpu: at(actor.cpu) };
      if (moved.kind === "move-owner") return { ...moved, to: moved.to.map(at) };
      return moved.kind === "ping" || moved.kind === "ipi-flood" ? { ...moved, to: at(moved.to) } : moved;
    }),
  };
}

const fewerActors: Ways = (config) =>
  config.workload.map((_, gone): SmallerConfig => ({
    config: { ...config, workload: config.workload.filter((__, i) => i !== gone) },
    withoutActor: gone,
  })).reverse();

const shorterActors: Ways = (config) =>
  config.workload.flatMap((actor, at) => shorter(actor).map((less) => changed(withActor(config, at, less))));

const withActor = (config: Config, at: number, actor: ActorConfig): Config => ({
  ...config,
  workload: config.workload.map((each, i) => (i === at ? actor : each)),
});

/** An actor that does less. */
function shorter(actor: ActorConfig): readonly ActorConfig[] {
  if ("packets" in actor) return fewer(actor.packets).map((packets) => ({ ...actor, packets }));
  if (actor.kind === "move-owner") return fewer(actor.to).map((to) => ({ ...actor, to }));
  if (actor.kind === "loopback") return shorterLoopback(actor);
  if (actor.kind === "tun") return fewer(actor.ops).map((ops) => ({ ...actor, ops }));
  if (actor.kind === "module") return fewer(actor.ops).map((ops) => ({ ...actor, ops }));
  if (actor.kind === "multi") return fewer(actor.ops).map((ops) => ({ ...actor, ops }));
  if ("ops" in actor) return fewer(actor.ops).map((ops) => ({ ...actor, ops }));
  if (!("times" in actor)) return [];
  const { times } = actor;
  const less = [1, Math.floor(times / 2), times - 1].filter((n, i, all) => n >= 1 && n < times && all.indexOf(n) === i);
  return less.map((n) => ({ ...actor, times: n }));
}

/** A thread of XNU with fewer operations, or fewer packets in one of them. */
function shorterLoopback(actor: LoopbackActor): readonly LoopbackActor[] {
  const fewerPackets = actor.ops.flatMap((op, at) => op.do !== "send" ? [] : fewer(op.packets).map((packets) =>
    ({ ...actor, ops: actor.ops.map((each, i) => (i === at ? { ...op, packets } : each)) })));
  return [...fewer(actor.ops).map((ops) => ({ ...actor, ops })), ...fewerPackets];
}

/** One, the first half, the second, and all but each one. */
function fewer<T>(list: readonly T[]): readonly (readonly T[])[] {
  if (list.length <= 1) return [];
  const half = Math.ceil(list.length / 2);
  const halves = list.length > 2 ? [list.slice(0, half), list.slice(half)] : [];
  return [[list[0] as T], ...halves, ...list.map((_, gone) => list.filter((__, i) => i !== gone))];
}

/** Each field of the machine and of its faults as in the scenario's smallest record, on the CPUs that there are. */
const plainerMachine: Ways = (config, { smallest }) => {
  const { topology, faults } = config;
  const machines = differing(topology, smallest.topology).filter((key) => key !== "ncpus").map((key) =>
    onCpus({ ...config, topology: { ...topology, [key]: smallest.topology[key] } }, topology.ncpus));
  const environments = differing(faults, smallest.faults).map((key) =>
    ({ ...config, faults: { ...faults, [key]: smallest.faults[key] } }));
  return [...machines, ...environments].filter((each) => !same(each, config)).map(changed);
};

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const differing = <T extends object>(a: T, b: T): readonly (keyof T)[] =>
  (Object.keys(b) as (keyof T)[]).filter((key) => !same(a[key], b[key]));

/** Threads that send by themselves, on lower CPUs; packets without flags. */
const plainerActors: Ways = (config) =>
  config.workload.flatMap((actor, at) => {
    const less: ActorConfig[] = actor.cpu > 0 ? [{ ...actor, cpu: 0 }] : [];
    if (actor.kind === "send" && actor.netisr) less.unshift({ ...actor, netisr: false });
    if ("packets" in actor && actor.packets.some(({ prio, mcast }) => prio || mcast)) {
      less.push({ ...actor, packets: actor.packets.map((packet) => ({ ...packet, prio: false, mcast: false })) });
    }
    return less.map((each) => changed(withActor(config, at, each)));
  });

/** All of them, the most saving first. */
export const FAMILIES: readonly Family[] = [
  { ways: itsSmallest, seeds: 40 },
  { ways: fewerActors, seeds: 24 },
  { ways: fewerCpus, seeds: 8 },
  { ways: shorterActors, seeds: 8 },
  { ways: plainerMachine, seeds: 4 },
  { ways: plainerActors, seeds: 8 },
];

const packetsAndOps = ({ ops }: LoopbackActor): number =>
  ops.reduce((sum, op) => sum + 1 + (op.do === "send" ? op.packets.length : 0), 0);

/** What a record costs a reader: threads first, then netisrs that send for them, CPUs, and what they do. */
export function weight({ topology, workload }: Config): number {
  const work = workload.reduce((sum, actor) => {
    if ("packets" in actor) return sum + actor.packets.length;
    if (actor.kind === "loopback") return sum + packetsAndOps(actor);
    if ("ops" in actor) return sum + actor.ops.length;
    if ("times" in actor) return sum + actor.times;
    return sum + (actor.kind === "move-owner" ? actor.to.length : 1);
  }, 0);
  const netisrs = workload.filter((actor) => actor.kind === "send" && actor.netisr).length;
  return 100 * workload.length + 30 * netisrs + 10 * topology.ncpus + 4 * work;
}
