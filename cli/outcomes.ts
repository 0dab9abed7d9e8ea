/** `outcomes`: which final states the model can reach, against the recorded set. */
import { resolve } from "node:path";
import { UsageError, quote } from "./errors.ts";
import type { Exit } from "./exit-codes.ts";
import { readInput } from "./files.ts";
import type { Io } from "./io.ts";

/** Runs the command; returns the exit code. */
export function outcomes(io: Io, files: readonly string[]): Promise<Exit> {
  for (const file of files) readInput(resolve(io.cwd, file));
  throw new UsageError(`${quote(files.join(" "))}: outcomes cannot be explored yet`);
}
