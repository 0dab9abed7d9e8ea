import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeTools, pipelinePath, runGithub, runGitlab, runShell } from "./test-pipelines.ts";

/** Processes of their own, on a machine that may be busy. */
const RUNS = "132";
const SEED = "7";

let folder = "";
let env: NodeJS.ProcessEnv = {};
let alone: unknown = null;

const fresh = (name: string): string => mkdtempSync(join(folder, `${name}-`));

/** `results.json` without what depends on the clock. */
const resultsIn = (path: string): unknown => ({
  ...JSON.parse(readFileSync(join(path, "results.json"), "utf8")) as object,
  timing: null,
});

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "interlock-ci-"));
  env = { ...process.env, PATH: makeTools(join(folder, "tools")), RUNS, SSH_LOG: join(folder, "ssh.log") };
  for (const name of ["GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY"]) Reflect.deleteProperty(env, name);
  const words = ["npx", "interlock", "check", "--seed", SEED, "--runs", RUNS, "--jobs", "1", "--reporter", "json"];
  const { code, output } = await runShell([...words, "--out", join(folder, "alone")], folder, env);
  expect(`${String(code)} ${code === 0 ? "" : output}`).toBe("0 ");
  alone = resultsIn(join(folder, "alone"));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("the GitHub workflow", () => {
  it("comes to what one check comes to, and fails when a shard's part never arrives", async () => {
    const run = await runGithub("github.yml", fresh("github"), env);

    expect([...run.jobs].filter(([, { code }]) => code !== 0)).toEqual([]);
    expect([...run.jobs.keys()]).toEqual(["search (1)", "search (2)", "search (3)", "verdict"]);
    expect(resultsIn(join(run.workspace("verdict"), "interlock-out"))).toEqual(alone);
    expect(readFileSync(join(run.workspace("verdict"), "interlock-out", "junit.xml"), "utf8")).toContain("<testsuites");
    expect(run.summary("verdict")).toContain("| one-sender |");
    expect(run.summary("search (1)")).toBe("");

    const { code, output } = await run.again("verdict", "interlock-shard-2");
    expect(code).toBe(2);
    expect(output).toMatch(/shards are missing: 2\/3;/);
  });
});

describe("the GitLab pipeline", () => {
  it("comes to what one check comes to", async () => {
    const run = await runGitlab("gitlab.yml", fresh("gitlab"), env);

    expect([...run.jobs].filter(([, { code }]) => code !== 0)).toEqual([]);
    expect([...run.jobs.keys()]).toEqual(["search 1/3", "search 2/3", "search 3/3", "verdict"]);
    expect(resultsIn(join(run.artifacts, "interlock-out"))).toEqual(alone);
    expect(run.junit).toEqual([expect.stringContaining("<testsuites") as string]);
  });
});

describe("the shell script", () => {
  const script = pipelinePath("shards.sh");

  it("comes to what one check comes to, here and on another machine", async () => {
    const cwd = fresh("a folder of 'several' words");

    const { code, output } = await runShell(["sh", script, "2", "--runs", RUNS], cwd, { ...env, SEED, HOSTS: "localhost one" });

    expect(`${String(code)} ${code === 0 ? "" : output}`).toBe("0 ");
    expect(resultsIn(join(cwd, "interlock-out"))).toEqual(alone);
    expect(new Set(readFileSync(join(folder, "ssh.log"), "utf8").split("\n"))).toEqual(new Set(["one", ""]));
  });

  it("says which shard could not be run, and exits as that did", async () => {
    const { code, output } = await runShell(["sh", script, "2", "--scenario", "nowhere"], fresh("shell"), { ...env, SEED });

    expect(code).toBe(2);
    expect(output).toMatch(/^shard 1 ended with 2:\n.*interlock: .*nowhere/);
  });

  it("is told how many", async () => {
    const { code, output } = await runShell(["sh", script, "many"], fresh("shell"), env);

    expect({ code, output }).toEqual({ code: 2, output: `usage: ${script} N [options of interlock check]\n` });
  });
});
