/** What properties look at: views of a world without points and without checks, and where they hook in. */
import { queuedPackets, type IfaltqSubque, type Mbuf, type Device, type TxRing } from "../model/index.ts";
import type { World } from "../scenarios/index.ts";

/** A subqueue with the ring behind it. */
export interface Subqueue {
  readonly device: Device;
  readonly ring: TxRing;
  readonly ifsq: IfaltqSubque;
}

/**
 * Subqueues of the interfaces attached at boot whose detach has not begun. Cost: linear in them.
 * @example
 * import { subqueues, waiting, watchLock, type Always } from "interlock/properties";
 *
 * const shortQueues: Always = {
 *   kind: "always",
 *   name: "short-queues",
 *   promise: "No subqueue ever holds more than four packets.",
 *   watch(world, evaluate) {
 *     for (const { ifsq } of subqueues(world)) watchLock(ifsq.ifsq_lock, evaluate);
 *   },
 *   holds(world) {
 *     const long = subqueues(world).find(({ ifsq }) => waiting(ifsq).length > 4);
 *     return long === undefined ? null : [["at", long.ifsq.label]];
 *   },
 * };
 * shortQueues.kind; // => "always"
 */
export function subqueues(world: World): Subqueue[] {
  const found: Subqueue[] = [];
  for (const device of world.devices) {
    if (world.detached.has(device)) continue;
    for (const ring of device.rings) found.push({ device, ring, ifsq: ring.ifsq });
  }
  return found;
}

/**
 * Every packet of a subqueue: the one put back, the high-priority lane, the normal lane.
 * @see {@link subqueues} for an example
 */
export function waiting(ifsq: IfaltqSubque): readonly Mbuf[] {
  const { prepended, prio, norm } = queuedPackets(ifsq);
  return [...(prepended === null ? [] : [prepended]), ...prio, ...norm];
}

/** Bytes of some packets. */
export const bytes = (packets: readonly Mbuf[]): number =>
  packets.reduce((sum, m) => sum + m.m_pkthdr.len, 0);

type Watched = { watchers: (() => void)[] | null };

/**
 * Evaluates after every release of a lock.
 * @see {@link subqueues} for an example
 */
export function watchLock(lock: Watched, evaluate: () => void): void {
  (lock.watchers ??= []).push(evaluate);
}

/** Watches the lock of every subqueue. */
export function watchSubqueueLocks(world: World, evaluate: () => void): void {
  for (const { ifsq } of subqueues(world)) watchLock(ifsq.ifsq_lock, evaluate);
}

/** Watches the hardware serializer of every ring, each once. */
export function watchHardwareSerializers(world: World, evaluate: () => void): void {
  const locks = new Set(subqueues(world).map(({ ring }) => ring.serializer));
  for (const lock of locks) watchLock(lock, evaluate);
}
