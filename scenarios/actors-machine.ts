/** Actors on the machine below the network: IPIs, sleep and wakeup. */
import { Op, type Routine } from "../sim/index.ts";
import {
  PINTERLOCKED,
  globaldata_find,
  lwkt_send_ipiq,
  tsleep,
  tsleep_interlock,
  wakeup,
  type Kernel,
} from "../model/index.ts";
import type { Actor } from "./actor.ts";
import type { World } from "./world.ts";

interface Flood {
  readonly world: World;
  readonly actor: string;
  readonly from: number;
  readonly to: number;
  readonly n: number;
}

export function* ipiFlood(world: World, actor: Actor<"ipi-flood">, name: string): Routine<void> {
  const { k } = world;
  const from = actor.cpu % k.params.ncpus;
  const to = actor.to % k.params.ncpus;
  for (let n = 0; n < actor.times; n++) {
    yield* lwkt_send_ipiq(k, globaldata_find(k, to), floodHit, { world, actor: name, from, to, n });
  }
}

function* floodHit(k: Kernel, { world, actor, from, to, n }: Flood): Routine<void> {
  yield* k.x.pause(Op.Yield);
  const senderWaits = (k.gd[from]?.spinGate?.owner ?? null) !== null;
  world.floods.push({ actor, from, to, n, senderWaits });
}


/** What a `ping` rings and its partner sleeps on. */
export interface Bell {
  readonly label: string;
  rung: number;
}

/** Rings the bell, waking whoever sleeps on it. */
export function* ping(world: World, actor: Actor<"ping">, bell: Bell): Routine<void> {
  for (let i = 0; i < actor.times; i++) {
    bell.rung++;
    yield* wakeup(world.k, bell);
  }
}

/** Sleeps until the bell was rung as often as it should be. */
export function* pingPartner(k: Kernel, bell: Bell, times: number): Routine<void> {
  while (bell.rung < times) {
    yield* tsleep_interlock(k, bell, 0);
    if (bell.rung >= times) break;
    yield* tsleep(k, bell, PINTERLOCKED, "ping", 0);
  }
}
