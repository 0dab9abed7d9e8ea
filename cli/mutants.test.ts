import { describe, expect, it } from "vitest";
import { engine } from "./engine.ts";
import { BREAKING, DETECTORS, HIDING, MUTANTS, huntMutant, reachOf, throughToken } from "./test-mutants.ts";

const EFFORT = { seed: 1, runs: 10_000, armed: "own" } as const;

describe("every property", () => {
  const killed = new Set(MUTANTS.map(({ dies }) => dies));

  it.each(engine.properties.map(({ name }) => name))("%s has a mutant that it kills", (name) => {
    expect(killed).toContain(name);
  });

  it.each(DETECTORS)("and the detector of %s too", (name) => {
    expect(killed).toContain(name);
  });

  it("and every mutant says what it changes, why that is wrong and how deep it hides", () => {
    for (const { variant } of MUTANTS) {
      expect(variant.header).toEqual({
        what: expect.stringMatching(/./) as string,
        why: expect.stringMatching(/./) as string,
        property: expect.stringMatching(/^[a-z-]+$/) as string,
        depth: expect.stringMatching(/^[0-9]$/) as string,
        memory: expect.stringMatching(/^(?:|tso|pso)$/) as string,
      });
    }
  });
});

describe("within 10,000 runs of the portfolio from seed 1", () => {
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
