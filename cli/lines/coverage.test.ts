import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lcovParser } from "@friedemannsommer/lcov-parser/sync";
import { beforeAll, describe, expect, test } from "vitest";
import { findRoot } from "../../scripts/stamp.mjs";
import { buildFolder } from "../build-folder.ts";
import { emptyFolder, run, type Ran } from "../test-io.ts";
import { linesSchema, type Lines } from "./places.ts";

const root = findRoot();
const folders = emptyFolder();
const folder = (name: string): string => join(folders, name);
const coverage = (...args: readonly string[]): Promise<Ran> => run(["coverage", ...args], { root, cwd: folders });
const read = (name: string): Lines => linesSchema.parse(JSON.parse(readFileSync(join(folder(name), "lines.json"), "utf8")));
const text = (name: string, file: string): string => readFileSync(join(folder(name), file), "utf8");
const SMALL = ["--seed", "3", "--runs", "40", "--scenario", "attach-detach-churn", "--jobs", "0"];

describe("coverage of the lines of the C", () => {
  let whole: Ran;

  beforeAll(async () => {
    whole = await coverage(...SMALL, "--out", "whole");
  });

  test("tells the functions that were called, and by whom", () => {
    expect(whole.exit).toBe(0);
    expect(whole.stdout).toMatch(/^ifnet_array_add +001 +3531-3557 +\d+ +13\/13 +1\/1 +thread$/m);
    expect(whole.stdout).toMatch(/^ifsq_watchdog +001 +3443-3462 +0 /m);
    expect(whole.last).toMatch(/^40 runs, \d+ of them failed; lines.json, functions.txt, lines.txt, lcov.info are in whole$/);
  });

  test("two runs are the same, to the bit, in whichever threads", async () => {
    await coverage(...SMALL.slice(0, -1), "2", "--out", "again");

    for (const file of ["lines.json", "functions.txt", "lines.txt", "lcov.info"]) {
      expect(text("again", file)).toBe(text("whole", file));
    }
  });

  test("the usual build has no trace of marks", async () => {
    const build = await buildFolder();
    const scripts = readdirSync(build, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".js"));
    const traces = scripts.filter((name) => /\/\/@ \d|\$hit\(\d/.test(readFileSync(join(build, name), "utf8")));

    expect(scripts.length).toBeGreaterThan(3);
    expect(traces).toEqual([]);
  });

  test("shards add up to the whole", async () => {
    await coverage(...SMALL, "--shard", "1/2", "--out", "one");
    await coverage(...SMALL, "--shard", "2/2", "--out", "two");
    const { exit } = await coverage("--merge", "one", "two", "--out", "both");

    expect(exit).toBe(0);
    expect(read("one").runs).toBeLessThan(40);
    expect(text("both", "lines.json")).toBe(text("whole", "lines.json"));
  });

  test("what is merged twice counts twice", async () => {
    await coverage("--merge", "whole", "whole", "--out", "twice");
    const once = read("whole");
    const twice = read("twice");

    expect(twice.runs).toBe(80);
    expect(twice.places.map(({ hits }) => hits)).toEqual(once.places.map(({ hits }) =>
      Object.fromEntries(Object.entries(hits).map(([kind, count]) => [kind, 2 * count]))));
  });

  test("lcov reads it, file by file, function by function", () => {
    const sections = lcovParser({ from: text("whole", "lcov.info") });
    const [xnu, dragonfly, tun] = ["bsd/net/if_loop.c", "sys/net/if.c", "sys/net/tun/if_tun.c"]
      .map((path) => sections.find((section) => section.path === path));
    const add = dragonfly?.functions.details.find(({ name }) => name === "ifnet_array_add");

    expect(sections).toHaveLength(3);
    expect([xnu?.functions.instrumented, dragonfly?.functions.instrumented, tun?.functions.instrumented]).toEqual([2, 108, 13]);
    expect(add).toMatchObject({ line: 3531 });
    expect(add?.hit).toBeGreaterThan(0);
    expect(dragonfly?.lines.details.find(({ line }) => line === 3554)?.hit).toBe(add?.hit);
    expect(dragonfly?.branches.details.some(({ line, hit }) => line === 3576 && hit > 0)).toBe(true);
  });
});

describe("over the text of the C", () => {
  const seeds = (name: string, one: string): string => {
    const made = emptyFolder();
    for (const seed of ["000", "001", "003"]) writeFileSync(join(made, `${seed}_${name}.txt`), one);
    return made;
  };

  test("pages show it, with what was counted", async () => {
    const lines = Array.from({ length: 3626 }, (_, i) => `${String(i + 1)}\u00a0\tline <${String(i + 1)}>;`).join("\n");
    const { exit, last } = await coverage("--merge", "whole", "--out", "pages", "--sources", seeds("text", lines));
    const page = text("pages", "html/sys/net/if.c.html");

    expect(exit).toBe(0);
    expect(last).toMatch(/and html\/ are in pages$/);
    expect(page).toContain("line &lt;3554&gt;;");
  });

  test("a folder without the documents is one clear line", async () => {
    const empty = emptyFolder();
    expect(await coverage("--merge", "whole", "--sources", empty)).toMatchObject({
      exit: 2, stdout: "", stderr: `interlock: --sources: '${empty}' has no document 001_….txt\n`,
    });
  });
});

describe("bad input is one clear line, exit 2", () => {
  const refuses = async (...args: readonly string[]): Promise<string> => {
    const { exit, stdout, stderr } = await coverage(...args);
    expect([exit, stdout]).toEqual([2, ""]);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    return stderr;
  };

  test("options", async () => {
    expect(await refuses("--runs", "0")).toContain("--runs must be an integer from 1");
    expect(await refuses("--scenario", "nothing-like-it")).toContain("scenario");
    expect(await refuses("--strategy", "luck")).toContain("strategy");
    expect(await refuses("--shard", "3/2")).toContain("--shard must be i/n");
    expect(await refuses("--merge", "whole", "--runs", "3")).toContain("--merge and --runs do not go together");
  });

  test("folders to merge", async () => {
    const odd = (name: string, content: string): string => {
      mkdirSync(folder(name));
      writeFileSync(join(folder(name), "lines.json"), content);
      return name;
    };
    const other = JSON.stringify({ ...read("whole"), version: "9.9.9" });

    expect(await refuses("--merge", "nowhere")).toMatch(/there is no '.*lines.json'/);
    expect(await refuses("--merge", odd("text", "no json"))).toContain("is no JSON");
    expect(await refuses("--merge", odd("shape", `{"schema":2}`))).toContain("is no coverage of lines");
    expect(await refuses("--merge", "whole", odd("other", other))).toContain("of another version of the model");
  });
});
