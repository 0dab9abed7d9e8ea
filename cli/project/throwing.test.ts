import { describe, expect, it } from "vitest";
import { SCENARIO, projectWith, runIn } from "./test-project.ts";

const PROPERTY = `
import { defineProperty } from "interlock";

export const property = defineProperty({
  kind: "eventually",
  name: "stumbles",
  promise: "It can be evaluated.",
  holds(world) {
    const nobody = world.devices[7];
    return [["unit", nobody.ifp.if_xname]];
  },
});`;

describe("an exception from a project's module", () => {
  it.each([0, 1])("is told with file and line, as the module's and nobody else's fault (jobs %i)", async (jobs) => {
    const config = { scenarios: ["./scenarios.ts"], properties: ["./properties.ts"] };
    const cwd = projectWith({ "scenarios.ts": SCENARIO, "properties.ts": PROPERTY, "interlock.config.json": config });

    const { stdout, exit } = await runIn(cwd, "check", "--seed", "3", "--runs", "8", "--jobs", String(jobs), "--no-regressions");

    expect(stdout.split("\n").find((line) => line.startsWith("fault of"))).toMatch(
      /^fault of the module, not of the kernel: .*properties\.ts:10:\d+ threw TypeError in two-cpus-send, .*, seed 3: /,
    );
    expect(stdout.trimEnd().split("\n").at(-1)).toMatch(/^no verdict, fault of the module: /);
    expect(exit).toBe(2);
  });
});
