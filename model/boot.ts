/**
 * From parameters to a kernel that is about to boot: CPUs, clock, globals, and the thread that runs the boot.
 */
import type { Execution } from "../sim/index.ts";
import { bootKern } from "./kern/init_main.ts";
import { spawnThread } from "./kern/lwkt_thread.ts";
import { Kernel } from "./kernel.ts";
import { bootNet } from "./net/boot.ts";
import { NetGlobals } from "./net/net_globals.ts";
import { DEFAULT_PARAMS, type Params } from "./params.ts";

/** A kernel whose boot runs when the set-up settles: call `x.settle()` next. Context: set-up of a run. */
export function boot(x: Execution, params: Partial<Params> = {}): Kernel {
  const k = new Kernel(x, { ...DEFAULT_PARAMS, ...params });
  bootKern(k);
  k.net = new NetGlobals(k);
  spawnThread(k, "boot net", 0, bootNet);
  return k;
}
