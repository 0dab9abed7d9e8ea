/** From a configuration record to a running machine. */
import type { Execution, Routine } from "../sim/index.ts";
import {
  attachDevice,
  boot,
  ifpoll_register,
  spawnThread,
  tbr_set,
  upDevice,
  type DeviceOptions,
  type Params,
  type TimingOptions,
} from "../model/index.ts";
import { startActor } from "./actors.ts";
import type { Config, TopologyConfig } from "./config.ts";
import { setLink } from "./lookups/link.ts";
import { bootLoopback } from "./loopback/run.ts";
import { STOCK, driverNamed, type Parts } from "./parts.ts";
import { bootTun } from "./tun/actors.ts";
import { World } from "./world.ts";

/** Kernel parameters of a topology. */
function paramsOf({ topology, faults }: Config): Partial<Params> {
  return {
    ncpus: topology.ncpus,
    MAXCPUFIFO: topology.ipiRing,
    netisr_batch: topology.netisrBatch,
    ifsq_stage_cntmax: topology.stageCntmax,
    callout: topology.callouts,
    hz: topology.hz,
    nowaitFails: faults.nowaitFails,
    failing: faults.failing ?? [],
    waitokBlocks: faults.waitokBlocks,
    pageFaults: faults.waitokBlocks,
  };
}

/** The device of a topology; unit numbers count up. Faults strike the first one only. */
export function deviceOptions(world: World, plain = false): DeviceOptions {
  const { topology, faults } = world.config;
  const { lostInterrupts, spuriousInterrupts, ringStalls, lateCompletions } = faults;
  const none = { lostInterrupts: 0, spuriousInterrupts: 0, ringStalls: 0, lateCompletions: 0 };
  return {
    unit: world.nextUnit++,
    subqs: topology.subqs,
    ringSize: topology.ringSize,
    startBudget: topology.startBudget,
    mtu: topology.mtu,
    queue: { qmax: topology.qmax },
    owners: topology.owners.map((cpu) => cpu % topology.ncpus),
    polling: plain ? null : (topology.polling?.map((cpu) => cpu % topology.ncpus) ?? null),
    interruptCpus: topology.interruptCpus.map((cpu) => cpu % topology.ncpus),
    serializers: topology.serializers,
    completions: topology.card === "silent" ? "by-hand" : "card",
    watchdog: plain ? { of: "subqueue", seconds: 0 } : topology.watchdog,
    faults: plain ? none : { lostInterrupts, spuriousInterrupts, ringStalls, lateCompletions },
  };
}

/**
 * Boots a kernel, attaches the interfaces and starts the workload. To be called in the set-up of a run: the
 * boot settles without choices, exploration begins with the workload. Throws a RangeError when the configuration
 * names a driver or a routine that `parts` do not have (see `missingPart`). `timing`: for a timed run.
 */
export function startWorld(
  x: Execution,
  config: Config,
  parts: Parts = STOCK,
  timing: TimingOptions | null = null,
): World {
  const driver = driverNamed(parts, config.topology.driver);
  const { xnu } = config.topology;
  if (xnu !== undefined) {
    const loopback = new World(bootLoopback(x, xnu, config), config, driver);
    startWorkload(loopback, parts);
    return loopback;
  }
  const made: World[] = [];
  const k = boot(x, paramsOf(config), timing, (kk) => {
    const world = new World(kk, config, driver);
    made.push(world);
    return attachSome(world, config.topology.early ?? 0);
  });
  const [world] = made as [World];
  k.clock.allow(0);
  spawnThread(k, "boot", 0, () => attachAll(world, config.topology));
  x.settle();
  if (config.topology.tun !== undefined) {
    bootTun(world);
    x.settle();
  }
  k.clock.allow(config.topology.ticks);
  k.shortage.begin();
  startWorkload(world, parts);
  return world;
}

function startWorkload(world: World, parts: Parts): void {
  world.config.workload.forEach((actor, index) => {
    startActor(world, actor, index, parts);
  });
}

function* attachSome(world: World, count: number): Routine<void> {
  for (let i = 0; i < count; i++) {
    world.devices.push(yield* attachDevice(world.k, world.driver, deviceOptions(world, world.devices.length > 0)));
  }
}

function* attachAll(world: World, topology: TopologyConfig): Routine<void> {
  const { k } = world;
  yield* attachSome(world, topology.interfaces);
  for (const [i, device] of world.devices.entries()) {
    const { links = [] } = topology;
    const link = links[i % links.length];
    if (link !== undefined) yield* setLink(k, device.ifp, link);
    yield* upDevice(k, device);
    // A driver that cannot be polled says so, and is not.
    if (device.options.polling !== null) yield* ifpoll_register(k, device.ifp);
  }
  const [first] = world.devices;
  if (topology.tokenBucket !== null && first !== undefined) {
    const { bytesPerTick, depth } = topology.tokenBucket;
    yield* tbr_set(k, first.ifp.if_snd, { rate: bytesPerTick * topology.hz * 8, depth });
  }
}
