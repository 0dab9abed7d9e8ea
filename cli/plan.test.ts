import { describe, expect, it } from "vitest";
import { strategyText } from "../reports/index.ts";
import { STRATEGIES } from "../sim/index.ts";
import { PORTFOLIO, RUNS, divide, makePlan } from "./plan.ts";
import { parseStrategy, type StrategySpec } from "./strategies.ts";

const textOf = ({ name, parameters }: StrategySpec): string => strategyText(name, parameters);

describe("divide", () => {
  it.each([
    [10, [1, 1, 1], [4, 3, 3]],
    [7, [3, 1], [5, 2]],
    [2, [1, 1, 1], [1, 1, 0]],
    [5, [0, 0], [0, 0]],
  ])("%i by %j", (total, weights, counts) => {
    expect(divide(total, weights)).toEqual(counts);
  });
});

describe("the plan", () => {
  it("is a function of its arguments", () => {
    const request = { seed: 3, scenarios: ["a", "b"], strategy: null, runs: 100 };

    expect(makePlan(request)).toEqual(makePlan(request));
  });

  it("gives every run a seed of its own, in plan order", () => {
    const { rows } = makePlan({ seed: 3, scenarios: ["a", "b"], strategy: null, runs: 101 });

    const expected = rows.map((_, i) => rows.slice(0, i).reduce((sum, { runs }) => sum + runs, 3));
    expect(rows.map(({ firstSeed }) => firstSeed)).toEqual(expected);
  });

  it("names strategies that exist, with parameters they take", () => {
    const texts = PORTFOLIO.map(textOf);

    expect(texts.map((text) => textOf(parseStrategy(text)))).toEqual(texts);
    expect(Object.keys(RUNS).every((name) => /^[a-z0-9-]+$/.test(name))).toBe(true);
  });
});

describe("a strategy's text", () => {
  it.each(STRATEGIES.map(({ name }) => name))("%s is read back", (name) => {
    const spec = parseStrategy(name);

    expect(parseStrategy(textOf(spec))).toEqual(spec);
  });
});
