import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import type { Results } from "../reports/index.ts";
import { ENGINE_MODULE, buildFolder } from "./build-folder.ts";
import { engine } from "./engine.ts";
import { runCli } from "./program.ts";
import { testIo } from "./test-io.ts";

/** The stock engine set, but for a seed whose run takes its thread along. */
async function deadlyEngine(seed: string): Promise<string> {
  const module = join(mkdtempSync(join(tmpdir(), "interlock-")), "engine.mjs");
  writeFileSync(module, `
    import { engine as stock } from ${JSON.stringify(pathToFileURL(join(await buildFolder(), ENGINE_MODULE)).href)};
    export const engine = { ...stock, open: (...given) => {
      const job = stock.open(...given);
      return { ...job, run: (seed) => (seed === "${seed}" ? process.exit(1) : job.run(seed)) };
    } };
  `);
  return module;
}

describe("a run that does not come back", () => {
  it("is told with a token that makes it, is no pass, and exits 3", async () => {
    const module = await deadlyEngine("9");
    const { io, written } = testIo();

    const args = ["check", "--seed", "7", "--runs", "8", "--strategy", "random", "--scenario", "one-sender", "--jobs", "1", "--json"];
    const exit = await runCli(args, io, () => Promise.resolve({ engine, variant: null, code: "test", module }));

    const { lost, totals } = JSON.parse(written.stdout) as Results;
    expect(lost.map(({ scenario, strategy, seed, how }) => [scenario, strategy, seed, how])).toEqual([["one-sender", "random", 9, "died"]]);
    expect([totals.runs, totals.verdict, exit]).toEqual([7, "inconclusive", 3]);
    expect(written.stderr).toContain("  one-sender, random, seed 9: its worker died\n    npx interlock replay ilk1:");
    const again = testIo();
    expect(await runCli(["replay", lost[0]!.token], again.io, () => Promise.resolve({ engine, variant: null, code: "test", module: null }))).toBe(0);
    expect(again.written.stdout).toMatch(/passes after \d+ steps, \d+ switches; when it was recorded it did not come back\n$/);
  });
});
