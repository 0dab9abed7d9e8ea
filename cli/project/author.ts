/**
 * What an author of drivers, scenarios and properties writes against: `interlock` as the modules of a project get
 * it. The helpers return what they are given; they are there for the types.
 */
import type { Property } from "../../properties/index.ts";
import type { Reporter } from "../../reports/index.ts";
import type { Scenario } from "../../scenarios/index.ts";
import type { CheckDefaults, ProjectConfig } from "./config.ts";

export { defineDriver, type Driver } from "../../model/index.ts";

/**
 * The content of a configuration file, with its type. What it names is looked at when a command runs.
 * @example
 * import { defineConfig } from "interlock";
 *
 * const config = defineConfig({ scenarios: ["./scenarios.ts"], check: { runs: 2000 } });
 * config.check?.runs; // => 2000
 */
export const defineConfig = (config: ProjectConfig): ProjectConfig => config;

/**
 * A scenario, with its type. Lengths are in bytes, CPUs and counts are numbers.
 * @example
 * import { defineScenario } from "interlock";
 * import { NO_FAULTS, PLAIN } from "interlock/scenarios";
 *
 * const scenario = defineScenario({
 *   name: "one-packet",
 *   purpose: "one CPU sends one packet of 100 bytes",
 *   smallest: {
 *     topology: PLAIN,
 *     workload: [{ kind: "send", cpu: 0, netisr: true, iface: 0, packets: [{ len: 100, prio: false, mcast: false }] }],
 *     faults: NO_FAULTS,
 *   },
 *   vary: { topology: { ncpus: [1, 2] } },
 * });
 * scenario.smallest.topology.ncpus; // => 2
 */
export const defineScenario = (scenario: Scenario): Scenario => scenario;

/**
 * A property, with the type of its kind.
 * @example
 * import { defineProperty } from "interlock";
 *
 * const property = defineProperty({
 *   kind: "eventually",
 *   name: "every-send-is-answered",
 *   promise: "Once the system is quiet every ifq_dispatch has returned.",
 *   holds(world) {
 *     const open = world.sent.filter(({ error }) => error === null);
 *     return open.length === 0 ? null : [["open", String(open.length)]];
 *   },
 * });
 * property.kind; // => "eventually"
 */
export const defineProperty = <P extends Property>(property: P): P => property;

/**
 * A reporter, with its type: hooks that get data and say what to print and which files to write.
 * @example
 * import { defineReporter } from "interlock";
 *
 * const reporter = defineReporter({
 *   end: ({ results }) => ({ files: { "runs.txt": `${results.totals.runs} runs` } }),
 * });
 * typeof reporter.end; // => "function"
 */
export const defineReporter = (reporter: Reporter): Reporter => reporter;

export type { CheckDefaults, ProjectConfig, Property, Reporter, Scenario };
export type { Ending, FailureReport, Opening, Output, Results } from "../../reports/index.ts";
