import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { findRoot } from "../scripts/stamp.mjs";
import { loadEngine } from "./load-engine.ts";
import { run } from "./test-io.ts";
import { BREAKING, HIDING, IN_FULL, huntMutant, reachOf, throughToken } from "./test-mutants.ts";

const folder = mkdtempSync(join(tmpdir(), "interlock-mutants-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("within 10,000 runs of the portfolio, with its property armed alone", () => {
  it.each(BREAKING)("$name dies of $dies where the model lives, and its token fails the same way", async (mutant) => {
    const kill = await huntMutant(mutant, IN_FULL);

    expect(kill?.failure.id).toBe(mutant.dies);
    const { before, after } = await throughToken(mutant, kill!);
    expect(after).toEqual(before);
  });
});

describe("a check by the default plan, every property armed", () => {
  // Another property may see it before the one of its header does; what the model does as well is known.
  it.each(BREAKING)("notices $name", async ({ variant }) => {
    const { exit, last } = await run(
      ["check", "--seed", "1", "--variant", variant.name, "--bail", "--shrink-budget", "0", "--no-regressions", "--out", folder],
      { root: findRoot(), cwd: folder, load: loadEngine },
    );

    expect({ exit, last }).toEqual({ exit: 1, last: expect.stringContaining(" 1 new failure, ") as string });
  }, 600_000);
});

describe.each([
  ["10,000 runs of the portfolio, with its property armed alone", IN_FULL],
  ["the default plan of a check, with every property armed", { seed: 1, runs: null, armed: "all" }],
] as const)("within %s", (_what, effort) => {
  it.each(HIDING)("$name never reaches $dies, the model does", async (mutant) => {
    const reach = await reachOf(mutant, effort);

    expect(reach).toEqual({ original: expect.any(Number) as number, mutant: null });
  });
});
