#!/usr/bin/env node
// Starts the command line, and never with a build older than its sources.

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { setFlagsFromString } from "node:v8";
import { BuildFailure, buildAll, currentBuild } from "../scripts/build.mjs";
import { findRoot } from "../scripts/stamp.mjs";

// A third of V8's default: every worker compiles all of the engine for itself, and this makes it a fifth less work.
setFlagsFromString("--max-inlined-bytecode-size-cumulative=300");

const ENGINE_FAULT = 3;
const STALE = "the build is not up to date with its sources, rebuilding";

async function freshBuild() {
  const root = findRoot();
  return currentBuild(root) ?? await buildAll({
    root,
    onStale: () => console.error(`interlock: ${STALE}`),
  });
}

/** @type {string | undefined} */
let folder;
try {
  folder = await freshBuild();
} catch (error) {
  const lines = error instanceof BuildFailure ? error.lines : [String(error)];
  for (const line of lines) console.error(`interlock: build failed: ${line}`);
  process.exitCode = ENGINE_FAULT;
}
if (folder !== undefined) await import(pathToFileURL(join(folder, "cli/main.js")).href);
