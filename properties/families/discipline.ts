/**
 * Discipline of locks, critical sections and per-CPU data. Access rules are checked on every access by the memory; what
 * is left over at the end is checked here.
 */
import type { Guard } from "../../sim/index.ts";
import type { Eventually } from "../property.ts";
import { subqueues } from "../view.ts";

/** Nobody keeps a lock of the interface layer. */
export const locksAreFree: Eventually = {
  kind: "eventually",
  name: "locks-are-free",
  promise: "Once the system is quiet every lock of the interface layer is free.",
  holds(world) {
    const locks = new Set<Guard>([world.k.net.ifnet_mtx]);
    for (const { ifsq, ring } of subqueues(world)) locks.add(ifsq.ifsq_lock).add(ring.serializer);
    for (const lock of locks) {
      if (lock.owner !== null) {
        return [
          ["lock", lock.label],
          ["held by", lock.owner.name],
        ];
      }
    }
    return null;
  },
};

/** Every CPU is open for interrupts and holds nothing back. */
export const cpusAreOpen: Eventually = {
  kind: "eventually",
  name: "cpus-are-open",
  promise: "Once the system is quiet every CPU idles outside critical sections, with no interrupt level and no spinlock.",
  holds(world) {
    for (const gd of world.k.gd) {
      const held = [gd.gd_intr_nesting_level, gd.gd_spinlocks, gd.gd_processing_ipiq];
      const crit = gd.gd_curthread.td_critcount;
      if (crit === 0 && held.every((count) => count === 0)) continue;
      return [
        ["cpu", String(gd.gd_cpuid)],
        ["td_critcount", String(crit)],
        ["nesting level, spinlocks, IPI passes", held.join(", ")],
      ];
    }
    return null;
  },
};

/** The family. */
export const DISCIPLINE = [locksAreFree, cpusAreOpen] as const;
