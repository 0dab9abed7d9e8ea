// `npm run build` and `prepare`: brings the build up to date. With `--only`, removes all older ones.

import { basename } from "node:path";
import { BuildFailure, buildAll, removeOldBuilds } from "./build.mjs";
import { findRoot } from "./stamp.mjs";

/**
 * `npx interlock` in a clone links the clone into npm's cache and prepares it. The command builds
 * for itself, and says better what is wrong than npm, which also keeps a failed link for good.
 */
function isPreparedByNpx() {
  return process.env.npm_lifecycle_event === "prepare" && process.env.npm_command === "exec";
}

async function main() {
  try {
    const folder = await buildAll();
    if (process.argv.includes("--only")) removeOldBuilds(findRoot(), basename(folder), 0);
  } catch (error) {
    if (!(error instanceof BuildFailure)) throw error;
    for (const line of error.lines) console.error(`interlock: build failed: ${line}`);
    process.exitCode = 3;
  }
}

if (!isPreparedByNpx()) await main();
