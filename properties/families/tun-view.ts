/** What properties see of tun devices. */
import { nextOf, type DataMbuf, type TunSoftc } from "../../model/index.ts";
import { tunOf, type TunWorld, type World } from "../../scenarios/index.ts";

/** The devices of a world that have been made, with their unit. */
export function tunDevices(world: World): readonly (readonly [unit: number, sc: TunSoftc])[] {
  const tun = tunOf(world);
  if (tun === null) return [];
  return [0, 1].flatMap((unit) => {
    const sc = tun.softc(unit);
    return sc === null ? [] : [[unit, sc] as const];
  });
}

/** Buffers in the queue of each device, the ones of devices that were made twice included. */
export function tunQueues(world: World): readonly (readonly [place: string, buffers: number])[] {
  return (world.k.net.tun?.made ?? []).map(({ tun_if: { if_snd } }) =>
    [if_snd.label, if_snd.packets.peek().reduce((sum, m) => sum + buffersOf(m), 0)] as const);
}

function buffersOf(head: DataMbuf): number {
  let count = 0;
  for (let m: DataMbuf | null = head; m !== null; m = nextOf(m)) count++;
  return count;
}

/** May the next packet of the device leave now? */
export function mayRead({ tun_if: { if_snd } }: TunSoftc): boolean {
  const tbr = if_snd.altq_tbr.peek();
  return if_snd.packets.peek().length > 0 && (tbr === null || tbr.tokens > 0);
}

/** Names of those who sleep in calls on a unit. */
export const sleepers = (calls: TunWorld["reading"], unit: number): readonly string[] =>
  [...calls].filter(([, at]) => at === unit).map(([name]) => name);
