import { afterAll, describe, expect, it } from "vitest";
import type { CaseSize } from "./regressions.ts";
import { budgetFor } from "./shrinking.ts";
import { BREAKING } from "./test-mutants.ts";
import { killOf, shrinkKill, type Shrinkage } from "./test-shrinking.ts";

const cells = ({ steps, switches, choices, cpus, actors, packets }: CaseSize): string =>
  [steps, switches, choices, cpus, actors, packets].join(" \\| ");

describe("what kills a mutant, shrunk as a check shrinks its only failure", () => {
  const all: [string, Shrinkage][] = [];

  it.each(BREAKING)("$name: no larger, and still shows", async (mutant) => {
    const kill = await killOf(mutant);
    const shrinkage = await shrinkKill(mutant, kill!, budgetFor(1));

    expect(shrinkage.shows).toBe(true);
    const { found, shrunk } = shrinkage;
    expect(shrunk.actors).toBeLessThanOrEqual(found.actors);
    expect(shrunk.packets).toBeLessThanOrEqual(found.packets);
    expect(shrunk.choices).toBeLessThanOrEqual(found.choices);
    all.push([mutant.name, shrinkage]);
  });

  it("most of all need two choices at most", () => {
    const few = all.filter(([, { shrunk }]) => shrunk.choices <= 2);

    expect(few.length / BREAKING.length).toBeGreaterThan(0.75);
  });

  afterAll(() => {
    for (const [name, { scenario, found, shrunk }] of all) {
      console.log(`| ${name} | ${scenario} | ${cells(found)} | ${cells(shrunk)} |`);
    }
  });
});
