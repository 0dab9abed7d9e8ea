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

describe("within 10,000 runs of the portfolio from seed 1, what is hidden", () => {
  it.each(HIDING)("$name never reaches $dies, the model does", async (mutant) => {
    const reach = await reachOf(mutant, IN_FULL);

    expect(reach).toEqual({ original: expect.any(Number) as number, mutant: null });
  });
});
