/**
 * Waiting until every CPU has run its IPIs.
 *
 * Mirrors: sys/kern/lwkt_ipiq.c `lwkt_synchronize_ipiqs`.
 */
import { Struct, atomic, type Atomic, type Routine } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { mycpu } from "./globaldata.ts";
import { PINTERLOCKED, tsleep, tsleep_interlock, wakeup } from "./kern_synch.ts";
import { lwkt_send_ipiq_mask } from "./lwkt_ipiq.ts";

/** The CPUs that have not run their rings yet; on the caller's stack in C. */
class IpiqSync extends Struct {
  readonly mask: Atomic<number>;

  constructor(k: Kernel, mask: number) {
    super(k.x, "ipiq synchronisation");
    this.mask = atomic(this, mask);
  }
}

/**
 * Returns when every other CPU has run what this one had sent it before. Proves nothing about IPIs between other
 * CPUs, nor about any sent later.
 * Context: thread. Holds: no spinlock. Blocks: yes.
 */
export function* lwkt_synchronize_ipiqs(k: Kernel, wmesg: string): Routine<void> {
  const others = ((1 << k.gd.length) - 1) & ~(1 << mycpu(k).gd_cpuid);
  const sync = new IpiqSync(k, others);
  yield* lwkt_send_ipiq_mask(k, others, lwkt_synchronize_ipiqs_ipifunc, sync);
  while ((yield* sync.mask.load()) !== 0) {
    yield* tsleep_interlock(k, sync, 0);
    if ((yield* sync.mask.load()) === 0) continue;
    k.onBranch?.("IPI synchronisation: sleeps");
    yield* tsleep(k, sync, PINTERLOCKED, wmesg, 0);
  }
}

function* lwkt_synchronize_ipiqs_ipifunc(k: Kernel, sync: IpiqSync): Routine<void> {
  const bit = 1 << mycpu(k).gd_cpuid;
  const before = yield* sync.mask.clear(bit);
  if (before === bit) yield* wakeup(k, sync);
}
