/** Where the build is that this code stands for: worker threads import their modules from there, by path. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildAll } from "../scripts/build.mjs";

/** Path of the module that exports `engine`, in a build and in the bundle of a variant. */
export const ENGINE_MODULE = "cli/engine.js";

/** The build this module belongs to. Sources that a test runner executes are built first, if they are not yet. */
export async function buildFolder(): Promise<string> {
  const here = fileURLToPath(import.meta.url);
  for (let folder = dirname(here); folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, ENGINE_MODULE))) return folder;
  }
  return buildAll();
}
