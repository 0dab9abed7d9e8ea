import { describe, expect, it } from "vitest";
import { Pct, Surw, Urw, explore, findRaces, touching } from "../../sim/index.ts";
import { Compiled } from "../compile.ts";
import { pctShare, walkProbability } from "./exact.ts";
import { FLAG_AND_MUTEX, lostWakeup } from "./lost-wakeup.ts";
import { binomialInterval, hits, median, schedulesToBug } from "./sampling.ts";
import { RUNS, SEED } from "./test-sctbench.ts";

// Against a random walk: lost-wakeup.long.ts.
const PAD = 20;
const SEEDS = 200;
const CUT = 100_000;
const source = lostWakeup(PAD);
/** Steps of the longest run: each private operation is one more. */
const STEPS = walkProbability(lostWakeup(0)).longest + PAD;

describe("the lost wakeup behind 20 private operations", () => {
  it("has at most 31 steps", () => {
    expect(STEPS).toBe(31);
  });

  it.each([
    [2, 26],
    [3, 14],
  ])("is found by PCT(%i) in the median of seeds 1 to 200 within %i schedules", (depth, most) => {
    expect(median(schedulesToBug(source, () => new Pct({ depth, steps: STEPS }), SEEDS, CUT))).toBeLessThanOrEqual(most);
  });

  it.each([2, 3])("is found by PCT(%i) as often as all priority orders and change points tell, in 20,000 runs", (depth) => {
    const { wrong, all } = pctShare(source, STEPS, depth);
    const [least, most] = binomialInterval(RUNS, wrong / all, 0.0005);

    const found = hits(source, new Pct({ depth, steps: STEPS }), SEED, RUNS);

    expect(found, `seed ${SEED}, ${String(wrong)} of ${String(all)}`).toBeGreaterThanOrEqual(least);
    expect(found).toBeLessThanOrEqual(most);
  });

  it("is found by URW within 600 schedules, and by SURW no later", () => {
    const urw = median(schedulesToBug(source, () => new Urw(), SEEDS, CUT));
    const surw = median(schedulesToBug(source, () => new Surw(touching(FLAG_AND_MUTEX)), SEEDS, CUT));

    expect(urw).toBeLessThanOrEqual(600);
    expect(surw).toBeLessThanOrEqual(urw);
  });

  it("is a wakeup that is lost, not a race", () => {
    explore({ program: new Compiled(source), strategy: new Urw(), seed: "1", runs: 500 }, ({ x, outcome }) => {
      expect([outcome, findRaces(x)]).toEqual(["passed", []]);
      return undefined;
    });
  });
});
