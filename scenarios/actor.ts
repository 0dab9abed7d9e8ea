/** What all actors share: which interface and which subqueue a number means. */
import { ifq_get_subq, type IfaltqSubque, type Device } from "../model/index.ts";
import type { ActorConfig } from "./config.ts";
import type { World } from "./world.ts";

/** The configuration of one kind of actor. */
export type Actor<K extends ActorConfig["kind"]> = Extract<ActorConfig, { kind: K }>;

/** The interface an actor works on; null when the machine has none. */
export function deviceFor(world: World, iface: number): Device | null {
  return world.devices.length === 0 ? null : (world.devices[iface % world.devices.length] as Device);
}

/** The subqueue an actor works on. */
export function subqFor(world: World, device: Device, subq: number): IfaltqSubque {
  return ifq_get_subq(world.k, device.ifp.if_snd, subq % device.options.subqs);
}

