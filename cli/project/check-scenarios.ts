/** What a project's scenarios may ask for: their records must be ones that a token could carry. */
import { configFor } from "../../properties/index.ts";
import type { Scenario } from "../../scenarios/index.ts";
import { parseConfig } from "../config-schema.ts";
import type { EngineSet } from "../engine-set.ts";
import { UsageError, messageOf, oneLine } from "../errors.ts";

/** Drawn records that are looked at. */
const DRAWS = 8;

/** Throws a {@link UsageError} for the first scenario of a project that has a record which cannot be run. */
export function checkScenarios({ scenarios, origins }: EngineSet): void {
  for (const scenario of scenarios) {
    const module = origins.scenarios[scenario.name];
    if (module !== undefined) checkScenario(scenario, module);
  }
}

function checkScenario(scenario: Scenario, module: string): void {
  const attempt = (field: string, record: () => unknown): void => {
    try {
      parseConfig(record());
    } catch (error) {
      const why = oneLine(messageOf(error)).replace("the configuration record is not valid: ", "");
      throw new UsageError(`${module}: scenario ${scenario.name}: ${field}: ${why}`);
    }
  };
  attempt("smallest", () => scenario.smallest);
  for (let seed = 0; seed < DRAWS; seed++) attempt("vary", () => configFor(scenario, String(seed)));
}
