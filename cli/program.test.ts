import { describe, expect, it } from "vitest";
import { run } from "./test-io.ts";

describe("the command line", () => {
  it("suggests the command that was meant", async () => {
    const { stderr, exit } = await run(["chekc"]);

    expect(stderr).toBe("interlock: unknown command 'chekc' (Did you mean check?)\n");
    expect(exit).toBe(2);
  });

  it("prints its version", async () => {
    expect(await run(["--version"])).toMatchObject({ exit: 0, stdout: "0.0.0\n" });
  });

  it.each(["check", "init", "replay", "list", "conform", "outcomes", "simulate"])("teaches %s by example", async (command) => {
    const { stdout, exit } = await run([command, "--help"]);

    expect(stdout).toMatch(new RegExp(`^Examples:\\n {2}interlock ${command}`, "m"));
    expect(exit).toBe(0);
  });

  it("shows help without a command, and that is a usage error", async () => {
    const { stderr, exit } = await run([]);

    expect(stderr).toContain("Usage: interlock");
    expect(exit).toBe(2);
  });
});

describe("list", () => {
  it("names everything there is", async () => {
    const { last, exit } = await run(["list"]);

    expect(last).toMatch(/^4 scenarios, 0 timed, 2 properties, \d+ strategies, 0 variants, 0 findings$/);
    expect(exit).toBe(0);
  });

  it("is data with --json", async () => {
    const { stdout } = await run(["list", "--json"]);

    const catalogue = JSON.parse(stdout) as Record<string, readonly { name: string }[]>;
    expect(Object.keys(catalogue)).toEqual(["scenarios", "timed", "properties", "strategies", "variants", "findings"]);
    expect(catalogue["properties"]!.map(({ name }) => name)).toContain("no-lost-update");
  });
});
