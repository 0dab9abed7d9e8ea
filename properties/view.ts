/** What properties look at: views of a world without points and without checks, and where they hook in. */
import { queuedPackets, type IfaltqSubque, type Mbuf, type Device, type TxRing } from "../model/index.ts";
import type { World } from "../scenarios/index.ts";

/** A subqueue with the ring behind it. */
export interface Subqueue {
  readonly device: Device;
  readonly ring: TxRing;
  readonly ifsq: IfaltqSubque;
}

/** Subqueues of the interfaces attached at boot whose detach has not begun. */
export function subqueues(world: World): Subqueue[] {
  const found: Subqueue[] = [];
  for (const device of world.devices) {
    if (world.detached.has(device)) continue;
    for (const ring of device.rings) found.push({ device, ring, ifsq: ring.ifsq });
  }
  return found;
}

/** Every packet of a subqueue: the one put back, the high-priority lane, the normal lane. */
export function waiting(ifsq: IfaltqSubque): readonly Mbuf[] {
  const { prepended, prio, norm } = queuedPackets(ifsq);
  return [...(prepended === null ? [] : [prepended]), ...prio, ...norm];
}

/** Bytes of some packets. */
export const bytes = (packets: readonly Mbuf[]): number =>
  packets.reduce((sum, m) => sum + m.m_pkthdr.len, 0);

type Watched = { watchers: (() => void)[] | null };

/** Evaluates after every release of a lock. */
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
