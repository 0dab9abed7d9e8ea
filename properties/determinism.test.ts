import { describe, expect, it } from "vitest";
import { strategyNamed } from "../sim/index.ts";
import { SCENARIOS } from "../scenarios/index.ts";
import { SEEDED, compareExecutions, compareSeeds } from "./test-determinism.ts";

const SEEDS = 25;
const EXECUTIONS = 1_000;
const PREEMPTIONS = 2;

describe.each(SCENARIOS)("$name", (scenario) => {
  it.each(SEEDED)(`records the same twice under %s (${String(SEEDS)} seeds)`, (name) => {
    expect(compareSeeds(scenario, () => strategyNamed(name), SEEDS)).toEqual({ runs: SEEDS, difference: null });
  });

  it(`records the same twice, and replayed, in exhaustive search (first ${String(EXECUTIONS)} executions)`, () => {
    const { runs, difference } = compareExecutions(scenario, PREEMPTIONS, EXECUTIONS);

    expect(difference).toBeNull();
    expect(runs).toBeGreaterThan(0);
  });
});

describe("a difference", () => {
  it("is named by who did what", () => {
    const strategies = ["random", "pos"].map(strategyNamed);

    const { difference } = compareSeeds(SCENARIOS[0]!, () => strategies.pop()!, SEEDS);

    expect(difference).toMatch(/^seed \d+: entry \d+: .+( goes on|: .+), then .+( goes on|: .+)$/);
  });
});
