import { describe, expect, it } from "vitest";
import { resultsJsonSchema, resultsSchema } from "./results-schema.ts";
import { run } from "./test-io.ts";

describe("results.json", () => {
  it("is described by the schema file that ships (vitest -u writes it)", async () => {
    await expect(resultsJsonSchema()).toMatchFileSnapshot("../reports/results.schema.json");
  });

  it("satisfies its schema, whatever the verdicts", async () => {
    const { stdout } = await run(["check", "--seed", "7", "--runs", "80", "--json"]);

    const results = resultsSchema.parse(JSON.parse(stdout));

    expect(results.scenarios.map(({ name, verdict }) => [name, verdict])).toEqual([
      ["lost-update", "failed"],
      ["locked-update", "passed"],
      ["crossed-locks", "failed"],
      ["endless-loop", "inconclusive"],
    ]);
  });

  it("is the same for the same seed and plan, but for timing", async () => {
    const both = await Promise.all([1, 2].map(async () => {
      const { stdout } = await run(["check", "--seed", "12", "--runs", "60", "--json"]);
      return { ...resultsSchema.parse(JSON.parse(stdout)), timing: null };
    }));

    expect(both[0]).toEqual(both[1]);
  });
});
