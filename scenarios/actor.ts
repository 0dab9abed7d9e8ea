/** What all actors share: which interface and which subqueue a number means. */
import { ifq_get_subq, type IfaltqSubque, type Device } from "../model/index.ts";
import type { ActorConfig } from "./config.ts";
import type { World } from "./world.ts";

/** The configuration of one kind of actor. */
export type Actor<K extends ActorConfig["kind"]> = Extract<ActorConfig, { kind: K }>;

/**
 * The interface an actor works on; null when the machine has none.
 * @example
 * import { if_devstart_sched, ifnet_deserialize_all, ifnet_serialize_all } from "interlock/model";
 * import { deviceFor, subqFor, type ActorRoutine } from "interlock/scenarios";
 *
 * // What a `run` actor of a scenario does: { kind: "run", routine: "nudge", cpu: 1, iface: 0, times: 1 }
 * const nudge: ActorRoutine = function* (world, actor) {
 *   const device = deviceFor(world, actor.iface);
 *   if (device === null || subqFor(world, device, 0).ifsq_len.peek() === 0) return;
 *   yield* ifnet_serialize_all(world.k, device.ifp);
 *   yield* if_devstart_sched(world.k, device.ifp);
 *   yield* ifnet_deserialize_all(world.k, device.ifp);
 * };
 * nudge.length; // => 2
 */
export function deviceFor(world: World, iface: number): Device | null {
  return world.devices.length === 0 ? null : (world.devices[iface % world.devices.length] as Device);
}

/**
 * The subqueue an actor works on.
 * @see {@link deviceFor} for an example
 */
export function subqFor(world: World, device: Device, subq: number): IfaltqSubque {
  return ifq_get_subq(world.k, device.ifp.if_snd, subq % device.options.subqs);
}

