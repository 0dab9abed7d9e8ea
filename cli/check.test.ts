import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Results } from "../reports/index.ts";
import { testEngine } from "./test-engine.ts";
import { emptyFolder, run } from "./test-io.ts";
import { writeToken } from "./tokens.ts";

const parsed = (stdout: string): Results => JSON.parse(stdout) as Results;

/** A package folder with one finding: the first failure of a scenario. */
async function rootWithFinding(scenario: string, change: Record<string, string> = {}): Promise<string> {
  const { stdout } = await run(["check", "--seed", "7", "--runs", "50", "--scenario", scenario, "--json"]);
  const failure = parsed(stdout).scenarios[0]!.failures[0]!;
  const root = emptyFolder();
  mkdirSync(join(root, "findings"));
  const finding = { ...failure, reason: "known for this test", ...change };
  writeFileSync(join(root, "findings", "a-known-bug.json"), JSON.stringify(finding));
  return root;
}

describe("check", () => {
  it("prints seed and plan first, a table and a summary line last", async () => {
    const { stdout, last, exit } = await run(["check", "--seed", "7", "--runs", "40", "--scenario", "locked-*,l?cked-update"]);

    expect(stdout.split("\n").slice(0, 3)).toEqual([
      "seed 7",
      "plan 40 runs: strategy, runs, first seed",
      expect.stringMatching(/^ {2}locked-update {2}random 16 from 7 {2}pct:d=3,k=[1-9]\d* 12 from 23 /) as string,
    ]);
    expect(stdout).toMatch(/^scenario +runs +distinct schedules +steps +verdict$/m);
    expect(last).toMatch(/^passed: 38 runs of 1 scenario, \d+ distinct schedules, 0 new failures/);
    expect(exit).toBe(0);
  });

  it("draws a seed when none is given, and prints one that can be given", async () => {
    const { stdout } = await run(["check", "--runs", "4", "--scenario", "locked-update"]);

    expect(stdout.split("\n")[0]).toMatch(/^seed [0-9]{1,15}$/);
  });

  it("fails with each distinct failure once, its runs counted", async () => {
    const { stdout, exit } = await run(["check", "--seed", "7", "--runs", "60", "--scenario", "lost-update"]);

    expect(stdout.match(/^Violation {2}no-lost-update {2}in lost-update$/gm)).toHaveLength(1);
    expect(stdout).toMatch(/; [0-9]{2} runs failed so$/m);
    expect(exit).toBe(1);
  });

  it("prints a replay line that works", async () => {
    const { stdout } = await run(["check", "--seed", "7", "--runs", "60", "--scenario", "crossed-locks"]);
    const token = /npx interlock replay (ilk1:\S+)/.exec(stdout)![1]!;

    const replayed = await run(["replay", token]);

    expect(replayed.last).toMatch(/^fails as recorded: Stuck deadlock after \d+ steps/);
    expect(replayed.exit).toBe(1);
  });

  it("stops at the first failure in plan order with --bail", async () => {
    const { stdout } = await run(["check", "--seed", "7", "--runs", "400", "--bail", "--json"]);

    const { scenarios, totals } = parsed(stdout);
    expect(scenarios[0]!.failures).toHaveLength(1);
    expect(totals.failures).toBe(1);
    expect(scenarios.slice(1).map(({ verdict }) => verdict)).toEqual(["not-run", "not-run", "not-run"]);
  });

  it("arms one property only with --property, and its token replays the same way", async () => {
    const args = ["check", "--seed", "7", "--runs", "40", "--scenario", "lost-update"];

    const other = await run([...args, "--property", "lock-is-released"]);
    const own = await run([...args, "--property", "no-lost-update"]);

    expect(other.exit).toBe(0);
    expect(own.exit).toBe(1);
  });

  it("exits 7 for runs that hit a bound with --inconclusive=fail, and never calls them passed", async () => {
    const args = ["check", "--seed", "7", "--runs", "2", "--scenario", "endless-loop"];

    const reported = await run(args);
    const failed = await run([...args, "--inconclusive", "fail"]);

    expect(reported.last).toMatch(/^inconclusive: /);
    expect([reported.exit, failed.exit]).toEqual([0, 7]);
  });

  it("divides --runs over the plan exactly", async () => {
    const { stdout } = await run(["check", "--seed", "7", "--runs", "7", "--json"]);

    const { plan, totals } = parsed(stdout);
    expect(plan.reduce((sum, { runs }) => sum + runs, 0)).toBe(7);
    expect(totals.runs).toBe(7);
  });

  it("reruns one run by its seed alone", async () => {
    const args = ["check", "--scenario", "lost-update", "--json"];
    const many = parsed((await run([...args, "--seed", "7", "--runs", "60"])).stdout).scenarios[0]!;
    const found = many.failures[0]!;
    const shown = await run(["check", "--scenario", "lost-update", "--seed", "7", "--runs", "60"]);
    const seed = /seed (\d+); \d+ runs? failed so/.exec(shown.stdout)![1]!;

    const one = parsed((await run([...args, "--seed", seed, "--runs", "1"])).stdout).scenarios[0]!;

    expect(one.failures[0]!.token).toBe(found.token);
  });
});

