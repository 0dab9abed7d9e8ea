import { describe, expect, it } from "vitest";
import { resultsSchema } from "./results-schema.ts";
import { run } from "./test-io.ts";
import { readToken } from "./tokens.ts";

describe("check --memory", () => {
  it("says so in the plan, and its tokens replay what they were made of", async () => {
    const { stdout } = await run(["check", "--seed", "3", "--runs", "40", "--memory", "pso", "--json"]);
    const { plan, scenarios } = resultsSchema.parse(JSON.parse(stdout));
    const [failure] = scenarios.flatMap(({ failures: all }) => all);

    expect(new Set(plan.map(({ memory }) => memory))).toEqual(new Set(["pso"]));
    expect((await readToken(failure?.token ?? "")).config).toMatchObject({ memory: "pso" });
    expect((await run(["replay", failure?.token ?? ""])).stdout).toMatch(/^fails as recorded/m);
  });

  it("refuses a model that there is none of", async () => {
    const { exit, stderr } = await run(["check", "--memory", "arm"]);

    expect(exit).toBe(2);
    expect(stderr).toMatch(/--memory/);
  });
});
