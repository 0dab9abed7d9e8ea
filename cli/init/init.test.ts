import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { projectWith, runIn } from "../project/test-project.ts";
import { emptyFolder } from "../test-io.ts";
import { makeTools, runGithub } from "../test-pipelines.ts";

/** As the example names it for the local runner. */
const WORKFLOW = "../examples/init/interlock.yml";
const MARKED = /^.*PLANTED BUG.*\n/m;

const check = (folder: string, ...args: readonly string[]) =>
  runIn(folder, "check", "--seed", "1", "--runs", "60", "--jobs", "0", ...args);

describe("init", () => {
  it("writes a project whose first check finds the planted bug by its property; removing the marked line mends it", async () => {
    const home = projectWith({});
    const { exit, stdout } = await runIn(home, "init", "new");
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^ {2}cd new && npx interlock check\n {2}npx interlock explain TOKEN/m);
    const folder = join(home, "new");

    const found = await check(folder);
    expect(found.stdout).toMatch(/^Violation {2}card-is-told {2}in full-ring\n {2}Once the system is quiet, the card has been told/m);
    expect(found.exit).toBe(1);

    const token = /replay (ilk\S+)/.exec(found.stdout)?.[1] ?? "";
    const explained = await runIn(folder, "explain", token, "--budget", "100");
    expect(explained.stdout).toMatch(/^Violation card-is-told: /m);

    const driver = readFileSync(join(folder, "skel.ts"), "utf8");
    writeFileSync(join(folder, "skel.ts"), driver.replace(MARKED, ""));
    const mended = await check(folder);
    expect(mended.last).toMatch(/^passed: 60 runs of 1 scenario, .* 0 new failures/);
    expect(mended.exit).toBe(0);
  });

  it("plants one line, in the driver of the guide", async () => {
    const home = projectWith({});
    await runIn(home, "init");

    const driver = readFileSync(join(home, "skel.ts"), "utf8");
    expect(driver.replace(MARKED, "")).toBe(readFileSync(join(import.meta.dirname, "../../docs/examples/driver/skel.ts"), "utf8"));
    expect(driver).toMatch(MARKED);
  });

  it("writes a workflow that fails for the bug, and uploads results and the regression", async () => {
    const home = projectWith({});
    await runIn(home, "init");
    const config = readFileSync(join(home, "interlock.config.ts"), "utf8");
    writeFileSync(join(home, "interlock.config.ts"), config.replace("runs: 2000", "runs: 60"));
    const place = emptyFolder();

    const run = await runGithub(WORKFLOW, place, { ...process.env, PATH: makeTools(join(place, "tools")) }, home);

    expect(readFileSync(join(home, ".github/workflows/interlock.yml"), "utf8")).toContain('--seed "$SEED"');
    expect(run.jobs.get("check")?.code).toBe(1);
    expect(run.jobs.get("check")?.output).toMatch(/^seed 7$/m);
    const uploaded = (folder: string) => readdirSync(join(place, "artifacts/interlock-results", folder)).sort();
    expect(uploaded("interlock-out")).toEqual(expect.arrayContaining(["junit.xml", "results.json"]));
    expect(uploaded("regressions")).toEqual(["card-is-told-full-ring.json"]);
  });
});

describe("init refuses, with exit code 2 and nothing written,", () => {
  it.each([
    ["a second time", "skel.ts", ["init"]],
    ["where a configuration of another kind is", "interlock.config.json", ["init"]],
    ["where the workflow is taken", "sub/.github/workflows/interlock.yml", ["init", "sub"]],
  ])("%s", async (_when, file, args) => {
    const home = projectWith({ [file]: "mine" });

    const { exit, stdout, stderr } = await runIn(home, ...args);

    expect({ exit, stdout, stderr }).toEqual({
      exit: 2,
      stdout: "",
      stderr: `interlock: init: '${file}' exists, and is not overwritten: nothing was written; name another folder\n`,
    });
    expect(readdirSync(home)).toEqual([file.split("/")[0]]);
    expect(readFileSync(join(home, file), "utf8")).toBe("mine");
  });

  it("where a file is in the place of its folder", async () => {
    const home = projectWith({ "taken": "mine" });

    const { exit, stderr } = await runIn(home, "init", "taken");

    expect([exit, stderr]).toEqual([2, expect.stringMatching(/^interlock: init: cannot write to '.*taken': .*; nothing was written\n$/)]);
    expect(existsSync(join(home, "interlock.config.ts"))).toBe(false);
  });

  // Plain `mkdir -p` of Node never comes back here.
  it.runIf(existsSync("/proc/self"))("where no folder can be", async () => {
    const { exit, stderr } = await runIn(projectWith({}), "init", "/proc/interlock");

    expect([exit, stderr]).toEqual([2, expect.stringMatching(/^interlock: init: cannot write to '\/proc\/interlock': .*; nothing was written\n$/)]);
  });
});