describe("check with known failures", () => {
  it("reproduces them, calls them known and does not fail", async () => {
    const root = await rootWithFinding("lost-update");

    const { stdout, exit } = await run(["check", "--seed", "9", "--runs", "40", "--scenario", "lost-update", "--json"], { root });

    const { findings, scenarios } = parsed(stdout);
    expect(findings.map(({ status }) => status)).toEqual(["known"]);
    expect(scenarios[0]!.verdict).toBe("known");
    expect(exit).toBe(0);
  });

  it("lets an entry match nothing but its own fingerprint", async () => {
    const root = await rootWithFinding("lost-update", { fingerprint: "0123456789abcdef" });

    const { exit } = await run(["check", "--seed", "9", "--runs", "40", "--scenario", "lost-update"], { root });

    expect(exit).toBe(1);
  });

  it("lists an entry that no longer reproduces as stale, exit 6 with --stale=fail", async () => {
    const what = { scenario: "locked-update", config: testEngine.scenario("locked-update").smallest };
    const choices = { schedule: [], draws: [] };
    const token = writeToken({ ...what, choices, variant: null, property: null, fingerprint: "gone", code: "test" });
    const root = await rootWithFinding("crossed-locks", { token });
    const args = ["check", "--seed", "7", "--runs", "4", "--scenario", "locked-update"];

    const report = await run(args, { root });
    const fail = await run([...args, "--stale=fail"], { root });

    expect(report.stdout).toMatch(/a-known-bug +deadlock +stale: it no longer reproduces/);
    expect([report.exit, fail.exit]).toEqual([0, 6]);
  });

  it("refuses an entry that is not well formed", async () => {
    const root = emptyFolder();
    mkdirSync(join(root, "findings"));
    writeFileSync(join(root, "findings", "half.json"), '{"property": "x"}');

    const { stderr, exit, stdout } = await run(["check", "--seed", "1", "--runs", "1"], { root });

    expect(stderr).toBe("interlock: findings/half.json: kind must be a non-empty text\n");
    expect([exit, stdout]).toEqual([2, ""]);
  });
});

