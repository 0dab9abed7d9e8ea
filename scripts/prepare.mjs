// `npm run build` and `prepare`: brings the build up to date. With `--pack` (`prepack`), makes the one of the package
// instead, and what package.json's `exports` name.

import { BuildFailure, buildAll } from "./build.mjs";
import { makeDist } from "./dist.mjs";
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
    if (process.argv.includes("--pack")) await makeDist(findRoot());
    else await buildAll();
  } catch (error) {
    if (!(error instanceof BuildFailure)) throw error;
    for (const line of error.lines) console.error(`interlock: build failed: ${line}`);
    process.exitCode = 3;
  }
}

if (!isPreparedByNpx()) await main();
