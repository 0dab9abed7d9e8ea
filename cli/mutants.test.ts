import { describe, expect, it } from "vitest";
import { engine } from "./engine.ts";
import type { Kill } from "./test-hunt.ts";
import { BREAKING, DETECTORS, IN_FULL, KILLED, MUTANTS, huntMutant, killRecorded, throughToken, type Mutant } from "./test-mutants.ts";
import { boundOf, readMinima, replayMinimum } from "./test-minima.ts";

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
        orders: expect.any(String) as string,
        memory: expect.stringMatching(/^(?:|tso|pso)$/) as string,
      });
    }
  });
});

describe("the orders that a header names", () => {
  it.each(MUTANTS.filter(({ variant }) => variant.header.orders !== ""))("are as many as its depth: $name", ({ variant: { header } }) => {
    expect(header.orders.split(" < ")).toHaveLength(Number(header.depth) + 1);
  });
});

describe("a recorded run", () => {
  it("is there of every mutant that a run can kill, and of no other (npm run mutants renews them)", () => {
    expect(Object.keys(KILLED)).toEqual(BREAKING.map(({ name }) => name));
  });

  it.each(BREAKING)("kills $name by $dies where the model lives, and its token fails the same way", async (mutant) => {
    const kill = await killRecorded(mutant) ?? await huntAgain(mutant);

    expect(kill?.failure.id).toBe(mutant.dies);
    const { before, after } = await throughToken(mutant, kill!);
    expect(after).toEqual(before);
  });
});

describe("a recorded minimum", () => {
  const minima = readMinima().filter(({ name }) => name.startsWith("mutants/"));

  it("is there of every mutant that a run can kill (npm run minima renews them)", () => {
    expect(minima.map(({ name }) => name)).toEqual(BREAKING.map(({ variant }) => variant.name));
  });

  it.each(minima)("$name: shows the failure, has the recorded size, and no more preemptions than its depth has room for", async (line) => {
    const { shows, extent } = await replayMinimum(line);

    expect({ shows, extent }).toEqual({ shows: true, extent: line.shrunk });
    expect(extent.preemptions).toBeLessThanOrEqual(boundOf(line.name));
  });
});

/** After an edit of the model the recorded seed may draw something else. */
async function huntAgain(mutant: Mutant): Promise<Kill | null> {
  console.warn(`${mutant.name}: its recorded run does not kill it any more; npm run mutants looks for another`);
  return huntMutant(mutant, IN_FULL);
}
