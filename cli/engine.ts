/** The engine set of the model as it stands; the entry that a variant's bundle is built from. */
import { SCENARIOS, TIMED_SCENARIOS, simulate, startWorld } from "../scenarios/index.ts";
import { PROPERTIES, configFor, shrinkConfig } from "../properties/index.ts";
import { listenToKernel } from "../protocol/index.ts";
import type { EngineParts } from "./engine-parts.ts";
import { makeEngineSet, type EngineSet } from "./engine-set.ts";

/** An engine set over this build's model; what is not said is the stock. */
export const makeEngine = (parts: Partial<EngineParts> = {}): EngineSet =>
  makeEngineSet({
    scenarios: SCENARIOS,
    properties: PROPERTIES,
    startWorld,
    configFor,
    shrinkConfig,
    listen: listenToKernel,
    timed: { scenarios: TIMED_SCENARIOS, simulate },
    ...parts,
  });

/** Scenarios, properties and runs of this build. */
export const engine: EngineSet = makeEngine();
