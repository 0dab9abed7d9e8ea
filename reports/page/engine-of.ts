/** The engine half of a page, from what a check is made of. */
import type { Driver } from "../../model/index.ts";
import { runOnce, type Property } from "../../properties/index.ts";
import { STOCK, startWorld, type Config, type Scenario } from "../../scenarios/index.ts";
import type { PageEngine } from "../html/page-data.ts";
import { pageEngine } from "./serve.ts";

/** What there is. */
export interface PageParts {
  readonly scenarios: readonly Scenario[];
  readonly properties: readonly Property[];
  /** Besides those of the stock. */
  readonly drivers: readonly Driver[];
}

/** Makes it. */
export function engineOf({ scenarios, properties, drivers }: PageParts): PageEngine {
  return pageEngine(({ what, ...request }) => {
    const scenario = scenarios.find(({ name }) => name === what.scenario);
    if (scenario === undefined) throw new Error(`this page has no scenario ${what.scenario}`);
    const parts = { drivers: [...STOCK.drivers, ...drivers], routines: { ...scenario.routines } };
    // *Sometimes* properties decide nothing.
    const armed = properties.filter(({ kind, name }) => kind !== "sometimes" && (what.property === null || name === what.property));
    const config = what.config as Config;
    return runOnce({ ...request, memory: config.memory, start: (x) => startWorld(x, config, parts), properties: armed });
  });
}
