import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Results } from "../reports/index.ts";
import { findRoot } from "../scripts/stamp.mjs";
import { emptyFolder, run } from "./test-io.ts";

const LOST = ["check", "--seed", "7", "--runs", "60", "--scenario", "lost-update"];
const PASSING = ["check", "--seed", "7", "--runs", "20", "--scenario", "locked-update"];

/** A folder with modules in it. */
function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = emptyFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

const moduleWith = (hooks: string): string => folderWith({ "mine.mjs": `export default { ${hooks} };\n` });

describe("several reporters", () => {
  it.each([
    ["once for each", ["--reporter", "json", "--reporter", "junit"]],
    ["in one, separated by commas", ["--reporter", "json,junit"]],
    ["one twice", ["--reporter", "junit, json", "--reporter", "json"]],
  ])("%s", async (_how, args) => {
    const cwd = emptyFolder();

    const { stdout, exit } = await run([...LOST, ...args], { cwd });

    expect(readdirSync(join(cwd, "interlock-out")).sort()).toEqual(["journal.jsonl", "junit.xml", "results.json"]);
    expect(stdout.match(/^written to .*$/gm)).toHaveLength(2);
    expect(exit).toBe(1);
  });

  it("leaves standard output to TAP, and tells people on standard error", async () => {
    const { stdout, stderr, exit } = await run([...LOST, "--reporter", "tap,json"]);

    expect(stdout).toMatch(/^TAP version 14\n1\.\.\d+\n/);
    expect(stdout).not.toMatch(/^seed 7|^plan|written to/m);
    expect(stderr).toMatch(/^seed 7\n[^]*^failed: .*\n$/m);
    expect(exit).toBe(1);
  });

  it("refuses two that want standard output for themselves, before the first run", async () => {
    const { stdout, stderr, exit } = await run([...LOST, "--reporter", "tap", "--json"]);

    expect(stderr).toBe("interlock: tap and --json both want standard output for themselves\n");
    expect([exit, stdout]).toEqual([2, ""]);
  });

  it("writes the same junit.xml for the same results, but for the time", async () => {
    const texts = await Promise.all([1, 2].map(async () => {
      const cwd = emptyFolder();
      await run([...LOST, "--reporter", "junit"], { cwd });
      return readFileSync(join(cwd, "interlock-out/junit.xml"), "utf8").replace(/ time="[\d.]+"/, "");
    }));

    expect(texts[0]).toContain("no-lost-update  in lost-update");
    expect(texts[0]).toBe(texts[1]);
  });
});

