/** Actors on the interface array and the index table: who changes them, and who reads them. */
import { misuse, type Routine } from "../sim/index.ts";
import {
  NetmsgBase,
  attachDevice,
  ifnet_array_get,
  indexSlot,
  lwkt_sendmsg,
  netisr_cpuport,
  netmsg_init,
  detachDevice,
  ifnet_array_add,
  ifnet_array_del,
  ifnet_array_free,
  ifnet_lock,
  ifnet_unlock,
  netmsg_service_sync,
  upDevice,
  type Ifnet,
  type IfnetArray,
  type Kernel,
} from "../model/index.ts";
import { deviceFor, type Actor } from "./actor.ts";
import { deviceOptions } from "./machine.ts";
import type { ActorRoutine } from "./parts.ts";
import type { Walk, World } from "./world.ts";

export function* churn(world: World, actor: Actor<"churn">): Routine<void> {
  const { k } = world;
  for (let i = 0; i < actor.times; i++) {
    const device = yield* attachDevice(k, world.driver, deviceOptions(world, true));
    yield* upDevice(k, device);
    yield* detachDevice(k, device);
    world.detached.add(device);
  }
}

/** Puts another array in the place of the interface array: it lists the same, but one interface is left out and comes last. Returns the old one. */
export function* replaceArray(k: Kernel, ifp: Ifnet): Routine<IfnetArray> {
  yield* ifnet_lock(k);
  const old = k.net.ifnet_array.held;
  const without = yield* ifnet_array_del(k, ifp, old);
  yield* k.net.ifnet_array.store(yield* ifnet_array_add(k, ifp, without));
  yield* ifnet_unlock(k);
  yield* ifnet_array_free(k, without);
  return old;
}

/**
 * What an attach and a detach do with the interface array, and nothing else of them: another array takes its place, all
 * netisrs are waited for, the old one is freed.
 */
export const swapArray: ActorRoutine = function* ({ k, devices }, { iface }) {
  const ifp = devices[iface]?.ifp;
  if (ifp === undefined) return;
  const old = yield* replaceArray(k, ifp);
  yield* netmsg_service_sync(k);
  yield* ifnet_array_free(k, old);
};

export function* detach(world: World, actor: Actor<"detach">): Routine<void> {
  const device = deviceFor(world, actor.iface);
  if (device === null || world.detached.has(device)) return;
  world.detached.add(device);
  yield* detachDevice(world.k, device);
}

class WalkMsg extends NetmsgBase {
  readonly world: World;

  constructor(world: World, sender: string) {
    super(world.k, `walk message of ${sender}`);
    this.world = world;
  }
}

export function* readArray(world: World, actor: Actor<"read-array">): Routine<void> {
  const { k } = world;
  for (let i = 0; i < actor.times; i++) {
    const msg = new WalkMsg(world, "read-array");
    netmsg_init(k, msg, null, k.net.netisr_apanic_rport, 0, walkHandler);
    yield* lwkt_sendmsg(k, netisr_cpuport(k, actor.cpu % k.params.ncpus), msg);
  }
}

function* walkHandler(k: Kernel, nmsg: NetmsgBase): Routine<void> {
  if (!(nmsg instanceof WalkMsg)) return misuse("no-walk-message", nmsg.label);
  const { world } = nmsg;
  world.walks.push(yield* walkTables(k));
}


/** Looks at every interface through the array, then through the index table, as a lookup would. */
function* walkTables(k: Kernel): Routine<Walk> {
  const array: string[] = [];
  const arr = yield* ifnet_array_get(k);
  for (const slot of arr.ifnet_arr) {
    const ifp: Ifnet = slot.fixed;
    yield* ifp.if_flags.load();
    array.push(ifp.if_xname);
  }
  const overtaken = k.net.ifnet_array.peek() !== arr;
  const last = yield* k.net.if_index.load();
  const table = yield* k.net.ifindex2ifnet.load();
  for (let index = 1; table !== null && index <= last; index++) {
    const ifp = yield* indexSlot(table, index).load();
    if (ifp !== null) yield* ifp.if_flags.load();
  }
  return { cpu: k.x.current.cpu?.id ?? 0, array, overtaken };
}
