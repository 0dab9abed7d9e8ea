/** Kernel memory: what a detach leaves behind. Every other misuse is checked on each access. */
import { Sigio } from "../../model/index.ts";
import type { Struct } from "../../sim/index.ts";
import type { World } from "../../scenarios/index.ts";
import { isInUse } from "../in-use.ts";
import { PerRun } from "../per-run.ts";
import type { Always } from "../property.ts";

/** What was allocated when the workload began. */
const atStart = new PerRun<ReadonlySet<Struct>>();

/** Is it one of the tables that attach and detach replace? */
function isCurrentTable({ k }: World, struct: Struct): boolean {
  return struct === k.net.ifnet_array.peek() || struct === k.net.ifindex2ifnet.peek();
}

/** Is it a tun device, which is never freed, or an owner: on the list of its process, and freed when that exits? */
function isTunDevice({ k }: World, struct: Struct): boolean {
  return struct instanceof Sigio || (k.net.tun?.made ?? []).some((sc) => struct === sc);
}

/** In the end everything that the workload allocated is freed, or belongs to an interface that is there. */
const memoryIsReturned: Always = {
  kind: "always",
  name: "memory-is-returned",
  promise: "Once the system is quiet everything that was allocated for an interface that is gone has been freed.",
  watch(world) {
    atStart.set(world, new Set(world.k.ledger.live.keys()));
  },
  holds(world) {
    const before = atStart.get(world);
    for (const [struct, { type, by, site }] of world.k.ledger.live) {
      if (before?.has(struct) === true || isCurrentTable(world, struct) || isTunDevice(world, struct)) continue;
      if (isInUse(world, struct)) continue;
      return [
        ["never freed", struct.label],
        ["type", type],
        ["allocated", `operation ${String(site)}, by ${by}`],
      ];
    }
    return null;
  },
};

/** The family. */
export const MEMORY = [memoryIsReturned] as const;
