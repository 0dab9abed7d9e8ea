import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { protocolCoverageJson } from "../reports/index.ts";
import { mergedCoverage } from "./coverage-merge.ts";
import { emptyFolder, run } from "./test-io.ts";

const COMMAND = join(import.meta.dirname, "../bin/interlock.mjs");
const read = (folder: string): string => readFileSync(join(folder, "protocol-coverage.json"), "utf8");

/** Runs the command line in a process of its own; returns what it wrote. */
async function covered(...more: readonly string[]): Promise<string> {
  const out = emptyFolder();
  const args = ["check", "--seed", "5", "--runs", "90", "--scenario", "s*-*", "--coverage", "--out", out, ...more];
  await promisify(execFile)(process.execPath, [COMMAND, ...args], { cwd: out });
  return out;
}

describe("protocol coverage", () => {
  it("is the same text from one job, two jobs and two shards together", async () => {
    const one = await covered("--jobs", "1");
    const two = await covered("--jobs", "2");
    const shards = [await covered("--shard", "1/2"), await covered("--shard", "2/2")];
    const together = mergedCoverage(shards);

    expect(read(two)).toBe(read(one));
    expect(read(shards[0]!)).not.toBe(read(one));
    expect(together).not.toBeNull();
    expect(protocolCoverageJson(together!)).toBe(read(one));
  });

  it("has the scenarios in the order of the plan, though the first folder lacks some", async () => {
    const [a, b] = [emptyFolder(), emptyFolder()];
    await run(["check", "--seed", "1", "--runs", "8", "--scenario", "locked-*", "--coverage", "--out", a]);
    await run(["check", "--seed", "1", "--runs", "8", "--scenario", "lost-*", "--coverage", "--out", b]);
    const namesOf = (order?: readonly string[]): unknown => mergedCoverage([a, b], order)?.scenarios.map(({ name }) => name);

    expect(namesOf()).toEqual(["locked-update", "lost-update"]);
    expect(namesOf(["lost-update", "never-run", "locked-update"])).toEqual(["lost-update", "locked-update"]);
  });

  it("of folders that have none is none, and of some that have is refused", async () => {
    const [without, with_] = [emptyFolder(), emptyFolder()];
    await run(["check", "--seed", "1", "--runs", "8", "--coverage", "--out", with_]);

    expect(mergedCoverage([without, emptyFolder()])).toBeNull();
    expect(() => mergedCoverage([with_, without])).toThrow(/there is no .*protocol-coverage\.json/);
  });

  it.each([
    ["{", /is no JSON/],
    ["{}", /is no protocol coverage: schema/],
  ])("is refused where it does not read: %s", (text, complaint) => {
    const folder = emptyFolder();
    writeFileSync(join(folder, "protocol-coverage.json"), text);

    expect(() => mergedCoverage([folder])).toThrow(complaint);
  });

  it("of another variant is refused", async () => {
    const [a, b] = [emptyFolder(), emptyFolder()];
    await run(["check", "--seed", "1", "--runs", "8", "--coverage", "--out", a]);
    writeFileSync(join(b, "protocol-coverage.json"), read(a).replace('"variant": null', '"variant": "fixes/one"'));

    expect(() => mergedCoverage([a, b])).toThrow(/another version or variant/);
  });
});
