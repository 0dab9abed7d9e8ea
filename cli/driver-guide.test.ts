import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { forgetsOactive } from "../docs/examples/driver/forgets-oactive.ts";
import { forgetsTheSerializer } from "../docs/examples/driver/forgets-the-serializer.ts";
import { freesTooEarly } from "../docs/examples/driver/frees-too-early.ts";
import { scenarios } from "../docs/examples/driver/scenarios.ts";
import { skel } from "../docs/examples/driver/skel.ts";
import { FOLDER, GUIDE, checkDriver } from "./test-driver-guide.ts";

/** For machines that have a lot to do. */

/** A block of the guide, its fence without the backticks. */
function block(fence: string): string {
  const found = new RegExp(`^\`\`\`${fence}\\n([^]*?)^\`\`\`$`, "m").exec(GUIDE);
  return found?.[1] ?? `no block ${fence}`;
}

/** Fails unless the block is the output, but for what `[...]` leaves out and for indentation. */
function expectCut(output: string, cut: string): void {
  const text = output.replaceAll(/^ +/gm, "");
  let from = 0;
  for (const piece of cut.replaceAll(/^ +/gm, "").split(/\n?\[\.\.\.\]\n?/)) {
    const at = text.indexOf(piece.trimEnd(), from);
    expect(at, `the tool does not print, at its place: ${piece}`).toBeGreaterThanOrEqual(0);
    from = at + piece.length;
  }
}

describe("the guide to drivers", () => {
  it.each(readdirSync(FOLDER))("shows %s as it is", (file) => {
    const kind = file.endsWith(".json") ? "json" : "ts";

    expect(block(`${kind} file=${file}`)).toBe(readFileSync(join(FOLDER, file), "utf8"));
  });

  it("has a driver of at most 60 lines", () => {
    expect(readFileSync(join(FOLDER, "skel.ts"), "utf8").trimEnd().split("\n").length).toBeLessThanOrEqual(60);
  });
});

describe("the driver of the guide", () => {
  it("passes the stock transmit scenarios (1,100 runs of the default plan's 8,800)", async () => {
    const { exit, stdout } = await checkDriver(scenarios, skel, "--runs", "1100");

    expect(stdout).toMatch(/^(?:known|passed): \d+ runs of 11 scenarios, .* 0 new failures/m);
    expect(exit).toBe(0);
  });
});

describe("a mistake", () => {
  it.each([
    ["forgets-oactive", forgetsOactive, "skel-ring-full"],
    ["forgets-the-serializer", forgetsTheSerializer, "skel-one-sender"],
    ["frees-too-early", freesTooEarly, "skel-one-sender"],
  ] as const)("%s is found and printed as the guide shows it", async (name, driver, scenario) => {
    const { exit, stdout } = await checkDriver(scenarios, driver, "--scenario", scenario, "--bail");

    expect(exit).toBe(1);
    expectCut(stdout, block(`text ${name}`));
  });
});
