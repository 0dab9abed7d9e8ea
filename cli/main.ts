/** The entry: the process as the outside of one command line. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { findRoot } from "../scripts/stamp.mjs";
import { processIo } from "./io.ts";
import { runCli } from "./program.ts";

const root = findRoot();
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };

// Somebody who closes the pipe has read enough.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit();
  throw error;
});

process.exitCode = await runCli(process.argv.slice(2), processIo(root, manifest.version));
