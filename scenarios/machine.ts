/** From a configuration record to a running machine. */
import type { Execution, Routine } from "../sim/index.ts";
import {
  boot,
  ifpoll_register,
  nicAttach,
  nicUp,
  spawnThread,
  tbr_set,
  type NicOptions,
  type Params,
  type TimingOptions,
} from "../model/index.ts";
import { startActor } from "./actors.ts";
import type { Config, TopologyConfig } from "./config.ts";
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
    waitokBlocks: faults.waitokBlocks,
  };
}

/** The card of a topology; unit numbers count up. Faults strike the first card only. */
export function nicOptions(world: World, plain = false): NicOptions {
  const { topology, faults } = world.config;
  const { lostInterrupts, spuriousInterrupts, ringStalls, lateCompletions } = faults;
  const none = { lostInterrupts: 0, spuriousInterrupts: 0, ringStalls: 0, lateCompletions: 0 };
  return {
    name: "em",
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
    completions: "card",
    watchdog: plain ? { of: "subqueue", seconds: 0 } : topology.watchdog,
    faults: plain ? none : { lostInterrupts, spuriousInterrupts, ringStalls, lateCompletions },
  };
}

/**
 * Boots a kernel, attaches the interfaces and starts the workload. To be called in the set-up of a run: the
 * boot settles without choices, exploration begins with the workload. `timing`: for a timed run.
 */
export function startWorld(x: Execution, config: Config, timing: TimingOptions | null = null): World {
  const k = boot(x, paramsOf(config), timing);
  const world = new World(k, config);
  k.clock.allow(0);
  spawnThread(k, "boot", 0, () => attachAll(world, config.topology));
  x.settle();
  k.clock.allow(config.topology.ticks);
  config.workload.forEach((actor, index) => {
    startActor(world, actor, index);
  });
  return world;
}

function* attachAll(world: World, topology: TopologyConfig): Routine<void> {
  const { k } = world;
  for (let i = 0; i < topology.interfaces; i++) {
    const nic = yield* nicAttach(k, nicOptions(world, i > 0));
    yield* nicUp(k, nic);
    if (nic.options.polling !== null) yield* ifpoll_register(k, nic.ifp);
    world.nics.push(nic);
  }
  const [first] = world.nics;
  if (topology.tokenBucket !== null && first !== undefined) {
    const { bytesPerTick, depth } = topology.tokenBucket;
    yield* tbr_set(k, first.ifp.if_snd, { rate: bytesPerTick * topology.hz * 8, depth });
  }
}
