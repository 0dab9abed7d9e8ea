import { expect, it } from "vitest";
import { run } from "../test-io.ts";
import { engine } from "../engine.ts";

it("verifies owner migration with one packet", async () => {
  const load = () => Promise.resolve({ engine, variant: null, code: "0".repeat(12), module: null });
  const { exit, stdout } = await run(["explore", "owner-migration", "--executions", "100000"], { load });
  expect(stdout.trimEnd().split("\n").at(-1)).toBe("verified: 37224 executions");
  expect(exit).toBe(0);
});
