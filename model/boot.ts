/**
 * From nothing to a kernel that waits for work.
 */
import type { Execution } from "../sim/index.ts";
import { namedCosts, operationCosts } from "./costs.ts";
import { bootKern } from "./kern/init_main.ts";
import { spawnThread, startCpus } from "./kern/lwkt_thread.ts";
import { Kernel } from "./kernel.ts";
import { noDrivers, bootNet, type BootDrivers } from "./net/boot.ts";
import { DEFAULT_PARAMS, type Params } from "./params.ts";
import { Timing, type TimingOptions } from "./timing.ts";

const USUAL_COSTS = operationCosts(namedCosts());

/**
 * Boots a kernel in the set-up of a run, without a choice. What the boot has allocated is permanent. The clock
 * stands still until `k.clock.allow`. `timing`: what a timed run knows; null otherwise.
 * `drivers`: those that attach their interfaces before the interface layer and the protocols are initialised.
 */
export function boot(
  x: Execution,
  params: Partial<Params>,
  timing: TimingOptions | null = null,
  drivers: BootDrivers = noDrivers,
): Kernel {
  const known = timing === null ? null : new Timing(timing);
  x.costs = known === null ? USUAL_COSTS : operationCosts(known.costs);
  if (known !== null) x.transferCost = known.costs.cacheTransfer;
  const k = new Kernel(x, { ...DEFAULT_PARAMS, ...params }, known);
  bootKern(k);
  spawnThread(k, "boot net", 0, () => bootNet(k, drivers));
  startCpus(k);
  x.settle();
  k.ledger.makePermanent();
  return k;
}
