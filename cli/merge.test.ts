import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { Results } from "../reports/index.ts";
import { emptyFolder, run } from "./test-io.ts";

const PLAN = ["--seed", "7", "--runs", "200"];

/** The shards of a check, each with a folder of its own. */
async function shards(cwd: string, of: number, more: readonly string[] = []): Promise<readonly string[]> {
  const folders = Array.from({ length: of }, (_, i) => `shard-${String(i + 1)}`);
  for (const [i, folder] of folders.entries()) {
    await run(["check", ...PLAN, "--shard", `${String(i + 1)}/${String(of)}`, "--out", folder, ...more], { cwd });
  }
  return folders;
}

const untimed = (stdout: string): object => ({ ...(JSON.parse(stdout) as Results), timing: null });

describe("shards, merged", () => {
  it.each([2, 3, 5])("come to what one check comes to, report by report (%i shards)", async (of) => {
    const one = await run(["check", ...PLAN, "--json"]);
    const cwd = emptyFolder();
    const folders = await shards(cwd, of);

    const merged = await run(["merge", ...folders, "--json"], { cwd });

    expect(merged.exit).toBe(one.exit);
    expect(untimed(merged.stdout)).toEqual(untimed(one.stdout));
    expect(JSON.stringify(untimed(merged.stdout))).toBe(JSON.stringify(untimed(one.stdout)));
    const told = (stderr: string): string => stderr.replaceAll(/^(written to|interlock:).*\n/gm, "");
    expect(told(merged.stderr)).toBe(told(one.stderr));
  });

  it("keep their failures as regressions, once each", async () => {
    const cwd = emptyFolder();
    const folders = await shards(cwd, 2);

    const { stderr } = await run(["merge", ...folders, "--json"], { cwd });
    const again = await run(["check", ...PLAN, "--json"], { cwd });

    expect(stderr).toContain("regressions/");
    const { regressions } = JSON.parse(again.stdout) as Results;
    expect(regressions.map(({ property, status }) => [property, status]).sort())
      .toEqual([["deadlock", "reproduced"], ["no-lost-update", "reproduced"]]);
  });

  it("add their coverage up", async () => {
    const cwd = emptyFolder();
    const folders = await shards(cwd, 2, ["--coverage"]);
    const one = await run(["check", ...PLAN, "--coverage", "--json", "--out", "one"], { cwd, root: emptyFolder() });

    await run(["merge", ...folders, "--out", "merged", "--reporter", "json", "--no-regressions"], { cwd });

    const coverage = (folder: string): string => readFileSync(join(cwd, folder, "protocol-coverage.json"), "utf8");
    expect(coverage("merged")).toBe(coverage("one"));
    expect((JSON.parse(one.stdout) as Results).coverage).not.toBeNull();
  });
});

describe("bad input to merge", () => {
  const cwd = emptyFolder();

  beforeAll(async () => {
    await shards(cwd, 3);
    await run(["check", "--seed", "8", "--runs", "200", "--shard", "2/3", "--out", "other"], { cwd });
    for (const name of ["damaged", "cut"]) cpSync(join(cwd, "shard-2"), join(cwd, name), { recursive: true });
    const text = readFileSync(join(cwd, "shard-2", "part.json"), "utf8");
    writeFileSync(join(cwd, "damaged", "part.json"), text.replace('"format":1', '"format":9'));
    writeFileSync(join(cwd, "cut", "part.json"), text.slice(0, 500));
  });

  it.each([
    [["shard-1", "shard-3"], /^shards are missing: 2\/3; give the folder of each$/],
    [["shard-1", "shard-2", "shard-3", "shard-2"], /^shard 2\/3 is there twice: 'shard-2' is the second$/],
    [["shard-1", "other", "shard-3"], /^'shard-1' and 'other' are no shards of one plan: .* seed, .* differ$/],
    [["shard-1", "nowhere", "shard-3"], /^cannot read '.*nowhere.part\.json': no such file$/],
    [["shard-1", "damaged", "shard-3"], /^'.*damaged.part\.json' is no part of a check: format: /],
    [["shard-1", "cut", "shard-3"], /^'.*cut.part\.json' is no part of a check: /],
    [[], /^missing required argument 'folders'/],
  ])("%j: one line, exit 2", async (folders, line) => {
    const { stdout, stderr, exit } = await run(["merge", ...folders], { cwd });

    expect(stderr.trimEnd().replace(/^interlock: /, "")).toMatch(line);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect([exit, stdout]).toEqual([2, ""]);
  });

  it("--bail does not go with --shard", async () => {
    const { stderr, exit } = await run(["check", "--shard", "1/2", "--bail"]);

    expect(stderr).toBe("interlock: --bail and --shard do not go together: a shard does not know where the others would stop\n");
    expect(exit).toBe(2);
  });

  it.each(["0/2", "3/2", "1", "1/0", "a/b", "1/2/3", "-1/2"])("--shard %s is refused", async (shard) => {
    const { stderr, exit } = await run(["check", `--shard=${shard}`]);

    expect(stderr).toBe(`interlock: --shard must be i/n with 1 <= i <= n <= 1000, such as 1/3, not '${shard}'\n`);
    expect(exit).toBe(2);
  });
});
