import { describe, expect, it } from "vitest";
import { brokenFiles, keptIn, killedCheck, lostOf, recoveredIn, wholeTruth } from "./test-kill.ts";

const KILLS = 100;

describe(`a check that is killed at one of ${String(KILLS)} moments, and the check after it`, () => {
  it("lose no failure, and leave no half-written file", async () => {
    const truth = await wholeTruth();
    const gaps: number[] = [];
    let failures = 0;
    for (let seed = 1000; seed < 1000 + KILLS; seed++) {
      const { cwd, journal } = await killedCheck(seed);
      expect([seed, brokenFiles(cwd)]).toEqual([seed, []]);
      if (journal === null) continue;
      expect([seed, lostOf(truth, journal), journal.strange]).toEqual([seed, [], 0]);
      const held = journal.failures.map(({ fingerprint }) => fingerprint);
      failures += held.length;
      const times = journal.timeline.map(({ at }) => at);
      gaps.push(...times.slice(1).map((at, i) => at - (times[i] ?? at)));
      await recoveredIn(cwd);
      expect([seed, brokenFiles(cwd)]).toEqual([seed, []]);
      expect([seed, held.filter((fingerprint) => !keptIn(cwd).includes(fingerprint))]).toEqual([seed, []]);
    }
    console.log(`${String(failures)} failures held; ${String(gaps.length)} lines of progress, the longest ${String(Math.max(...gaps))} ms apart`);
    expect(failures).toBeGreaterThan(KILLS / 4);
  });
});
