import { describe, expect, it } from "vitest";
import { configFor } from "../properties/index.ts";
import { SCENARIOS, type ActorConfig, type Config } from "../scenarios/index.ts";
import { parseConfig } from "./config-schema.ts";

const SEEDS = Array.from({ length: 200 }, (_, seed) => String(seed));

const cpusOf = (actor: ActorConfig): readonly number[] => {
  const to = "to" in actor ? actor.to : [];
  return [actor.cpu, ...(typeof to === "number" ? [to] : to)];
};

const highestCpu = ({ workload }: Config): number => Math.max(...workload.flatMap(cpusOf));

describe.each(SCENARIOS)("the configuration records of $name", (scenario) => {
  const drawn = SEEDS.map((seed) => configFor(scenario, seed));

  it("are a function of the seed", () => {
    expect(SEEDS.map((seed) => configFor(scenario, seed))).toEqual(drawn);
  });

  it("differ from seed to seed", () => {
    expect(new Set(drawn.map((config) => JSON.stringify(config))).size).toBeGreaterThan(10);
  });

  it("are within the limits of a token, and survive it", () => {
    for (const config of [scenario.smallest, ...drawn]) {
      expect(parseConfig(JSON.parse(JSON.stringify(config)))).toEqual(config);
    }
  });

  it("name CPUs that the machine has", () => {
    for (const config of drawn) expect(highestCpu(config)).toBeLessThan(config.topology.ncpus);
  });
});
