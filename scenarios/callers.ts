/**
 * What the rest of the kernel calls of the interface layer, and no scenario of the transmit path does: drivers with one queue, sockets
 * and protocols that look interfaces up in netisrs, messages to ifnet threads that nobody waits for, a sysctl.
 */
import { misuse, type Routine } from "../sim/index.ts";
import {
  NetmsgBase,
  curthread,
  if_devstart,
  if_printf,
  if_ring_count2,
  ifnet_array_isempty,
  ifnet_deserialize_all,
  ifnet_sendmsg,
  ifnet_serialize_all,
  ifunit_netisr,
  lwkt_domsg,
  lwkt_replymsg,
  lwkt_waitmsg,
  netisr_cpuport,
  netmsg_init,
  type Kernel,
} from "../model/index.ts";
import { deviceFor } from "./actor.ts";
import { NO_FAULTS, PLAIN, type ActorConfig } from "./config.ts";
import { MODULE_OPS } from "./module/op.ts";
import type { ActorRoutines, RunActor } from "./parts.ts";
import type { Scenario } from "./scenario.ts";
import type { World } from "./world.ts";

/** Rings that a driver asks for, and that its card has: fewer and more than there are CPUs, whatever fits (0), more than there are. */
const RINGS = [[0, 4], [1, 4], [3, 4], [16, 4], [2, 1]] as const;

/** A driver with one queue starts transmission by itself, and counts what rings it could have had. */
function* driver(world: World, actor: RunActor): Routine<void> {
  const { k } = world;
  const device = deviceFor(world, actor.iface);
  if (device === null) return;
  for (let i = 0; i < actor.times; i++) {
    for (const [wanted, most] of RINGS) {
      const rings = if_ring_count2(k, wanted, most);
      if (rings < 1 || rings > most || rings > k.params.ncpus) misuse("ring-count", String(rings));
    }
    yield* ifnet_serialize_all(k, device.ifp);
    yield* if_devstart(k, device.ifp);
    yield* ifnet_deserialize_all(k, device.ifp);
    yield* if_printf(k, device.ifp, "started\n");
  }
}

/** Sends a message to every ifnet thread, and waits for none before all are sent. */
function* announcer(world: World, actor: RunActor, name: string): Routine<void> {
  const { k } = world;
  for (let i = 0; i < actor.times; i++) {
    const sent: NetmsgBase[] = [];
    for (let cpu = 0; cpu < k.params.ncpus; cpu++) {
      const msg = new NetmsgBase(k, `${name} to cpu ${String(cpu)}`);
      netmsg_init(k, msg, null, curthread(k).td_msgport, 0, replyAtOnce);
      yield* ifnet_sendmsg(k, msg, cpu);
      sent.push(msg);
    }
    for (const msg of sent) {
      yield* lwkt_waitmsg(k, msg, 0);
      msg.leaveFrame();
    }
  }
}

function* replyAtOnce(k: Kernel, nmsg: NetmsgBase): Routine<void> {
  yield* lwkt_replymsg(k, nmsg, 0);
}

/** Looks an interface up by its name in a netisr, unless there is none at all. */
function* protocol(world: World, actor: RunActor, name: string): Routine<void> {
  const { k, driver: { name: ofDriver } } = world;
  for (let i = 0; i < actor.times; i++) {
    const msg = new NetmsgBase(k, `${name} looks up`);
    netmsg_init(k, msg, null, curthread(k).td_msgport, 0, (_k, nmsg) => lookUp(k, nmsg, `${ofDriver}0`));
    yield* lwkt_domsg(k, netisr_cpuport(k, actor.cpu % k.params.ncpus), msg, 0);
    msg.leaveFrame();
  }
}

function* lookUp(k: Kernel, nmsg: NetmsgBase, wanted: string): Routine<void> {
  if (!(yield* ifnet_array_isempty(k))) {
    const missing = yield* ifunit_netisr(k, "none0");
    if (missing !== null) misuse("found-by-a-name-nobody-has", missing.if_xname);
    yield* ifunit_netisr(k, wanted);
  }
  yield* lwkt_replymsg(k, nmsg, 0);
}

/** `sysctl net.link.stats_compat=1`. */
function* sysctl(world: World): Routine<void> {
  world.k.net.if_stats_compat = 1;
}

const run = (routine: string, cpu: number): ActorConfig => ({ kind: "run", routine, cpu, iface: 0, times: 1 });

/** What its actors do, by name. */
export const CALLER_ROUTINES: ActorRoutines = { driver, announcer, protocol, sysctl };

/** The scenario. */
export const CALLERS: readonly Scenario[] = [
  {
    name: "kernel-callers",
    purpose: "drivers with one queue and drivers of modules, look-ups by name in netisrs, messages to ifnet threads, statistics for old readers",
    smallest: {
      topology: { ...PLAIN, hz: 1, ticks: 2 },
      workload: [run("driver", 0), run("protocol", 1), run("announcer", 0), run("sysctl", 0)],
      faults: NO_FAULTS,
    },
    vary: {
      topology: { ncpus: [1, 2, 3], early: [0, 0, 1], interfaces: [0, 1, 2], owners: [[0], [1]] },
      actors: [
        { kind: "run", routine: "sysctl", count: [0, 1], size: [1, 1] },
        { kind: "send", count: [0, 2], size: [1, 2] },
        { kind: "run", routine: "driver", count: [0, 2], size: [1, 2] },
        { kind: "run", routine: "protocol", count: [0, 2], size: [1, 2] },
        { kind: "run", routine: "announcer", count: [0, 1], size: [1, 2] },
        // A kind of interface is registered by one module.
        { kind: "module", count: [0, 1], size: [1, 5], drivers: ["loop", "loop", "loop", "no-memory"], ops: MODULE_OPS },
        { kind: "module", count: [0, 1], size: [1, 3], drivers: ["ether", "ether", "ether", "alike"], ops: MODULE_OPS },
      ],
    },
    routines: CALLER_ROUTINES,
  },
];
