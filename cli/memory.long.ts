import { describe, expect, it } from "vitest";
import { findRoot } from "../scripts/stamp.mjs";
import { MEMORY_MODELS, type MemoryModel } from "../sim/index.ts";
import { loadVariant } from "./bundled-engine.ts";
import { engine } from "./engine.ts";
import type { EngineSet } from "./engine-set.ts";
import { makePlan } from "./plan.ts";
import { specOf } from "./strategies.ts";

const SCENARIO = "index-table-growth";
const RUNS = 4000;

/** Memory models under which runs of the readers of the tables end with this failure: those of the portfolio from seed 1. */
const showing = (set: EngineSet, id: string): readonly MemoryModel[] =>
  MEMORY_MODELS.filter((memory) => {
    const lengthOf = (name: string): number => set.runLength(name, memory);
    const { rows } = makePlan({ seed: 1, scenarios: [SCENARIO], strategy: null, runs: RUNS, memory, lengthOf });
    return rows.some((row) => {
      const job = set.open(row.scenario, specOf(row), null);
      return Array.from({ length: row.runs }, (_, i) => row.firstSeed + i)
        .some((seed) => job.run(String(seed))?.failure?.id === id);
    });
  });

describe("the store fence of if_attach", () => {
  it("keeps if_index behind the index table under PSO, where alone it is needed", async () => {
    const { engine: mutant } = await loadVariant(findRoot(), "mutants/forgets-the-store-fence");

    expect(showing(mutant, "out-of-bounds")).toEqual(["pso"]);
    expect(showing(engine, "out-of-bounds")).toEqual([]);
  });

  it("has no counterpart for the interface array, which is seen unfilled under PSO", () => {
    expect(showing(engine, "uninitialised-read")).toEqual(["pso"]);
  });
});
