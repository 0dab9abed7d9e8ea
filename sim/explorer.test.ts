import { describe, expect, it } from "vitest";
import { explore } from "./explorer.ts";
import { Exhaustive } from "./strategies/exhaustive.ts";
import { RandomWalk } from "./strategies/random-walk.ts";
import { independent } from "./test-programs.ts";

const program = independent(3, 3);

describe("exploring", () => {
  it("gives each run a seed of its own, and goes on where it ended", () => {
    const hashes = (firstRun: number, runs: number): readonly bigint[] => {
      const found: bigint[] = [];
      explore({ program, strategy: new RandomWalk(), seed: "s", firstRun, runs }, (run) => {
        expect(run.seed).toBe(`s/${String(run.run)}`);
        found.push(run.hash());
        return undefined;
      });
      return found;
    };

    expect([...hashes(0, 5), ...hashes(5, 5)]).toEqual(hashes(0, 10));
    expect(new Set(hashes(0, 50)).size).toBeGreaterThan(10);
  });

  it("ends when the strategy has nothing more", () => {
    expect(explore({ program, strategy: new Exhaustive(), seed: "s", runs: 100 }, () => undefined))
      .toEqual({ runs: 20, finished: true });
  });

  it("ends when it is told to", () => {
    expect(explore({ program, strategy: new Exhaustive(), seed: "s", runs: 100 }, () => "stop"))
      .toEqual({ runs: 1, finished: false });
  });
});