describe("check and its files", () => {
  it("writes results.json by rename", async () => {
    const cwd = emptyFolder();

    const { stdout } = await run(["check", "--seed", "7", "--runs", "8", "--reporter", "json"], { cwd });

    const out = join(cwd, "interlock-out");
    expect(readdirSync(out)).toEqual(["journal.jsonl", "results.json"]);
    expect(parsed(readFileSync(join(out, "results.json"), "utf8")).seed).toBe(7);
    expect(stdout).toContain("results.json");
  });

  it("writes its journal and nothing else when nothing fails and no reporter writes", async () => {
    const cwd = emptyFolder();

    await run(["check", "--seed", "7", "--runs", "8", "--scenario", "locked-update"], { cwd });

    expect(readdirSync(cwd)).toEqual(["interlock-out"]);
    expect(readdirSync(join(cwd, "interlock-out"))).toEqual(["journal.jsonl"]);
  });

  it("refuses a folder it cannot write to, before the first step", async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, "file"), "");

    const { stdout, stderr, exit } = await run(["check", "--seed", "7", "--out", "file/below"], { cwd });

    expect(stderr).toMatch(/^interlock: cannot write to '.*file\/below': part of the path is not a folder\n$/);
    expect([exit, stdout]).toEqual([2, ""]);
  });
});

describe("check and signals", () => {
  it.each([["SIGINT", 130], ["SIGTERM", 143]] as const)("writes what it has at %s and exits %i", async (signal, code) => {
    const cwd = emptyFolder();
    const args = ["check", "--seed", "7", "--runs", "100000", "--scenario", "endless-loop", "--reporter", "json"];

    const { last, exit } = await run(args, { cwd, signal });

    const results = parsed(readFileSync(join(cwd, "interlock-out", "results.json"), "utf8"));
    expect(results.interrupted).toBe(signal);
    expect(results.totals.runs).toBeGreaterThan(0);
    expect(results.totals.runs).toBeLessThan(100_000);
    expect(last).toMatch(new RegExp(`^interrupted by ${signal}: ${String(results.totals.runs)} runs?\\b`));
    expect(exit).toBe(code);
  });
});

describe("bad input to check", () => {
  it.each([
    [["--seed", ""], "--seed must be 1 to 15 digits, not ''"],
    [["--seed=-1"], "--seed must be 1 to 15 digits, not '-1'"],
    [["--seed", "1.5"], "--seed must be 1 to 15 digits, not '1.5'"],
    [["--seed", "NaN"], "--seed must be 1 to 15 digits, not 'NaN'"],
    [["--seed", "1e99"], "--seed must be 1 to 15 digits, not '1e99'"],
    [["--seed", "1234567890123456"], "--seed must be 1 to 15 digits, not '1234567890123456'"],
    [["--runs", "0"], "--runs must be an integer from 1 to 1000000000, not '0'"],
    [["--shrink-budget", "-1"], "--shrink-budget must be an integer from 0 to 1000000, not '-1'"],
    [["--shrink-budget", "many"], "--shrink-budget must be an integer from 0 to 1000000, not 'many'"],
    [["--scenario", "lost-updat"], "unknown scenario 'lost-updat'; did you mean lost-update?"],
    [["--scenario", "lost-update,"], "--scenario 'lost-update,': there is no name before or behind a comma"],
    [["--sources", "/nowhere"], "--sources: '/nowhere' has no document 001_….txt"],
    [["--property", "no-lost-updates"], "unknown property 'no-lost-updates'; did you mean no-lost-update?"],
    [["--strategy", "randon"], "unknown strategy 'randon'; did you mean random?"],
    [["--strategy", "random:d=3"], "unknown parameter of strategy random 'd'; known: none"],
    [["--stale", "fial"], "unknown value of --stale 'fial'; did you mean fail?"],
    [["--reporter", "jsno"], "unknown reporter 'jsno'; did you mean json?"],
    [["--sede", "4"], "unknown option '--sede' (Did you mean --seed?)"],
    [["surplus"], "too many arguments for 'check'. Expected 0 arguments but got 1."],
  ])("%j: one line, exit 2", async (args, line) => {
    const { stdout, stderr, exit } = await run(["check", ...args]);

    expect(stderr).toBe(`interlock: ${line}\n`);
    expect([exit, stdout]).toEqual([2, ""]);
  });
});
