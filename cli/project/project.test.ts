import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Results } from "../../reports/index.ts";
import { findRoot } from "../../scripts/stamp.mjs";
import { projectConfigJsonSchema } from "./config-schema.ts";
import { LENGTHS, PROPERTY, SCENARIO, projectWith, runIn, scenarioNamed, writeFiles } from "./test-project.ts";

const CONFIG = { scenarios: ["./scenarios.ts"], properties: ["properties.ts"], check: { seed: 3, runs: 40 } };
const FILES = { "scenarios.ts": SCENARIO, "properties.ts": PROPERTY, "lengths.ts": LENGTHS };
const JSON_FILES = { ...FILES, "interlock.config.json": CONFIG };

const parsed = (stdout: string): Results => JSON.parse(stdout) as Results;

describe("a project", () => {
  it.each([
    ["json", JSON.stringify(CONFIG)],
    ["mjs", `export default ${JSON.stringify(CONFIG)};`],
    ["ts", `import { defineConfig } from "interlock";\nexport default defineConfig(${JSON.stringify(CONFIG)});`],
  ])("is checked as its interlock.config.%s says: its scenarios, its properties, its defaults", async (ending, text) => {
    const cwd = projectWith({ ...FILES, [`interlock.config.${ending}`]: text });

    const { stdout, exit } = await runIn(cwd, "check", "--json");

    const { seed, totals, scenarios } = parsed(stdout);
    expect([seed, totals.runs]).toEqual([3, 40]);
    expect(scenarios.map(({ name, failures }) => [name, failures.map(({ property }) => property)]))
      .toEqual([["two-cpus-send", ["nothing-is-sent"]]]);
    expect(exit).toBe(1);
  });

  it("is checked with what the command line says instead", async () => {
    const cwd = projectWith(JSON_FILES);

    const { stdout } = await runIn(cwd, "check", "--json", "--seed", "9", "--runs", "20", "--property", "locks-are-free");

    const { seed, totals } = parsed(stdout);
    expect([seed, totals.runs, totals.failures]).toEqual([9, 20, 0]);
  });

  it("writes its reports where its configuration file says, with the reporters it names", async () => {
    const config = { ...CONFIG, check: { ...CONFIG.check, reporters: ["json", "./mine.mjs"], out: "reports" } };
    const mine = `export default { end: () => ({ files: { "mine.txt": "mine" } }) };`;
    const cwd = projectWith({ ...FILES, "sub/interlock.config.json": config, "sub/mine.mjs": mine, "sub/scenarios.ts": SCENARIO, "sub/properties.ts": PROPERTY, "sub/lengths.ts": LENGTHS });

    await runIn(cwd, "check", "--config", "sub/interlock.config.json");

    expect(readdirSync(join(cwd, "sub/reports")).sort()).toEqual(["journal.jsonl", "mine.txt", "results.json"]);
  });

  it("has its scenarios simulated", async () => {
    const { stdout, exit } = await runIn(projectWith(JSON_FILES), "simulate", "two-cpus-send");

    expect(stdout).toContain("2 offered, 2 sent");
    expect(exit).toBe(0);
  });

  it("is checked with the stock scenarios too on demand, and with them alone when it has none", async () => {
    const cwd = projectWith(JSON_FILES);
    const other = projectWith({ ...FILES, "interlock.config.json": { ...CONFIG, scenarios: [] } });

    // Not PCT: then every scenario would first be asked how long its runs are.
    const short = ["check", "--json", "--runs", "1", "--strategy", "random"];
    const both = parsed((await runIn(cwd, ...short, "--stock")).stdout);
    const stock = parsed((await runIn(other, ...short)).stdout);

    expect(both.scenarios.map(({ name }) => name)).toEqual([...stock.scenarios.map(({ name }) => name), "two-cpus-send"]);
    expect(stock.scenarios.length).toBeGreaterThan(20);
  });

  it("is replayed from a token, in its folder only", async () => {
    const cwd = projectWith(JSON_FILES);
    const { stdout } = await runIn(cwd, "check", "--json");
    const { token } = parsed(stdout).scenarios[0]!.failures[0]!;

    const replayed = await runIn(cwd, "replay", token);
    const elsewhere = await runIn(projectWith({}), "replay", token);

    expect(replayed.last).toMatch(/^fails as recorded: Violation nothing-is-sent after/);
    expect(elsewhere.stderr).toMatch(/^interlock: unknown scenario 'two-cpus-send'/);
    expect([replayed.exit, elsewhere.exit]).toEqual([1, 2]);
  });

  it("changes the identity of the code with every file it is made of", async () => {
    const cwd = projectWith(JSON_FILES);
    const { stdout } = await runIn(cwd, "check", "--json");
    const { token } = parsed(stdout).scenarios[0]!.failures[0]!;
    writeFiles(cwd, { "lengths.ts": `${LENGTHS}\n// edited` });

    const { stdout: replayed } = await runIn(cwd, "replay", token);

    expect(replayed.split("\n")[0]).toBe("replay of scenario two-cpus-send; the code has changed since it was recorded");
  });

  it("is checked on a variant of the model", async () => {
    const cwd = projectWith({ ...JSON_FILES, "properties.ts": `export {};`, "interlock.config.json": { ...CONFIG, properties: [] } });

    const { stdout } = await runIn(cwd, "check", "--json", "--variant", "takes-without-removing");

    const { variant, totals } = parsed(stdout);
    expect(variant).toBe("mutants/takes-without-removing");
    expect(totals.failures).toBeGreaterThan(0);
  });

  it("knows the known failures of the package", async () => {
    const cwd = projectWith(JSON_FILES);

    const { stdout } = await runIn(cwd, "check", "--json", "--scenario", "handoff", "--property", "locks-are-free");

    const { findings, totals } = parsed(stdout);
    expect(findings.filter(({ status }) => status === "known").length).toBeGreaterThan(0);
    expect(totals.failures).toBe(0);
  });

  it("is listed with the module that each thing comes from", async () => {
    const { stdout } = await runIn(projectWith(JSON_FILES), "list", "--json");

    const listed = JSON.parse(stdout) as Record<"scenarios" | "properties", { name: string; from: string }[]>;
    expect(listed.scenarios.find(({ name }) => name === "two-cpus-send")?.from).toBe("./scenarios.ts");
    expect(listed.properties.find(({ name }) => name === "nothing-is-sent")?.from).toBe("properties.ts");
    expect(listed.scenarios.find(({ name }) => name === "one-sender")?.from).toBe("stock");
  });

  it("is bundled once", async () => {
    const cwd = projectWith(JSON_FILES);
    const engines = join(findRoot(), "build/engines");
    const seen = (): readonly string[] => readdirSync(engines).map((name) => `${name} ${String(statSync(join(engines, name)).ctimeMs)}`);
    await runIn(cwd, "list");
    const before = seen();

    await runIn(cwd, "list");

    expect(seen()).toEqual(before);
  });
});

