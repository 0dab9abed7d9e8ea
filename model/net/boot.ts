/**
 * Boot of the network layer, in the order of its SYSINITs: `netisr_init` and `ifnetinit` before the drivers
 * (SI_SUB_PRE_DRIVERS, FIRST and SECOND), `ifinit` after (SI_SUB_PROTO_IF).
 */
import type { Routine } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { ifinit, ifnetinit } from "./if_init.ts";
import { NetGlobals } from "./net_globals.ts";
import { netisr_init } from "./netisr.ts";

/**
 * Makes the globals of the network layer and runs its boot.
 * Context: boot thread. Holds: nothing. Blocks: yes.
 */
export function* bootNet(k: Kernel): Routine<void> {
  k.net = new NetGlobals(k);
  yield* netisr_init(k);
  yield* ifnetinit(k);
  yield* ifinit(k);
}
