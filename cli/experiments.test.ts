/**
 * The tables in docs/ are what their commands print: each block that begins with a command line is run again and
 * compared. `vitest run cli/experiments.test.ts -u` writes what is printed now.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { COST_TABLE } from "../model/index.ts";
import { runOnKernel } from "./test-kernel.ts";

const DOCS = fileURLToPath(new URL("../docs", import.meta.url));
const BLOCK = /```\n\$ interlock (.*)\n[^`]*```/g;
/** Seconds on an idle machine. */
const read = (name: string): string => readFileSync(join(DOCS, name), "utf8");

describe("tables in the documents", () => {
  it.each(["experiments/staging.md", "timed-mode.md"])("%s is what its commands print", async (name) => {
    const text = read(name);
    const blocks = [...text.matchAll(BLOCK)];
    let renewed = text;
    for (const [block, line = ""] of blocks) {
      const { stdout, stderr } = await runOnKernel(line.split(" "));
      expect(stderr, line).toBe("");
      renewed = renewed.replace(block, () => `\`\`\`\n$ interlock ${line}\n${stdout}\`\`\``);
    }

    expect(blocks.length).toBeGreaterThan(0);
    await expect(renewed).toMatchFileSnapshot(join(DOCS, name));
  });

  it("the cost table is the one in use", () => {
    const rows = COST_TABLE.map(({ name, ns, what, basis, why }) =>
      `| \`${name}\` | ${String(ns)} | ${what} | ${basis === "source" ? why : `assumption: ${why}`} |`);

    const [, section = ""] = read("timed-mode.md").split("## What things cost");
    expect(section.split("\n").filter((line) => line.startsWith("| `"))).toEqual(rows);
  });
});
