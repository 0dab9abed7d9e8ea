/** The engine set of the model as it stands; the entry that a variant's bundle is built from. */
import { SCENARIOS, TIMED_SCENARIOS, simulate, startWorld } from "../scenarios/index.ts";
import { PROPERTIES, configFor, shrinkConfig } from "../properties/index.ts";
import { listenToKernel } from "../protocol/index.ts";
import { makeEngineSet, type EngineSet } from "./engine-set.ts";

/** Scenarios, properties and runs of this build. */
export const engine: EngineSet = makeEngineSet({
  scenarios: SCENARIOS,
  properties: PROPERTIES,
  startWorld,
  configFor,
  shrinkConfig,
  listen: listenToKernel,
  timed: { scenarios: TIMED_SCENARIOS, simulate },
});
