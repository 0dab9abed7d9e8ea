// What coverage counts, what it leaves out, and the least it accepts: all in this place.

import { join } from "node:path";
import { findRoot } from "../stamp.mjs";

/** The folders that are counted, and the percentage of its lines below which one fails the gate. */
export const FOLDERS = [
  { name: "sim", least: 90 },
  { name: "model", least: 90 },
  { name: "scenarios", least: 0 },
  { name: "properties", least: 0 },
  { name: "reports", least: 0 },
  { name: "cli", least: 0 },
  { name: "golden", least: 0 },
  { name: "scripts", least: 0 },
  { name: "bin", least: 0 },
];

/** Tests, and what only tests import; and the measurement, most of which happens around itself. */
export const NOT_COUNTED = ["**/*.{test,long}.ts", "**/test-*.ts", "**/*.d.ts", "scripts/coverage/**"];

/**
 * Tests that take minutes and run no line that the others do not, as long as the gate says so; one
 * that measures the heap, which counting fills; and the test of this measurement.
 */
export const NOT_RUN = [
  "cli/heap.test.ts",
  "cli/mutants.test.ts",
  "properties/determinism.test.ts",
  "properties/exhaustive.test.ts",
  "scripts/coverage/**",
];

export const ROOT = findRoot();
/** Where the reports go. */
export const REPORTS = join(ROOT, "coverage");
/** Where the compiled sources and the raw counts are while it runs. */
export const COMPILED = join(REPORTS, "tmp/compiled");
export const RAW = join(REPORTS, "tmp/raw");

/** What the test processes do besides testing. */
export const SETUP = join(import.meta.dirname, "setup.mjs");
/** The paths that the test runner hands to Node as they are: all but tests and what only they import. */
export const UNTOUCHED = new RegExp([
  `^${ROOT.replaceAll("\\", "/").replaceAll(/[^\w/]/g, "\\$&")}`,
  `(?:${FOLDERS.map(({ name }) => name).join("|")})`,
  String.raw`(?!.*(?:\.test|\.long|/test-[^/]*)\.ts$).*\.(?:ts|mjs)$`,
].join("/"));
