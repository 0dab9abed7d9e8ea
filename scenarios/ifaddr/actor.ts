/** The actor of the family: which routine an operation is. */
import type { Routine } from "../../sim/index.ts";
import type { World } from "../world.ts";
import { bounce, configure, expire, queue } from "./changes.ts";
import type { AddressActor } from "./config.ts";
import { read, route, walkMarked } from "./readers.ts";

/** What the thread of the actor does; `name` is that of the thread. */
export function address(world: World, actor: AddressActor, name: string): Routine<void> {
  switch (actor.op) {
    case "configure":
      return configure(world, actor, name);
    case "expire":
      return expire(world, actor, name);
    case "walk-marked":
      return walkMarked(world, actor);
    case "read":
      return read(world, actor, name);
    case "route":
      return route(world, actor, name);
    case "bounce":
      return bounce(world, actor);
    case "queue":
      return queue(world, actor);
  }
}
