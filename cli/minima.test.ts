import { describe, expect, it } from "vitest";
import { TEST_SEED } from "../scripts/test-seed.mjs";
import { FINDINGS } from "./test-fixes.ts";
import { MISSED, boundOf, readMinima, replayMinimum, shrinkAgain } from "./test-minima.ts";

const MINIMA = readMinima();

describe("the recorded minimum of a finding", () => {
  const minima = MINIMA.filter(({ name }) => name.startsWith("findings/"));

  it("is there of every finding, and each says how deep it is (npm run minima renews them)", () => {
    expect(minima.map(({ name }) => name)).toEqual(FINDINGS.map(({ name }) => `findings/${name}`).sort());
    expect(FINDINGS.filter(({ depth }) => depth === null)).toEqual([]);
  });

  it.each(minima)("$name: shows it, and has the recorded size", async (line) => {
    const { shows, extent } = await replayMinimum(line);

    expect({ shows, extent }).toEqual({ shows: true, extent: line.shrunk });
  });

  it("has no more preemptions than its depth has room for, but for what is listed with a reason", () => {
    const more = minima.filter(({ name, shrunk }) => shrunk.preemptions > boundOf(name));

    expect(more.map(({ name }) => name)).toEqual([...MISSED.keys()]);
  });
});

/** Of so many lines one is shrunk again, by the seed of the random tests; all in the long test. */
const ONE_IN = 3;

describe("what shows a mutant or a finding, shrunk as a check shrinks its only failure", () => {
  it.each(MINIMA.filter((_, i) => i % ONE_IN === TEST_SEED % ONE_IN))("$name: ends at the recorded minimum", async (line) => {
    expect((await shrinkAgain(line)).token).toBe(line.token);
  });
});
