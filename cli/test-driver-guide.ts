/** The guide to drivers, for its tests: its files, its text, and what the tool says of its drivers. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Driver } from "../model/index.ts";
import type { Scenario } from "../scenarios/index.ts";
import { findRoot } from "../scripts/stamp.mjs";
import { makeEngine } from "./engine.ts";
import { runCli } from "./program.ts";
import { testIo, type Ran } from "./test-io.ts";

const ROOT = findRoot();
/** Its sources. */
export const FOLDER = join(ROOT, "docs/examples/driver");
/** Its text. */
export const GUIDE = readFileSync(join(ROOT, "docs/guide-driver.md"), "utf8");

/** `interlock check` of some scenarios with a driver. */
export async function checkDriver(
  scenarios: readonly Scenario[],
  driver: Driver,
  ...args: readonly string[]
): Promise<Omit<Ran, "last">> {
  const engine = makeEngine({ scenarios, drivers: [driver] });
  const { io, written } = testIo({ root: ROOT });
  const load = () => Promise.resolve({ engine, variant: null, code: "guide", module: null });
  const exit = await runCli(["check", "--seed", "1", "--jobs", "0", ...args], io, load);
  return { exit, ...written };
}
