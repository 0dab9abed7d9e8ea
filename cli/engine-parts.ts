/** What an engine set is made from: scenarios, properties, and the code that configuration records name. */
import type { Driver } from "../model/index.ts";
import type { Property } from "../properties/index.ts";
import type { Listen } from "../protocol/index.ts";
import {
  STOCK,
  boundedOf,
  missingPart,
  type ActorRoutines,
  type Config,
  type Parts,
  type Scenario,
  type Simulated,
  type Simulation,
  type TimedScenario,
  type World,
} from "../scenarios/index.ts";
import type { Execution } from "../sim/index.ts";
import { UsageError } from "./errors.ts";
import { unknownName } from "./suggest.ts";

/** What the seam is made from. */
export interface EngineParts {
  readonly scenarios: readonly Scenario[];
  readonly properties: readonly Property[];
  readonly startWorld: (x: Execution, config: Config, parts: Parts) => World;
  readonly configFor: (scenario: Scenario, seed: string) => Config;
  readonly shrinkConfig: (scenario: Scenario, seed: string, fails: (config: Config) => boolean) => void;
  /** How protocol coverage listens to a world. */
  readonly listen: Listen;
  /** Timed mode, where there is a kernel to time. */
  readonly timed?: {
    readonly scenarios: readonly TimedScenario[];
    readonly simulate: (what: Simulation, parts: Parts) => Simulated;
  };
  /** Drivers besides the stock one. Default: none. */
  readonly drivers?: readonly Driver[];
  /** What `run` actors do, besides the routines of their scenario. Default: nothing. */
  readonly routines?: ActorRoutines;
  /** Default: everything is of the package. */
  readonly origins?: Origins;
  /** Names of the scenarios that are checked when nobody selects any. Default: all. */
  readonly usual?: readonly string[];
}

/** By name, the module that a project's scenario or property comes from; what is not listed is of the package. */
export interface Origins {
  readonly drivers: Readonly<Record<string, string>>;
  readonly scenarios: Readonly<Record<string, string>>;
  readonly properties: Readonly<Record<string, string>>;
}

/** Everything is of the package. */
export const ALL_STOCK: Origins = { drivers: {}, scenarios: {}, properties: {} };

/** Throws a `UsageError` with a suggestion when there is none. */
export function scenarioNamed(scenarios: readonly Scenario[], name: string): Scenario {
  const found = scenarios.find((each) => each.name === name);
  if (found === undefined) throw unknownName("scenario", name, scenarios.map((each) => each.name));
  return found;
}

/** Starts worlds, and says beforehand what they lack. */
export interface Starter {
  /**
   * Throws a `UsageError` when the record names a driver or a routine that there is not; without a record, when
   * one of the scenario's may.
   */
  check(scenario: Scenario, config?: Config): void;
  start(x: Execution, scenario: Scenario, config: Config): World;
  /** What records of a scenario may name; of one made for timed mode: null. */
  parts(scenario: Scenario | null): Parts;
}

/** Throws a `UsageError` when the record names a driver or a routine that `parts` do not have. */
export function refuseMissing(parts: Parts, config: Config): void {
  const missing = missingPart(parts, config);
  if (missing !== null) throw unknownName(missing.what, missing.name, missing.known);
}

/** The starter of an engine set. */
export function starterOf({ startWorld, drivers: own = [], routines: shared = {} }: EngineParts): Starter {
  const drivers = [...STOCK.drivers, ...own];
  const twice = drivers.find(({ name }, i) => drivers.findIndex((other) => other.name === name) < i);
  if (twice !== undefined) throw new UsageError(`two drivers are called ${twice.name}: each needs a name of its own`);
  const partsOf = (scenario: Scenario | null): Parts => ({ drivers, routines: { ...shared, ...scenario?.routines } });
  return {
    check(scenario, config) {
      for (const one of config === undefined ? extremes(scenario) : [config]) {
        refuseMissing(partsOf(scenario), one);
      }
    },
    start: (x, scenario, config) => startWorld(x, config, partsOf(scenario)),
    parts: partsOf,
  };
}

/** Records that name everything which a scenario's records may name. */
function extremes(scenario: Scenario): readonly Config[] {
  const { smallest, vary } = scenario;
  const { topology, workload } = smallest;
  const drivers = (vary.topology?.driver ?? []).map((driver) => ({ ...smallest, topology: { ...topology, driver } }));
  const runs = (vary.actors ?? []).flatMap((entry) =>
    entry.kind === "run" ? [{ kind: entry.kind, routine: entry.routine, cpu: 0, iface: 0, times: 0 }] : []);
  return [{ ...smallest, workload: [...workload, ...runs] }, boundedOf(scenario), ...drivers];
}

/** A *sometimes* property of some scenarios is one of their versions too. */
export const withVersions = (properties: readonly Property[], scenarios: readonly Scenario[]): readonly Property[] =>
  properties.map((property) => withVersionsOf(property, scenarios));

function withVersionsOf(property: Property, scenarios: readonly Scenario[]): Property {
  if (property.kind !== "sometimes" || property.scenarios.length === 0) return property;
  const versions = scenarios.filter(({ like }) => like !== undefined && property.scenarios.includes(like));
  return versions.length === 0
    ? property
    : { ...property, scenarios: [...property.scenarios, ...versions.map(({ name }) => name)] };
}
