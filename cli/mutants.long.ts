import { describe, expect, it } from "vitest";
import { BREAKING, HIDING, IN_FULL, huntMutant, reachOf, throughToken } from "./test-mutants.ts";

describe.each([
  ["10,000 runs of the portfolio, with its property armed alone", IN_FULL],
  ["the default plan of a check, with every property armed", { seed: 1, runs: null, armed: "all" }],
] as const)("within %s", (_what, effort) => {
  it.each(BREAKING)("$name dies of $dies where the model lives, and its token fails the same way", async (mutant) => {
    const kill = await huntMutant(mutant, effort);

    expect(kill?.failure.id).toBe(mutant.dies);
    const { before, after } = await throughToken(mutant, kill!);
    expect(after).toEqual(before);
  });

  it.each(HIDING)("$name never reaches $dies, the model does", async (mutant) => {
    const reach = await reachOf(mutant, effort);

    expect(reach).toEqual({ original: expect.any(Number) as number, mutant: null });
  });
});
