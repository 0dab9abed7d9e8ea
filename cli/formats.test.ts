import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { emptyFolder, run } from "./test-io.ts";

const LOST = ["check", "--seed", "7", "--runs", "60", "--scenario", "lost-update"];

/** Every event that a text names, once each, in order. */
const idsIn = (text: string): readonly string[] =>
  [...new Set(text.match(/\be\d+\b/g) ?? [])].sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)));

describe("formats for other tools", () => {
  it("are written by reporters, and all name the same events", async () => {
    const cwd = emptyFolder();

    const { exit } = await run([...LOST, "--reporter", "trace,mermaid,sarif,ctrf"], { cwd });

    const out = join(cwd, "interlock-out");
    const files = readdirSync(out).sort();
    expect(exit).toBe(1);
    expect(files.map((name) => name.replace(/[0-9a-f]{16}/, "HASH"))).toEqual([
      "ctrf-report.json", "interlock.sarif", "journal.jsonl",
      "run-lost-update.no-lost-update.HASH.mmd", "run-lost-update.no-lost-update.HASH.trace.json",
    ]);
    const [ctrf, sarif, , mermaid, trace] = files.map((name) => readFileSync(join(out, name), "utf8"));
    const ids = idsIn(mermaid!);
    expect(ids.length).toBeGreaterThan(3);
    expect([idsIn(trace!), idsIn(sarif!)]).toEqual([ids, ids]);
    expect(ids).toEqual(expect.arrayContaining([...idsIn(/"evidence": \[[^\]]*\]/.exec(ctrf!)![0])]));
  });

  it.each(["trace", "mermaid", "sarif", "ctrf"])("of one run: replay --format %s prints nothing else", async (format) => {
    const { stdout: printed } = await run(LOST);
    const token = /replay (ilk1:\S+)/.exec(printed)![1]!;

    const { stdout, stderr, exit } = await run(["replay", token, "--format", format]);

    expect(exit).toBe(1);
    expect(stderr).toMatch(/^fails as recorded: Violation no-lost-update after \d+ steps, \d+ switches?(?:es)?\n$/);
    if (format === "mermaid") expect(stdout).toMatch(/^sequenceDiagram\n/);
    else expect(Object.keys(JSON.parse(stdout) as object).length).toBeGreaterThan(2);
  });

  it("are named when one is asked for that there is not", async () => {
    const { stderr, exit } = await run(["replay", "ilk1:x", "--format", "svg"]);

    expect(stderr).toMatch(/^interlock: .*'svg' is invalid.*html, trace, mermaid, sarif, ctrf/);
    expect(exit).toBe(2);
  });
});
