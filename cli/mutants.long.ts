import { describe, expect, it } from "vitest";
import { BREAKING, HIDING, huntMutant, reachOf, throughToken } from "./test-mutants.ts";

const EFFORT = { seed: 1, runs: null, armed: "all" } as const;

describe("within the default plan of a check, with every property armed", () => {
  it.each(BREAKING)("$name dies of $dies where the model lives, and its token fails the same way", async (mutant) => {
    const kill = await huntMutant(mutant, EFFORT);

    expect(kill?.failure.id).toBe(mutant.dies);
    const { before, after } = await throughToken(mutant, kill!);
    expect(after).toEqual(before);
  });

  it.each(HIDING)("$name never reaches $dies, the model does", async (mutant) => {
    const reach = await reachOf(mutant, EFFORT);

    expect(reach).toEqual({ original: expect.any(Number) as number, mutant: null });
  });
});
