/** The protocol coverage of several folders as one: shards of a plan, or checks that have nothing to do with each other. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { NO_COVERAGE, mergeCoverage } from "../protocol/index.ts";
import type { ProtocolCoverageFile } from "../reports/index.ts";
import { coverageFile, coverageOf } from "./coverage-file.ts";
import { protocolCoverageSchema } from "./coverage-schema.ts";
import { COVERAGE_FILE } from "./coverage.ts";
import { UsageError, messageOf, oneLine, quote } from "./errors.ts";
import { readInput } from "./files.ts";

/**
 * The document of all; null when none of the folders has one. `order`: of the scenarios, as a plan has them; what it does
 * not name follows in the order in which it first appears.
 * Throws a `UsageError` when one of them lacks what others have, does not read, or comes from another version or variant.
 */
export function mergedCoverage(folders: readonly string[], order: readonly string[] = []): ProtocolCoverageFile | null {
  const paths = folders.map((folder) => join(folder, COVERAGE_FILE));
  const missing = paths.find((path) => !existsSync(path));
  if (missing !== undefined) {
    if (paths.every((path) => !existsSync(path))) return null;
    throw new UsageError(`there is no ${quote(missing)}, but others were made with --coverage: make all of them with it, or none`);
  }
  const [first, ...others] = paths.map(readCoverageFile);
  if (first === undefined) return null;
  for (const [i, other] of others.entries()) {
    if (other.version === first.version && other.variant === first.variant) continue;
    throw new UsageError(`${quote(paths[i + 1] ?? "")} is of another version or variant than ${quote(paths[0] ?? "")}`);
  }
  const all = [first, ...others];
  const names = [...new Set([...order, ...all.flatMap(({ scenarios }) => scenarios.map(({ name }) => name))])];
  return coverageFile(all.map(coverageOf).reduce(mergeCoverage, NO_COVERAGE), names, first);
}

function readCoverageFile(path: string): ProtocolCoverageFile {
  const text = readInput(path);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${quote(path)} is no JSON: ${oneLine(messageOf(error))}`);
  }
  const read = protocolCoverageSchema.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const where = issue === undefined ? "" : `${issue.path.join(".")}: ${issue.message}`;
  throw new UsageError(`${quote(path)} is no protocol coverage: ${oneLine(where)}`);
}
