/**
 * Boot of the network layer, in the order of its SYSINITs: `netisr_init` and `ifnetinit` before the drivers
 * (SI_SUB_PRE_DRIVERS, FIRST and SECOND), `ifinit` after (SI_SUB_PROTO_IF).
 */
import type { Routine } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { ifinit, ifnetinit } from "./if_init.ts";
import { netisr_init } from "./netisr.ts";

/** Runs the boot of the network layer. Context: boot thread. Holds: nothing. Blocks: yes. */
export function* bootNet(k: Kernel): Routine<void> {
  yield* netisr_init(k);
  yield* ifnetinit(k);
  yield* ifinit(k);
}
