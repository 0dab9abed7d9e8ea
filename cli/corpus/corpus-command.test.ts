import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { emptyFolder, run, type Ran } from "../test-io.ts";

const row = {
  name: "sb",
  kind: "mazurkiewicz",
  model: "SC",
  expected: 3,
  assert: true,
  program: { threads: [[["st", "x", 1], ["ld", "a", "y"]], [["st", "y", 1], ["ld", "b", "x"]]] },
};

/** Runs the command on a file of rows. */
async function counts(...programs: readonly unknown[]): Promise<Ran> {
  return onFile("counts", JSON.stringify({ programs }));
}

async function onFile(kind: string, contents: string): Promise<Ran> {
  const cwd = emptyFolder();
  writeFileSync(join(cwd, "corpus.json"), contents);
  return run(["corpus", kind, "corpus.json"], { cwd });
}

describe("interlock corpus", () => {
  it("passes where everything agrees", async () => {
    expect(await counts(row)).toMatchObject({ exit: 0, stdout: "1 entries: 1 agree, 0 disagree, 0 unsupported\n" });
  });

  it("fails where one disagrees, and prints both numbers", async () => {
    const { exit, stdout } = await counts(row, { ...row, name: "wrong", expected: 4 });
    expect(exit).toBe(1);
    expect(stdout).toContain("wrong (mazurkiewicz, SC): mazurkiewicz: recorded 4, found 3");
    expect(stdout).toMatch(/2 entries: 1 agree, 1 disagree, 0 unsupported\n$/);
  });

  it("names what it does not know, and does not fail for it", async () => {
    const { exit, stdout } = await counts({ ...row, program: { threads: [[["swp", "x"]]] } }, { ...row, kind: "new" }, { ...row, model: "ARM" });
    expect(exit).toBe(0);
    expect(stdout).toContain('op "swp"');
    expect(stdout).toContain('kind "new"');
    expect(stdout).toContain('model "ARM"');
    expect(stdout).toMatch(/3 entries: 0 agree, 0 disagree, 3 unsupported\n$/);
  });

  it("prints what is not asserted beside", async () => {
    const { exit, stdout } = await counts({ ...row, assert: false, expected: 9 });
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^beside +sb .*recorded 9; Mazurkiewicz traces: 3, .*\n0 entries: 0 agree, 0 disagree, 0 unsupported\n$/);
  });

  it.each([
    ["counts", "{", "is no JSON"],
    ["counts", "[]", "the file is no object"],
    ["counts", "{}", "the file lacks programs"],
    ["counts", '{"programs": [{}]}', "programs[0] lacks assert"],
    ["shapes", '{"shapes": [{"names": []}]}', "shapes[0] lacks shape"],
    ["litmus", "{}", "neither core nor x86"],
    ["races", "{}", "the file is no list"],
  ])("refuses a file of %s that is %s", async (kind, contents, why) => {
    const { exit, stderr, stdout } = await onFile(kind, contents);
    expect(exit).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain(why);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  });

  it("refuses other kinds, and files that are not there", async () => {
    expect(await onFile("colours", "{}")).toMatchObject({ exit: 2 });
    expect(await run(["corpus", "counts", "nowhere.json"])).toMatchObject({ exit: 2 });
  });
});
