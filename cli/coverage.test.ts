import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { BRANCHES } from "../model/index.ts";
import { NO_COVERAGE, mergeCoverage, type ProtocolCoverage } from "../protocol/index.ts";
import { protocolCoverageJson, type ProtocolCoverageFile } from "../reports/index.ts";
import { engine } from "./engine.ts";
import type { EngineSet } from "./engine-set.ts";
import { coverageFile, coverageOf } from "./coverage-file.ts";
import { protocolCoverageJsonSchema, protocolCoverageSchema } from "./coverage-schema.ts";
import { Exit } from "./exit-codes.ts";
import { makePlan } from "./plan.ts";
import { emptyFolder, run } from "./test-io.ts";
import { loadVariant } from "./bundled-engine.ts";

const HEAD = { version: "0.0.0", seed: 1, variant: null };
const ROOT = join(import.meta.dirname, "..");

/** Coverage of the portfolio on some scenarios; `pieces`: taken after so many runs. */
function coverageOn(set: EngineSet, scenarios: readonly string[], runs: number, pieces = runs): ProtocolCoverage {
  let sum = NO_COVERAGE;
  const { rows } = makePlan({ seed: 1, scenarios, strategy: null, runs, lengthOf: () => 300 });
  for (const row of rows) {
    const job = set.open(row.scenario, { name: row.strategy, parameters: row.parameters }, null, null, { coverage: true, classes: false });
    for (let i = 0; i < row.runs; i++) {
      job.run(String(row.firstSeed + i));
      if (i % pieces === 0) sum = mergeCoverage(sum, job.takeCoverage());
    }
    sum = mergeCoverage(sum, job.takeCoverage());
  }
  return sum;
}

const written = (folder: string): ProtocolCoverageFile =>
  protocolCoverageSchema.parse(JSON.parse(readFileSync(join(folder, "protocol-coverage.json"), "utf8")));

describe("check --coverage", () => {
  it("writes what its schema says, prints the table, and sums it up in results.json", async () => {
    const out = emptyFolder();
    const { stdout, stderr } = await run(["check", "--seed", "7", "--runs", "80", "--coverage", "--out", out, "--json"]);
    const file = written(out);
    const results = JSON.parse(stdout) as { coverage: unknown };

    expect(results.coverage).toEqual(file.totals);
    expect(file.scenarios.map(({ name, runs }) => [name, runs > 0])).toEqual([
      ["lost-update", true],
      ["locked-update", true],
      ["crossed-locks", true],
      ["endless-loop", true],
    ]);
    expect(stderr).toContain("protocol coverage");
    expect(stderr).toContain(`written to ${join(out, "protocol-coverage.json")}`);
  });

  it("is the same text for the same seed and plan", async () => {
    const folders = [emptyFolder(), emptyFolder()];
    for (const out of folders) await run(["check", "--seed", "12", "--runs", "60", "--coverage", "--out", out]);
    const [first, second] = folders.map((out) => readFileSync(join(out, "protocol-coverage.json"), "utf8"));

    expect(first).toBe(second);
  });

  it("of a program without a kernel has its one pair, and every branch empty", async () => {
    const out = emptyFolder();
    await run(["check", "--seed", "1", "--runs", "80", "--scenario", "locked-update", "--coverage", "--out", out]);
    const { empty, scenarios } = written(out);

    expect(scenarios[0]!.orders).toHaveLength(1);
    expect(scenarios[0]!.orders[0]).toMatchObject({ class: "cnt_lock", first: "thread enter", second: "thread enter" });
    expect(empty.branches).toHaveLength(Object.keys(BRANCHES).length);
    expect(empty.errnos.every(({ called }) => !called)).toBe(true);
  });

  it("prints every empty cell on demand", async () => {
    const some = await run(["check", "--seed", "1", "--runs", "40", "--coverage"]);
    const all = await run(["check", "--seed", "1", "--runs", "40", "--coverage", "all"]);

    expect(some.stdout).toContain("more: --coverage all");
    expect(all.stdout).not.toContain("more: --coverage all");
    for (const branch of Object.keys(BRANCHES)) expect(all.stdout).toContain(branch);
  });

  it("is not to be had with --bail", async () => {
    const { exit, stderr } = await run(["check", "--coverage", "--bail"]);

    expect(exit).toBe(Exit.Usage);
    expect(stderr).toMatch(/^interlock: --coverage and --bail do not go together: .*\n$/);
  });

  it("refuses an amount it does not know", async () => {
    const { exit, stderr } = await run(["check", "--coverage", "most"]);

    expect(exit).toBe(Exit.Usage);
    expect(stderr).toContain("some, all");
  });

  it("leaves nothing behind when it is not asked for", async () => {
    const { stdout } = await run(["check", "--seed", "7", "--runs", "20", "--json"]);

    expect((JSON.parse(stdout) as { coverage: unknown }).coverage).toBeNull();
    expect(engine.open("one-sender", { name: "random", parameters: {} }, null).takeCoverage()).toBe(NO_COVERAGE);
  });
});

describe("protocol-coverage.json", () => {
  it("is described by the schema file that ships (vitest -u writes it)", async () => {
    await expect(protocolCoverageJsonSchema()).toMatchFileSnapshot("../reports/protocol-coverage.schema.json");
  });

  it("is the same however the runs were cut, and made again from itself (2 scenarios, 80 runs)", () => {
    const scenarios = ["staged-rollup", "detach-in-flight"];
    const whole = coverageFile(coverageOn(engine, scenarios, 80), scenarios, HEAD);
    const pieces = coverageFile(coverageOn(engine, scenarios, 80, 3), scenarios, HEAD);

    expect(protocolCoverageJson(pieces)).toBe(protocolCoverageJson(whole));
    expect(coverageFile(coverageOf(whole), scenarios, HEAD)).toEqual(whole);
    expect(JSON.parse(protocolCoverageJson(whole))).toEqual(whole);
    expect(protocolCoverageSchema.parse(whole)).toEqual(whole);
  });

  it("names the routines behind operations, of the runs it has looked at more closely", () => {
    const { scenarios } = coverageFile(coverageOn(engine, ["staged-rollup"], 200), ["staged-rollup"], HEAD);
    const row = scenarios[0]!.operations.find((each) => each.class === "subq ifsq_len" && each.operation === "ithread load");

    expect(Object.keys(row!.routines)).toContain("nicTxeof > ifsq_is_empty");
  });

  it("shows what a mutant loses: one that never stages has no stages to end (120 runs)", async () => {
    const { engine: mutant } = await loadVariant(ROOT, "mutants/never-stages");
    const branchesOf = (set: EngineSet): readonly string[] =>
      Object.keys(coverageOn(set, ["staged-rollup"], 120)["staged-rollup"]?.branches ?? {});
    const [kept, lost] = [branchesOf(mutant), branchesOf(engine)].map((names) => new Set(names)) as [Set<string>, Set<string>];
    const missing = [...lost].filter((name) => !kept.has(name));

    expect(missing).toContain("stage begins: packet held back");
    expect(missing).toContain("stage goes on: one more packet held back");
    expect(missing).toContain("interlock taken: by if_start_rollup");
    expect(kept).toContain("interlock taken: by ifq_dispatch");
  });
});
