import { describe, expect, it } from "vitest";
import type { Config } from "../scenarios/index.ts";
import { configFor, shrinkConfig } from "../properties/index.ts";
import { parseConfig } from "./config-schema.ts";
import { engine } from "./engine.ts";
import { FAMILIES, weight } from "./smaller-configs.ts";

const SEEDS = ["1", "2", "3", "4", "5"];

describe.each(engine.scenarios.map((scenario) => ({ name: scenario.name, scenario })))("records of $name", ({ scenario }) => {
  const drawn = SEEDS.map((seed) => configFor(scenario, seed));
  const smaller = (config: Config): readonly Config[] => FAMILIES.flatMap(({ ways }) => ways(config, scenario)).map((each) => each.config);

  it("have smaller ones that are valid, others, and no heavier", () => {
    for (const config of drawn) {
      for (const less of smaller(config)) {
        expect(parseConfig(JSON.parse(JSON.stringify(less)))).toEqual(less);
        expect(less).not.toEqual(config);
        expect(weight(less)).toBeLessThanOrEqual(weight(config));
      }
    }
  });

  it("cannot be made smaller for ever", () => {
    for (const config of drawn) {
      let least = config;
      let steps = 0;
      for (let next = smaller(least)[0]; next !== undefined; next = smaller(least)[0]) {
        least = next;
        expect(++steps).toBeLessThan(500);
      }
    }
  });

  it("are shrunk by fast-check from the record that the seed draws", () => {
    for (const [i, seed] of SEEDS.entries()) {
      const asked: Config[] = [];
      shrinkConfig(scenario, seed, (config) => asked.push(config) === 1);
      expect(asked[0]).toEqual(drawn[i]);
    }
  });
});
