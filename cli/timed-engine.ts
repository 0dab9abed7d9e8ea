/** Timed mode of an engine set. */
import { hasCard, type Config, type Scenario, type Simulated, type Simulation, type TimedScenario } from "../scenarios/index.ts";
import { misuse } from "../sim/index.ts";
import { UsageError } from "./errors.ts";
import { refuseMissing, type EngineParts, type Starter } from "./engine-parts.ts";

/** Timed mode. */
export interface TimedEngine {
  /** Scenarios made for it. */
  readonly scenarios: readonly TimedScenario[];
  /** Throws a `UsageError` when the record names a driver or a routine that there is not. `scenario`: whose record it is. */
  check(what: Simulation, scenario: Scenario | null): void;
  /** Runs once, after {@link check}. */
  simulate(what: Simulation, scenario: Scenario | null): Simulated;
  /** The configuration record of a seed, as a search would draw it. */
  configFor(scenario: Scenario, seed: string): Config;
}

const UNTIMED: NonNullable<EngineParts["timed"]> = {
  scenarios: [],
  simulate: () => misuse("untimed", "this engine set has no timed mode"),
};

/** The timed mode of what an engine set is made from. */
export function timedEngine({ timed = UNTIMED, configFor }: EngineParts, starter: Starter): TimedEngine {
  return {
    scenarios: timed.scenarios,
    check: ({ config }, scenario) => {
      refuseMissing(starter.parts(scenario), config);
      if (!hasCard(config.topology)) throw new UsageError(`${scenario?.name ?? "this scenario"} has no network card to measure: see list`);
    },
    simulate: (what, scenario) => timed.simulate(what, starter.parts(scenario)),
    configFor,
  };
}
