/** Actors that disturb the send queue: its serializer, its owner CPU, the flags of its interface. */
import { Op, type Routine } from "../sim/index.ts";
import {
  if_devstart_sched,
  if_down,
  if_up,
  ifnet_deserialize_all,
  ifnet_serialize_all,
  ifq_purge_all,
  ifsq_deserialize_hw,
  ifsq_devstart_sched,
  ifsq_serialize_hw,
  ifsq_set_cpuid,
  runDevice,
} from "../model/index.ts";
import { deviceFor, subqFor, type Actor } from "./actor.ts";
import type { World } from "./world.ts";

export function* hold(world: World, actor: Actor<"hold">): Routine<void> {
  const { k } = world;
  const device = deviceFor(world, actor.iface);
  if (device === null) return;
  const ifsq = subqFor(world, device, actor.subq);
  for (let i = 0; i < actor.times; i++) {
    yield* ifsq_serialize_hw(k, ifsq);
    yield* k.x.pause(Op.Yield);
    yield* ifsq_deserialize_hw(k, ifsq);
  }
}

export function* moveOwner(world: World, actor: Actor<"move-owner">): Routine<void> {
  const { k } = world;
  const device = deviceFor(world, actor.iface);
  if (device === null) return;
  const ifsq = subqFor(world, device, actor.subq);
  for (const cpu of actor.to) {
    // As a driver does when polling is turned on or off: if_npoll is called with every serializer held.
    yield* ifnet_serialize_all(k, device.ifp);
    yield* ifsq_set_cpuid(k, ifsq, cpu % k.params.ncpus);
    yield* ifnet_deserialize_all(k, device.ifp);
  }
}

export function* toggleRunning(world: World, actor: Actor<"running">): Routine<void> {
  const { k } = world;
  const device = deviceFor(world, actor.iface);
  if (device === null) return;
  const { ifp } = device;
  for (let i = 0; i < actor.times; i++) {
    yield* ifnet_serialize_all(k, ifp);
    yield* runDevice(k, device, false);
    yield* ifnet_deserialize_all(k, ifp);
    yield* ifnet_serialize_all(k, ifp);
    yield* runDevice(k, device, true);
    yield* if_devstart_sched(k, ifp);
    yield* ifnet_deserialize_all(k, ifp);
  }
}

export function* upDown(world: World, actor: Actor<"updown">): Routine<void> {
  const { k } = world;
  const device = deviceFor(world, actor.iface);
  if (device === null) return yield* k.x.pause(Op.Yield); // a thread does not end before its first point
  for (let i = 0; i < actor.times; i++) {
    yield* if_down(k, device.ifp);
    yield* if_up(k, device.ifp);
  }
}

export function* purge(world: World, actor: Actor<"purge">): Routine<void> {
  const { k } = world;
  const device = deviceFor(world, actor.iface);
  if (device === null) return;
  for (let i = 0; i < actor.times; i++) yield* ifq_purge_all(k, device.ifp.if_snd);
}

export function* devstartSched(world: World, actor: Actor<"devstart-sched">): Routine<void> {
  const { k } = world;
  const device = deviceFor(world, actor.iface);
  if (device === null) return;
  const ifsq = subqFor(world, device, actor.subq);
  for (let i = 0; i < actor.times; i++) {
    yield* ifsq_serialize_hw(k, ifsq);
    yield* ifsq_devstart_sched(k, ifsq);
    yield* ifsq_deserialize_hw(k, ifsq);
  }
}

