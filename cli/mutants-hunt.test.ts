import { describe, expect, it } from "vitest";
import { TEST_SEED } from "../scripts/test-seed.mjs";
import { BREAKING, HIDING, IN_FULL, huntMutant, reachOf } from "./test-mutants.ts";

/** Of sixteen mutants one is hunted in full, by the seed of the random tests; in the long test all of them. */
const ONE_IN = 16;
const hunted = BREAKING.filter((_, i) => i % ONE_IN === TEST_SEED % ONE_IN);

describe("within 10,000 runs of the portfolio from seed 1", () => {
  it.each(hunted)("$name dies of $dies where the model lives", async (mutant) => {
    expect((await huntMutant(mutant, IN_FULL))?.failure.id).toBe(mutant.dies);
  });
});

/** What is hidden must be reached without the mutant, which is rare of one; all within 10,000 in the long test. */
const RUNS = 2_000;
const RARE: Readonly<Record<string, number>> = { "swaps-nothing": 10_000 };

describe("within some runs of the portfolio from seed 1", () => {
  it.each(HIDING.map((mutant) => ({ ...mutant, mutant, runs: RARE[mutant.name] ?? RUNS })))(
    "$name never reaches $dies, the model does ($runs runs)",
    async ({ mutant, runs }) => {
      const reach = await reachOf(mutant, { ...IN_FULL, runs });

      expect(reach).toEqual({ original: expect.any(Number) as number, mutant: null });
    },
  );
});
