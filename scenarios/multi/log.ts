/** What the actors of a run have taken and not given back, and what they were told. */
import type { Device } from "../../model/index.ts";
import type { World } from "../world.ts";

/** Of one run. */
export class MultiLog {
  /** Interfaces by who wants all their packets, and all their multicast packets, again and again. */
  readonly promiscuous: Device[] = [];
  readonly allMulticast: Device[] = [];
  /** Leaving what was joined failed: who, what, errno. */
  readonly refused: string[] = [];
  /** Somebody put an interface into a group to stay. */
  groupsStay = false;
  /** The card has refused something. */
  cardRefused = false;
}

const LOG = {};

/** The log of a run. */
export function multiLog(world: World): MultiLog {
  const log = (world.notes.get(LOG) as MultiLog | undefined) ?? new MultiLog();
  world.notes.set(LOG, log);
  return log;
}
