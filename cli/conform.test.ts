import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { emptyFolder, run } from "./test-io.ts";

const DATA = join(import.meta.dirname, "../properties/vectors/data");
const RING_COUNT = join(DATA, "ring-count.json");
const LINES = gunzipSync(readFileSync(join(DATA, "ifq-sequential.jsonl.gz"))).toString().trimEnd().split("\n");

const [FIRST = ""] = LINES;

/** The folder and name of a file with this content. */
function file(content: string | Buffer): { readonly cwd: string; readonly name: string } {
  const cwd = emptyFolder();
  writeFileSync(join(cwd, "vectors"), content);
  return { cwd, name: "vectors" };
}

describe("conform", () => {
  it("says how much agrees, plain or compressed, several files at once", async () => {
    const { cwd, name } = file(gzipSync(`${LINES.slice(0, 3).join("\n")}\n`));

    const { last, exit } = await run(["conform", name, RING_COUNT], { cwd });

    expect(last).toMatch(/^4 sequences, \d+ operations: all agree$/);
    expect(exit).toBe(0);
  });

  it("shows the first divergence with the fields that differ only", async () => {
    const changed = FIRST.replace(/"obytes":[0-9]+/, '"obytes":7777');
    const { cwd, name } = file(`${LINES[1] ?? ""}\n${changed}\n`);

    const { stdout, last, exit } = await run(["conform", name], { cwd });

    expect(stdout).toMatch(/^ {2}obytes +7777 +[0-9]+$/m);
    expect(last).toMatch(/^line 2, seed 1, operation 0: 1 field of the state differs$/);
    expect(exit).toBe(1);
  });

  it.each([
    ["is missing", null, "no such file"],
    ["is empty", "", "not a format of recorded behaviour"],
    ["is garbled", "\u0000\u0001garbage", "not a format of recorded behaviour"],
    ["is binary", Buffer.from([0xff, 0xfe, 0x00]), "it is not UTF-8 text"],
    ["is cut short when compressed", gzipSync(FIRST).subarray(0, 200), "cut short"],
    ["is cut short", FIRST.slice(0, 500), "line 1: not JSON"],
    ["has an unknown operation", FIRST.replace('"op":"rollup"', '"op":"explode"'), "unknown operation"],
    ["names an impossible CPU", FIRST.replace('"cpu":1', '"cpu":64'), 'must be an integer from 0 to 2'],
    ["is of an unknown kind", '{"seed":1,"kind":"weather","steps":[]}', 'line 1: unknown kind "weather"'],
  ])("refuses a file that %s: one line, exit 2", async (_what, content, why) => {
    const { cwd, name } = content === null ? { cwd: emptyFolder(), name: "vectors" } : file(content);

    const { stdout, stderr, exit } = await run(["conform", name], { cwd });

    expect(stderr).toMatch(/^interlock: (cannot read )?'.+': .+\n$/);
    expect(stderr).toContain(why);
    expect([exit, stdout]).toEqual([2, ""]);
  });
});

describe("outcomes", () => {
  it("says which outcomes are reached and which are extra, and an extra one replays", async () => {
    const spec = JSON.parse(readFileSync(join(DATA, "outcomes/two-senders.json"), "utf8")) as { outcomes: object[] };
    const { cwd, name } = file(JSON.stringify({ ...spec, outcomes: spec.outcomes.slice(1) }));

    const { stdout, last, exit } = await run(["outcomes", name], { cwd });

    expect(last).toBe("1 specifications: 1 of 1 outcomes reached, 0 missing, 1 extra");
    expect(exit).toBe(1);
    const token = /replay npx interlock replay (ilk1:\S+)/.exec(stdout)![1]!;
    const replayed = await run(["replay", token]);
    expect(replayed.last).toMatch(/^comes to the recorded outcome: \{"sent":\[/);
    expect(replayed.exit).toBe(1);
  });

  it.each([
    ["garbled", "{", "not JSON"],
    ["without a system", '{"outcomes": []}', "is missing"],
    ["of impossible CPUs", '{"ncpus": 99, "packets": [], "outcomes": []}', "must be an integer from 1 to 8"],
  ])("refuses a specification %s: one line, exit 2", async (_what, content, why) => {
    const { cwd, name } = file(content);

    const { stdout, stderr, exit } = await run(["outcomes", name], { cwd });

    expect(stderr).toMatch(/^interlock: '.+': .+\n$/);
    expect(stderr).toContain(why);
    expect([exit, stdout]).toEqual([2, ""]);
  });
});