describe("a configuration that cannot be used is refused with one line, exit 2", () => {
  const json = (config: unknown, files = {}): Record<string, unknown> => ({ "interlock.config.json": config, ...files });

  it.each([
    ["no JSON", json("{"), /^interlock\.config\.json: .*JSON/],
    ["no object", json([]), "interlock.config.json: expected object, received array"],
    ["an unknown key", json({ scenario: [] }), "interlock.config.json: unknown key scenario; did you mean scenarios?"],
    ["an unknown default", json({ check: { sed: 1 } }), "interlock.config.json: check: unknown key sed; did you mean seed?"],
    ["a wrong type", json({ scenarios: "a.ts" }), "interlock.config.json: scenarios: expected array, received string"],
    ["a wrong number", json({ check: { runs: 0 } }), "interlock.config.json: check.runs: Too small: expected number to be >=1"],
    ["an unknown strategy", json({ check: { strategy: "randm" } }), "unknown strategy 'randm'; did you mean random?"],
    ["an unknown reporter", json({ check: { reporters: ["jsn"] } }), "unknown reporter 'jsn'; did you mean json?"],
    ["a missing module", json({ properties: ["a.ts"] }), "interlock.config.json: properties[0]: no such file: 'a.ts'"],
    ["a module named twice", json({ scenarios: ["s.ts", "./s.ts"] }, { "s.ts": SCENARIO }), "interlock.config.json: scenarios[1]: './s.ts' is named twice"],
    ["a module that throws", json({ scenarios: ["a.ts"] }, { "a.ts": "throw new Error('boom');" }), "interlock.config.json: scenarios[0]: a.ts throws: boom"],
    ["a module that does not parse", json({ scenarios: ["a.ts"] }, { "a.ts": "const;" }), /^interlock\.config\.json: its modules cannot be bundled: .*a\.ts:1:6: /],
    ["a package that is not there", json({ scenarios: ["a.ts"] }, { "a.ts": "import 'no-such';" }), /^interlock\.config\.json: its modules cannot be bundled: .*a\.ts:1:8: Could not resolve "no-such"/],
    ["an entry that is not there", json({ scenarios: ["a.ts"] }, { "a.ts": "import 'interlock/cli';" }), /Interlock has no "interlock\/cli"; it has interlock, interlock\/sim, /],
    ["a module without a scenario", json({ scenarios: ["a.ts"] }, { "a.ts": "export const a = 1;" }), "interlock.config.json: scenarios[0]: a.ts: exports no scenario"],
    ["a module with something else", json({ scenarios: ["a.ts"] }, { "a.ts": PROPERTY, "lengths.ts": LENGTHS }), "interlock.config.json: scenarios[0]: a.ts: export property is no scenario: purpose must be a text"],
    ["a property that is none", json({ properties: ["a.ts"] }, { "a.ts": SCENARIO }), "interlock.config.json: properties[0]: a.ts: export scenario is no property: promise must be a text"],
    ["two scenarios of one name", json({ scenarios: ["a.ts", "b.ts"] }, { "a.ts": SCENARIO, "b.ts": SCENARIO }), "interlock.config.json: scenarios[1]: b.ts: the name two-cpus-send is taken by a.ts"],
    ["the name of a stock scenario", json({ scenarios: ["a.ts"] }, { "a.ts": scenarioNamed("one-sender") }), "interlock.config.json: scenarios[0]: a.ts: the name one-sender is taken by Interlock's own"],
    ["a record that cannot be run", json({ scenarios: ["a.ts"] }, { "a.ts": scenarioNamed("s", "vary: { topology: { subqs: [3] } },") }), "a.ts: scenario s: vary: topology.subqs: must be a power of two"],
    ["a program that throws", { "interlock.config.mjs": "throw new Error('boom');" }, "interlock.config.mjs: throws: boom"],
    ["a program without a default export", { "interlock.config.mjs": "export const config = {};" }, "interlock.config.mjs: has no default export: export default { ... }"],
    ["two configuration files", json({}, { "interlock.config.mjs": "" }), "there are several configuration files, keep one: interlock.config.json, interlock.config.mjs"],
  ])("%s", async (_what, files, message) => {
    const { stdout, stderr, exit } = await runIn(projectWith(files), "check", "--runs", "1");

    expect(stdout).toBe("");
    expect(stderr.split("\n")).toEqual([expect.any(String), ""]);
    const said = stderr.trimEnd().replace(/^interlock: /, "");
    if (typeof message === "string") expect(said).toBe(message);
    else expect(said).toMatch(message);
    expect(exit).toBe(2);
  });

  it("a file that is not there", async () => {
    const { stderr, exit } = await runIn(projectWith({}), "list", "--config", "other.json");

    expect([stderr, exit]).toEqual(["interlock: --config: no such file: 'other.json'\n", 2]);
  });
});

describe("the schema of the configuration file", () => {
  it("is the one that ships (vitest -u writes it)", async () => {
    await expect(projectConfigJsonSchema()).toMatchFileSnapshot("../config.schema.json");
  });
});
