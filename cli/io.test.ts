import { describe, expect, it } from "vitest";
import { coloursWanted, paintOf, type Environment, type Sink } from "./io.ts";
import { run } from "./test-io.ts";

const FORCED = { FORCE_COLOR: "1" };

describe("colours", () => {
  it.each<[Environment, boolean, boolean]>([
    [{}, true, true],
    [{}, false, false],
    [{ CI: "true" }, false, false],
    [{ NO_COLOR: "1" }, true, false],
    [{ NO_COLOR: "0" }, true, false],
    [{ NO_COLOR: "" }, true, true],
    [FORCED, false, true],
    [{ FORCE_COLOR: "true" }, false, true],
    [{ FORCE_COLOR: "3" }, false, true],
    [{ FORCE_COLOR: "0" }, true, false],
    [{ FORCE_COLOR: "false" }, true, false],
    [{ FORCE_COLOR: "" }, true, true],
    [{ FORCE_COLOR: "" }, false, false],
    [{ ...FORCED, NO_COLOR: "1" }, true, false],
    [{ TERM: "dumb" }, true, false],
    [{ TERM: "xterm-256color" }, true, true],
    [{ ...FORCED, TERM: "dumb" }, false, true],
  ])("%j, terminal %j: %j", (env, isTTY, wanted) => {
    expect(coloursWanted(env, isTTY)).toBe(wanted);
  });

  it("are escape sequences, or nothing at all", () => {
    const sink = (colours: boolean): Sink => ({ write: () => undefined, isTTY: false, rewrites: false, columns: 80, colours });

    expect(paintOf(sink(true)).red("x")).toBe("\u001b[31mx\u001b[39m");
    expect(paintOf(sink(false)).red("x")).toBe("x");
  });

  it("go to people, never into results.json", async () => {
    const args = ["check", "--seed", "7", "--runs", "60", "--scenario", "lost-update"];

    const plain = await run(args);
    const coloured = await run(args, { colours: true });
    const json = await run([...args, "--json"], { colours: true });

    expect(plain.stdout).not.toContain("\u001b");
    expect(coloured.stdout).toContain("\u001b[31m");
    expect(json.stdout).not.toContain("\u001b");
    expect(json.stderr).toContain("\u001b[31m");
  });
});
