import { beforeAll, describe, expect, it } from "vitest";
import { brokenFiles, killedCheck, lostOf, unshown, wholeTruth, type Killed } from "./test-kill.ts";

const KILLS = 20;

describe(`a check that is killed at one of ${String(KILLS)} moments`, () => {
  let truth: ReadonlyMap<string, number>;
  const killed: Killed[] = [];

  beforeAll(async () => {
    truth = await wholeTruth();
    const seeds = Array.from({ length: KILLS }, (_, seed) => seed);
    // Two at a time: the machine may have as many cores.
    const lane = async (): Promise<void> => {
      for (let seed = seeds.pop(); seed !== undefined; seed = seeds.pop()) killed.push(await killedCheck(seed));
    };
    await Promise.all([lane(), lane()]);
  });

  it("has failures to lose, early and late", () => {
    expect(truth.size).toBeGreaterThan(3);
    expect(killed.filter(({ journal }) => (journal?.failures.length ?? 0) > 0).length).toBeGreaterThan(KILLS / 4);
    expect(killed.some(({ journal }) => journal?.end === null && (journal.progress?.done ?? 0) > 0)).toBe(true);
  });

  it("loses none: each is in the journal, or in a run that the journal says to repeat or not to have begun", () => {
    expect(killed.flatMap(({ journal }) => (journal === null ? [] : lostOf(truth, journal)))).toEqual([]);
  });

  it("leaves no half-written file, and no line that says nothing", () => {
    expect(killed.flatMap(({ cwd }) => brokenFiles(cwd))).toEqual([]);
    expect(killed.map(({ journal }) => journal?.strange ?? 0).filter((strange) => strange > 0)).toEqual([]);
  });

  it("holds tokens that show the failures again", async () => {
    for (const { journal } of killed) expect(journal === null ? [] : await unshown(journal)).toEqual([]);
  });
});
