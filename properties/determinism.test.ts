import { describe, expect, it } from "vitest";
import { strategyNamed } from "../sim/index.ts";
import { SCENARIOS } from "../scenarios/index.ts";
import { TEST_SEED } from "../scripts/test-seed.mjs";
import { SEEDED, compareExecutions, compareSeeds } from "./test-determinism.ts";

const SEEDS = 10;
const EXECUTIONS = 60;
const PREEMPTIONS = 2;

/** So many of the first executions of one scenario in sixteen, by the seed of the random tests; of every scenario in the long test. */
const MORE = 1_000;
const ONE_IN = 16;
const chosen = SCENARIOS.filter((_, i) => i % ONE_IN === TEST_SEED % ONE_IN);

describe.each(SCENARIOS)("$name", (scenario) => {
  it.each(SEEDED)(`records the same twice under %s (${String(SEEDS)} seeds)`, (name) => {
    expect(compareSeeds(scenario, () => strategyNamed(name), SEEDS)).toEqual({ runs: SEEDS, difference: null });
  });

  const executions = chosen.includes(scenario) ? MORE : EXECUTIONS;

  it(`records the same twice, and replayed, in exhaustive search (first ${String(executions)} executions)`, () => {
    const { runs, difference } = compareExecutions(scenario, PREEMPTIONS, executions);

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
