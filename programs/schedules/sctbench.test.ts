import { describe, expect, it } from "vitest";
import { Draws, rng } from "../../sim/index.ts";
import { recordedSchedules } from "../test-corpora.ts";
import { derivedOf, recordedMedian } from "./published.ts";
import { binomialInterval, median } from "./sampling.ts";
import { exactly, sampled } from "./test-sctbench.ts";

// All programs and all of their numbers: sctbench.long.ts.
const CHOICE = "three of them";
const SMALL = 1000;

const file = recordedSchedules();
const derived = derivedOf(file);
const small = derived.filter(({ walk }) => walk.executions <= SMALL);
const draws = new Draws(rng(CHOICE));
const chosen = [1, 2, 3].map(() => small.splice(draws.below(small.length), 1)[0]!);

describe(`three programs of SCTBench, drawn with seed "${CHOICE}"`, () => {
  it.each(chosen.map((each) => [each.name, each] as const))("%s goes wrong with its derived probabilities, enumerated", (_name, each) => {
    expect(exactly(each)).toEqual([]);
  });

  it.each(chosen.map((each) => [each.name, each] as const))("%s goes wrong as often as derived in 20,000 runs", (_name, each) => {
    expect(sampled(each)).toEqual([]);
  });
});

describe("the interval of a binomial distribution", () => {
  it.each([
    [10, 0.5, 0.05, [2, 8]], // P(X <= 1) = 11/1024, P(X <= 2) = 56/1024
    [10, 0.5, 0.01, [1, 9]],
    [3, 0.5, 0.13, [1, 2]], // P(X <= 0) = 1/8
    [20_000, 0, 0.0005, [0, 0]],
    [20_000, 1, 0.0005, [20_000, 20_000]],
    [1, 0.5, 0.0005, [0, 1]],
  ] as const)("of %i runs with probability %d and tails of %d", (runs, p, tail, expected) => {
    expect(binomialInterval(runs, p, tail)).toEqual(expected);
  });
});

it("reads recorded medians under any of the names of a program", () => {
  expect(recordedMedian(file, "fray", "CS.reorder_3_bad", "Random")).toBeGreaterThan(0);
  expect(recordedMedian(file, "rff", "CS.reorder_3_bad", "PCT3")).toBe(124);
  expect(recordedMedian(file, "rff", "CS.none_bad", "PCT3")).toBeNull();
  expect([median([3, 1, 2]), median([4, 1])]).toEqual([2, 2.5]);
});
