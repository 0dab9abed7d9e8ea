import { describe, expect, it } from "vitest";
import { explore } from "./explorer.ts";
import { findRaces } from "./happens-before.ts";
import type { Word } from "./memory.ts";
import type { Routine } from "./point.ts";
import { raceFailure, raceSites } from "./race-sites.ts";
import { Exhaustive } from "./strategies/exhaustive.ts";
import { load, store, threads } from "./test-words.ts";

describe("race sites", () => {
  function* write_first(data: Word<number>): Routine<void> {
    yield* data.store(1);
  }
  function* write_second(data: Word<number>): Routine<void> {
    yield* data.store(2);
  }
  const program = threads(
    function* (s) {
      for (let i = 0; i < 3; i++) yield* write_first(s.data);
    },
    function* (s) {
      for (let i = 0; i < 3; i++) yield* write_second(s.data);
    },
  );

  it("are one pair for a loop that races many times", () => {
    const stack = (): string => /write_\w+/.exec(new Error("here").stack ?? "")?.[0] ?? "";
    let most = 0;

    explore({ program, strategy: new Exhaustive(), seed: "none", runs: 100 }, (run) => {
      const races = findRaces(run.x);
      most = Math.max(most, races.length);
      const located = raceSites({ program, choices: run.choices(), races, stack });
      expect(located).toHaveLength(1);
      expect([located[0]!.firstSite, located[0]!.secondSite].sort()).toEqual(["write_first", "write_second"]);
      return undefined;
    });

    expect(most).toBeGreaterThan(1);
  });

  it("come with a failure that names both sides", () => {
    let failure: unknown = null;
    explore({ program: threads(store, load), strategy: new Exhaustive(), seed: "none", runs: 1 }, ({ x }) => {
      failure = findRaces(x).map(raceFailure)[0];
      return undefined;
    });

    expect(failure).toMatchObject({
      kind: "Race",
      id: "data-race",
      message: "Nothing orders two accesses to s data.",
      facts: [["first", "store by t0"], ["second", "load by t1"]],
    });
  });
});
