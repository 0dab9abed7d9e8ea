import { describe, expect, it } from "vitest";
import { SCENARIOS } from "../scenarios/index.ts";
import { configFor } from "../properties/index.ts";
import { parseConfig } from "./config-schema.ts";

describe("the schema of configuration records", () => {
  it.each(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))(
    "accepts what %s can be configured to",
    (_name, scenario) => {
      const records = [scenario.smallest, ...Array.from({ length: 100 }, (_, i) => configFor(scenario, String(i)))];

      for (const record of records) expect(parseConfig(JSON.parse(JSON.stringify(record)))).toEqual(record);
    },
  );

  const [{ smallest }] = SCENARIOS as readonly [(typeof SCENARIOS)[number]];
  const topology = (change: object): unknown => ({ ...smallest, topology: { ...smallest.topology, ...change } });

  it.each([
    ["null", null, "expected object"],
    ["no workload", { ...smallest, workload: undefined }, "workload"],
    ["a huge machine", topology({ ncpus: 9 }), "topology.ncpus"],
    ["a fraction", topology({ qmax: 1.5 }), "topology.qmax"],
    ["three subqueues", topology({ subqs: 3, owners: [0, 0, 0], interruptCpus: [0, 0, 0] }), "power of two"],
    ["an owner too few", topology({ owners: [] }), "topology.owners"],
    ["an unknown actor", { ...smallest, workload: [{ kind: "nobody", cpu: 0 }] }, "workload.0.kind"],
    ["a thousand actors", { ...smallest, workload: Array(1000).fill(smallest.workload[0]) }, "workload"],
  ])("refuses %s, naming it in one line", (_what, record, where) => {
    expect(() => parseConfig(record)).toThrow(where);
  });
});
