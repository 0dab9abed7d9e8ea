/** The stock scenarios, as they are and with somebody else's driver. */
import { CALLERS } from "./callers.ts";
import { DETACH } from "./catalogue-detach.ts";
import { ADDRESSES } from "./ifaddr/catalogue.ts";
import { INTERFACE } from "./catalogue-interface.ts";
import { LOOKUP_SCENARIOS } from "./lookups/catalogue.ts";
import { LOOPBACK } from "./loopback/catalogue.ts";
import { TUN } from "./tun/catalogue.ts";
import { IOCTL } from "./catalogue-ioctl.ts";
import { MULTI_SCENARIOS } from "./multi/catalogue.ts";
import { TRANSMIT } from "./catalogue-transmit.ts";
import { hasCard } from "./config.ts";
import type { Scenario } from "./scenario.ts";

const FAMILIES = {
  transmit: TRANSMIT,
  interface: INTERFACE,
  detach: DETACH,
  lookups: LOOKUP_SCENARIOS,
  addresses: ADDRESSES,
  multi: MULTI_SCENARIOS,
  ioctl: IOCTL,
} as const;

/** Every scenario, in the order of plans and tables. */
export const SCENARIOS: readonly Scenario[] =
  [...TRANSMIT, ...INTERFACE, ...CALLERS, ...DETACH, ...LOOKUP_SCENARIOS, ...ADDRESSES, ...MULTI_SCENARIOS, ...IOCTL, ...LOOPBACK, ...TUN];

/** Can a driver of somebody else's drive it? It needs a card, and no control requests: they name the stock driver's interfaces. */
export const takesAnyDriver = ({ smallest: { topology, workload } }: Scenario): boolean =>
  hasCard(topology) && workload.every(({ kind }) => kind !== "ioctl");

/** Which stock scenarios, and with what. */
export interface StockRequest {
  readonly driver: { readonly name: string };
  /** The transmit path; the interface table and the machine; detach under timers; lookups; addresses; memberships. Default: all. */
  readonly family?: keyof typeof FAMILIES | undefined;
}

/**
 * The stock scenarios with a driver in place of the stock one, each called by the driver and its stock name
 * (`wg-ring-full`). The engine set has to be given the driver as well.
 * @example
 * import { stockScenarios } from "interlock/scenarios";
 *
 * const scenarios = stockScenarios({ driver: { name: "wg" }, family: "transmit" });
 * scenarios.some(({ name }) => name === "wg-ring-full"); // => true
 */
export function stockScenarios({ driver, family }: StockRequest): readonly Scenario[] {
  const scenarios = family === undefined ? SCENARIOS.filter(takesAnyDriver) : FAMILIES[family];
  return scenarios.map((scenario): Scenario => ({
    ...scenario,
    name: `${driver.name}-${scenario.name}`,
    like: scenario.name,
    smallest: { ...scenario.smallest, topology: { ...scenario.smallest.topology, driver: driver.name } },
  }));
}
