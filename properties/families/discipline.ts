/**
 * Discipline of locks, critical sections and per-CPU data. Access rules are checked on every access by the memory; what
 * is left over at the end is checked here.
 */
import type { Guard } from "../../sim/index.ts";
import type { Eventually } from "../property.ts";
import { subqueues } from "../view.ts";

/** Nobody keeps a lock of the interface layer. */
const locksAreFree: Eventually = {
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

/** What `td_critcount` counts of a network thread that sleeps in `lwkt_waitport`: one of `tsleep`, one of `lwkt_switch`. */
const ASLEEP = 2;

/** Every CPU is open for interrupts and holds nothing back. */
const cpusAreOpen: Eventually = {
  kind: "eventually",
  name: "cpus-are-open",
  promise: "Once the system is quiet no CPU and no network thread is left in a critical section, an interrupt level or a spinlock.",
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
    for (const { mpu_td: td } of world.k.net.netreglist) {
      if (td === null || td.td_critcount === ASLEEP) continue;
      return [
        ["thread", td.td_name],
        ["expected", `td_critcount ${String(ASLEEP)}, asleep`],
        ["got", String(td.td_critcount)],
      ];
    }
    return null;
  },
};

/** The family. */
export const DISCIPLINE = [locksAreFree, cpusAreOpen] as const;
