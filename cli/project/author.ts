/**
 * What an author of drivers, scenarios and properties writes against: `interlock` as the modules of a project get
 * it. The helpers return what they are given; they are there for the types.
 */
import type { Property } from "../../properties/index.ts";
import type { Scenario } from "../../scenarios/index.ts";
import type { ProjectConfig } from "./config.ts";

/**
 * The content of a configuration file, with its type.
 * @example
 * import { defineConfig } from "interlock";
 *
 * export const config = defineConfig({ scenarios: ["./scenarios.ts"], check: { runs: 2000 } });
 * config.check?.runs; // => 2000
 */
export const defineConfig = (config: ProjectConfig): ProjectConfig => config;

export { defineDriver } from "../../model/index.ts";

export const defineScenario = (scenario: Scenario): Scenario => scenario;

export const defineProperty = <P extends Property>(property: P): P => property;

export type { ProjectConfig };