describe("a reporter of one's own", () => {
  it("is told everything, and may print and write", async () => {
    const cwd = moduleWith(`
      begin: ({ seed, plan }) => ({ print: ["begins " + seed + " " + plan.length] }),
      failure: async ({ failure }) => ({ print: ["saw " + failure.id] }),
      end: ({ results, failures }) => ({ files: { "mine.txt": results.totals.verdict + " " + failures.length } }),
    `);

    const { stdout, exit } = await run([...LOST, "--reporter", "./mine.mjs"], { cwd });

    expect(stdout).toMatch(/^begins 7 \d\nseed 7\n/);
    expect(stdout).toContain("saw no-lost-update\nViolation  no-lost-update");
    expect(readFileSync(join(cwd, "interlock-out/mine.txt"), "utf8")).toBe("failed 1");
    expect(exit).toBe(1);
  });

  it("may be a package", async () => {
    const cwd = folderWith({
      "node_modules/their-reporter/package.json": `{"name": "their-reporter", "type": "module", "exports": {"import": "./main.js"}}`,
      "node_modules/their-reporter/main.js": `export default { end: () => ({ print: ["from a package"] }) };`,
    });

    const { stdout, exit } = await run([...PASSING, "--reporter", "their-reporter"], { cwd, root: findRoot() });

    expect(stdout).toContain("\nfrom a package\n");
    expect(exit).toBe(0);
  });

  it("may be a package, but not one that is missing something", async () => {
    const cwd = folderWith({ "node_modules/their-reporter/package.json": `{"name": "their-reporter"}` });

    const { stderr, exit } = await run([...PASSING, "--reporter", "their-reporter"], { cwd, root: findRoot() });

    expect(stderr).toMatch(/^interlock: cannot load reporter 'their-reporter': .*Could not resolve "their-reporter".*\n$/);
    expect(exit).toBe(2);
  });

  it("does what the one in docs/reporters.md does", async () => {
    const docs = readFileSync(join(findRoot(), "docs/reporters.md"), "utf8");
    const cwd = folderWith({ "mine.mjs": /^```js\n([^]*?)^```$/m.exec(docs)![1]! });

    const { stdout } = await run([...LOST, "--reporter", "./mine.mjs"], { cwd });

    expect(stdout).toMatch(/^60 runs from seed 7$/m);
    expect(stdout).toMatch(/^no-lost-update is broken in lost-update: ilk1:\.\.\.$/m);
    expect(readFileSync(join(cwd, "interlock-out/verdict.txt"), "utf8")).toBe("failed, 1 told\n");
  });

  it("cannot change what others are told, nor the verdict", async () => {
    const cwd = moduleWith(`end: ({ results }) => { results.scenarios.length = 0; results.totals.failures = 0; }`);

    const { last, exit } = await run([...LOST, "--reporter", "./mine.mjs,json"], { cwd });

    const { scenarios } = JSON.parse(readFileSync(join(cwd, "interlock-out/results.json"), "utf8")) as Results;
    expect(scenarios).toHaveLength(1);
    expect(last).toMatch(/^failed: .*, 1 new failure/);
    expect(exit).toBe(1);
  });

  it.each([
    ["throws", `end: () => { throw new Error("no\\nluck"); }`, "no luck"],
    ["rejects", `end: async () => { throw "no luck"; }`, "no luck"],
    ["throws at a failure", `failure: () => { throw new Error("no luck"); }, end: () => ({ files: { never: "" } })`, "no luck"],
    ["returns what is nothing", `end: () => "text"`, "a hook returns nothing or an object with print, files or summary"],
    ["prints no lines", `end: () => ({ print: "text" })`, "print must be an array of lines"],
    ["writes elsewhere", `end: () => ({ files: { "../x": "" } })`, "'../x' is not a name for a file of a reporter"],
    ["writes the journal", `end: () => ({ files: { "journal.jsonl": "" } })`, "'journal.jsonl' is not a name for a file of a reporter"],
    ["writes no text", `end: () => ({ files: { x: 1 } })`, "files must be an object with a text for each name"],
    ["writes another's file", `end: () => ({ files: { "results.json": "" } })`, "results.json was written by reporter json already"],
  ])("that %s takes nothing away from the others, and fails the check with exit 2", async (_what, hooks, why) => {
    const cwd = moduleWith(hooks);

    const { stdout, stderr, last, exit } = await run([...LOST, "--reporter", "json,./mine.mjs,junit"], { cwd });

    expect(stderr).toBe(`interlock: reporter './mine.mjs' failed: ${why}\n`);
    expect(readdirSync(join(cwd, "interlock-out")).sort()).toEqual(["journal.jsonl", "junit.xml", "results.json"]);
    expect(stdout).toContain("Violation  no-lost-update  in lost-update");
    expect(last).toMatch(/^failed: /);
    expect(exit).toBe(2);
  });

  it("that fails before the first run ends the check", async () => {
    const cwd = moduleWith(`begin: () => { throw new Error("no luck"); }`);

    const { stdout, stderr, exit } = await run([...LOST, "--reporter", "./mine.mjs"], { cwd });

    expect(stderr).toBe("interlock: reporter './mine.mjs' failed: no luck\n");
    expect([exit, stdout]).toEqual([2, ""]);
  });

  it.each([
    ["./none.mjs", "", "cannot load reporter './none.mjs': no such file"],
    ["./mine.mjs", "export const end = 1;", "reporter './mine.mjs': the default export must be an object with the hooks begin, failure or end"],
    ["./mine.mjs", "export default {};", "reporter './mine.mjs': it has none of the hooks begin, failure and end"],
    ["./mine.mjs", "export default { end: 1 };", "reporter './mine.mjs': end must be a function"],
    ["./mine.mjs", "throw new Error('no\\nluck');", "cannot load reporter './mine.mjs': no luck"],
    ["jsno", "", "unknown reporter 'jsno'; did you mean json?"],
    ["quite-another", "", "unknown reporter 'quite-another'; known: console, json, junit, github, tap, html, sarif, ctrf, trace, mermaid"],
    ["json,,tap", "", "--reporter must name reporters, separated by commas, not 'json,,tap'"],
    ["", "", "--reporter must name reporters, separated by commas, not ''"],
  ])("%j (%j): one line, exit 2, before the first run", async (name, text, line) => {
    const cwd = folderWith({ "mine.mjs": text });

    const { stdout, stderr, exit } = await run([...LOST, "--reporter", name], { cwd });

    expect(stderr).toBe(`interlock: ${line}\n`);
    expect([exit, stdout]).toEqual([2, ""]);
  });
});

