import { describe, expect, it } from "vitest";
import { strategyNamed } from "../sim/index.ts";
import { SCENARIOS } from "../scenarios/index.ts";
import { SEEDED, compareExecutions, compareSeeds } from "./test-determinism.ts";

const SEEDS = 1_000;
const EXECUTIONS = 1_000;

describe.each(SCENARIOS)("$name", (scenario) => {
  it.each(SEEDED)(`records the same twice under %s (${String(SEEDS)} seeds)`, (name) => {
    expect(compareSeeds(scenario, () => strategyNamed(name), SEEDS)).toEqual({ runs: SEEDS, difference: null });
  });

  it.each([0, 1, 2])(
    `records the same twice, and replayed, in exhaustive search (%i preemptions, first ${String(EXECUTIONS)} executions)`,
    (preemptions) => {
      expect(compareExecutions(scenario, preemptions, EXECUTIONS).difference).toBeNull();
    },
  );
});
