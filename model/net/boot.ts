/**
 * Boot of the network layer, in the order of its SYSINITs: `netisr_init` and `ifnetinit` before the drivers
 * (SI_SUB_PRE_DRIVERS, FIRST and SECOND), `ifinit` after (SI_SUB_PROTO_IF), then the protocols and `if_attachdomain`
 * (SI_SUB_PROTO_DOMAIN, SI_SUB_PROTO_IFATTACHDOMAIN).
 */
import type { Routine } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { DOMAINS, if_attachdomain } from "./domain.ts";
import { ifinit, ifnetinit } from "./if_init.ts";
import { NetGlobals } from "./net_globals.ts";
import { netisr_init } from "./netisr.ts";

/** The drivers that attach at boot (SI_SUB_DRIVERS): may block. */
export type BootDrivers = (k: Kernel) => Routine<void>;

/** There are none. Context: boot thread. Holds: nothing. Blocks: no. */
export function* noDrivers(): Routine<void> {
  // Interfaces are attached later.
}

/**
 * Makes the globals of the network layer and runs its boot.
 * Context: boot thread. Holds: nothing. Blocks: yes.
 */
export function* bootNet(k: Kernel, drivers: BootDrivers): Routine<void> {
  k.net = new NetGlobals(k);
  yield* netisr_init(k);
  yield* ifnetinit(k);
  yield* drivers(k);
  yield* ifinit(k);
  yield* protocolsUp(k);
}

/**
 * The protocols are initialised, and take in the interfaces that the drivers have attached by then.
 * Context: boot thread. Holds: nothing. Blocks: yes.
 */
function* protocolsUp(k: Kernel): Routine<void> {
  k.net.domains = DOMAINS;
  yield* if_attachdomain(k);
}
