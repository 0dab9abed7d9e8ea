import { describe, expect, it } from "vitest";
import { Pct, RandomWalk, Urw } from "../../sim/index.ts";
import { pctShare } from "./exact.ts";
import { lostWakeup } from "./lost-wakeup.ts";
import { binomialInterval, hits, median, schedulesToBug } from "./sampling.ts";
import { RUNS } from "./test-sctbench.ts";

const source = lostWakeup(20);
const STEPS = 31;
const SEEDS = 40;

describe("the lost wakeup", () => {
  it("is found by URW 40 times sooner than by a random walk, which is cut at 100,000 runs (seeds 1 to 200)", () => {
    const walk = median(schedulesToBug(source, () => new RandomWalk(), 200, 100_000));
    const urw = median(schedulesToBug(source, () => new Urw(), 200, 100_000));

    expect(walk / urw, `random walk ${String(walk)}, URW ${String(urw)}`).toBeGreaterThanOrEqual(40);
  });

  // One seed of 1,000 is outside the interval of 20,000 runs by chance; of all seeds together hardly any.
  it.each([2, 3])("is found by PCT(%i) as often as all priority orders and change points tell, in 40 times 20,000 runs", (depth) => {
    const { wrong, all } = pctShare(source, STEPS, depth);
    const [least, most] = binomialInterval(SEEDS * RUNS, wrong / all, 0.0005);

    let found = 0;
    for (let seed = 1; seed <= SEEDS; seed++) found += hits(source, new Pct({ depth, steps: STEPS }), String(seed), RUNS);

    expect(found, `seeds 1 to ${String(SEEDS)}, ${String(wrong)} of ${String(all)}`).toBeGreaterThanOrEqual(least);
    expect(found).toBeLessThanOrEqual(most);
  });
});
