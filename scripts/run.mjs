// Bundles one TypeScript file and runs it: `node scripts/run.mjs [node options] FILE [arguments]`.

import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { BuildFailure, bundle } from "./build.mjs";
import { findRoot } from "./stamp.mjs";

const given = process.argv.slice(2);
const at = given.findIndex((word) => word.endsWith(".ts"));
const file = given[at];
if (file === undefined) throw new Error("usage: node scripts/run.mjs [node options] FILE.ts …");

const root = findRoot();
const outdir = join(root, "build", `run.tmp-${String(process.pid)}`);
try {
  await bundle({ entryPoints: [file], outdir }, root);
  const script = join(outdir, file.replace(/\.ts$/, ".js"));
  const words = [...given.slice(0, at), "--enable-source-maps", script, ...given.slice(at + 1)];
  process.exitCode = spawnSync(process.execPath, words, { stdio: "inherit" }).status ?? 1;
} catch (error) {
  if (!(error instanceof BuildFailure)) throw error;
  for (const line of error.lines) console.error(`interlock: build failed: ${line}`);
  process.exitCode = 3;
} finally {
  rmSync(outdir, { recursive: true, force: true });
}