describe("a reporter that never answers", () => {
  afterEach(() => vi.useRealTimers());

  it("is given up", async () => {
    const cwd = moduleWith(`end: () => new Promise(() => {})`);
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });

    const running = run([...PASSING, "--reporter", "./mine.mjs"], { cwd });
    let ended = false;
    void running.then(() => {
      ended = true;
    });
    while (!ended) {
      await new Promise((resolve) => setImmediate(resolve));
      vi.advanceTimersByTime(30_000);
    }

    const { stderr, last, exit } = await running;
    expect(stderr).toBe("interlock: reporter './mine.mjs' failed: no answer within 60 s\n");
    expect(last).toMatch(/^passed: /);
    expect(exit).toBe(2);
  });
});

describe("on GitHub Actions", () => {
  const onGithub = (env: Readonly<Record<string, string>> = {}): { env: Record<string, string>; summary: string; root: string } => {
    const summary = join(emptyFolder(), "summary.md");
    writeFileSync(summary, "# Before\n");
    return { env: { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: summary, GITHUB_WORKSPACE: findRoot(), ...env }, summary, root: emptyFolder() };
  };

  it("annotates and summarises by itself", async () => {
    const where = onGithub();

    const { stdout, last } = await run(LOST, where);

    expect(stdout.match(/^::.*$/gm)).toEqual([
      expect.stringMatching(/^::error title=Violation no-lost-update in lost-update::Every thread's increment is counted\.%0A.*%0Areplay: npx interlock replay ilk1:\S+$/),
    ]);
    expect(readFileSync(where.summary, "utf8")).toMatch(/^# Before\n## Interlock: failed\n/);
    expect(last).toMatch(/^failed: /);
  });

  it.each([
    ["is off with an explicit console", ["--reporter", "console"], {}],
    ["is off elsewhere", [], { GITHUB_ACTIONS: "" }],
  ])("%s", async (_what, args, env) => {
    const where = onGithub(env);

    const { stdout } = await run([...LOST, ...args], where);

    expect(stdout).not.toMatch(/^::/m);
    expect(readFileSync(where.summary, "utf8")).toBe("# Before\n");
  });

  it("works by name elsewhere, without a summary", async () => {
    const { stdout, exit } = await run([...LOST, "--reporter", "github"]);

    expect(stdout).toMatch(/^::error title=Violation/m);
    expect(exit).toBe(1);
  });

  it("leaves standard output to results.json", async () => {
    const { stdout, stderr } = await run([...LOST, "--json"], onGithub());

    expect((JSON.parse(stdout) as Results).seed).toBe(7);
    expect(stderr).toMatch(/^::error /m);
  });

  it("keeps the summary below what GitHub takes, whatever is in it already", async () => {
    const where = onGithub();
    writeFileSync(where.summary, "x".repeat(1024 * 1024 - 700));

    const { exit } = await run(LOST, where);

    const { length } = readFileSync(where.summary);
    expect(length).toBeGreaterThan(1024 * 1024 - 700);
    expect(length).toBeLessThanOrEqual(1024 * 1024);
    expect(exit).toBe(1);
  });

  it("says so when the summary cannot be written", async () => {
    const { stderr, exit } = await run(LOST, onGithub({ GITHUB_STEP_SUMMARY: emptyFolder() }));

    expect(stderr).toMatch(/^interlock: reporter 'github' failed: cannot write '.*': it is a folder\n$/);
    expect(exit).toBe(2);
  });
});
