import { describe, expect, it } from "vitest";
import { strategyText } from "../reports/index.ts";
import { STRATEGIES } from "../sim/index.ts";
import { LONG_TIMES, PORTFOLIO, RUNS, divide, makePlan } from "./plan.ts";
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

const lengthOf = (scenario: string): number => (scenario === "a" ? 100 : 7);

describe("the plan", () => {
  it("is a function of its arguments", () => {
    const request = { seed: 3, scenarios: ["a", "b"], strategy: null, runs: 100, lengthOf };

    expect(makePlan(request)).toEqual(makePlan(request));
  });

  it("of a long check has the rows of the usual one, with so many times the runs", () => {
    const request = { seed: 3, scenarios: ["a", "detach-in-flight"], strategy: null, runs: null, lengthOf };
    const usual = makePlan(request);
    const long = makePlan({ ...request, times: LONG_TIMES });

    expect(long.rows.map(({ runs }) => runs)).toEqual(usual.rows.map(({ runs }) => LONG_TIMES * runs));
    expect(long.rows.map(({ scenario, strategy, parameters }) => [scenario, strategy, parameters]))
      .toEqual(usual.rows.map(({ scenario, strategy, parameters }) => [scenario, strategy, parameters]));
  });

  it("gives every run a seed of its own, in plan order", () => {
    const { rows } = makePlan({ seed: 3, scenarios: ["a", "b"], strategy: null, runs: 101, lengthOf });

    const expected = rows.map((_, i) => rows.slice(0, i).reduce((sum, { runs }) => sum + runs, 3));
    expect(rows.map(({ firstSeed }) => firstSeed)).toEqual(expected);
  });

  it("tells PCT how long the runs of a scenario are, so that each stands alone", () => {
    const { rows } = makePlan({ seed: 3, scenarios: ["a", "b"], strategy: null, runs: 100, lengthOf });

    const lengths = rows.filter(({ strategy }) => strategy === "pct").map(({ parameters }) => parameters["k"]);
    expect(lengths).toEqual([100, 7]);
  });

  it("leaves a k alone that was given", () => {
    const strategy = { name: "pct", parameters: { d: 2, k: 9 } };

    const { rows } = makePlan({ seed: 3, scenarios: ["a"], strategy, runs: 100, lengthOf });

    expect(rows[0]!.parameters).toEqual({ d: 2, k: 9 });
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
