/** What all actors share: which interface and which subqueue a number means. */
import { ifq_get_subq, type IfaltqSubque, type Nic } from "../model/index.ts";
import type { ActorConfig } from "./config.ts";
import type { World } from "./world.ts";

/** The configuration of one kind of actor. */
export type Actor<K extends ActorConfig["kind"]> = Extract<ActorConfig, { kind: K }>;

/** The interface an actor works on; null when the machine has none. */
export function nicFor(world: World, iface: number): Nic | null {
  return world.nics.length === 0 ? null : (world.nics[iface % world.nics.length] as Nic);
}

/** The subqueue an actor works on. */
export function subqFor(world: World, nic: Nic, subq: number): IfaltqSubque {
  return ifq_get_subq(world.k, nic.ifp.if_snd, subq % nic.options.subqs);
}

