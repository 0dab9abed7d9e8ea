// What coverage counts, what it leaves out, and the least it accepts: all in this place.

import { join } from "node:path";
import { findRoot } from "../stamp.mjs";

/** Every folder is counted; the gate fails below this percentage of the lines of one of these. */
export const LEAST = { sim: 90, model: 90 };

/** Where the sources are: in folders, not beside the settings of tools. */
export const SOURCES = "*/**/*.{ts,mjs}";
/** What is made from them, and by others. */
export const IGNORED = ["**/node_modules/**", "build/**", "coverage/**", "dist/**", "interlock-out/**"];

/**
 * Tests, and what only they import; what measures speed; examples of the documents; and this
 * measurement, most of which happens around itself.
 */
export const NOT_COUNTED = [
  ...IGNORED,
  "**/*.{test,long}.ts",
  "**/test-*.ts",
  "**/*.d.ts",
  "bench/**",
  "docs/**",
  "scripts/coverage/**",
];

/**
 * Tests of an author's modules, which import the package by its name: only the test runner takes
 * that for the sources. And tests that take long and add nothing: they kill what they start, run copies of the project or
 * bundles of variants, none of which is counted, or the same lines very often; one that measures
 * the heap, which counting fills; and the test of this measurement.
 */
export const NOT_RUN = [
  "cli/ci-examples.test.ts",
  "cli/driver-guide.test.ts",
  "cli/fixes.test.ts",
  "cli/heap.test.ts",
  "cli/kill.test.ts",
  "cli/minima.test.ts",
  "cli/model-edit.test.ts",
  "cli/mutants-hunt.test.ts",
  "cli/mutants.test.ts",
  "cli/parts.test.ts",
  "properties/determinism.test.ts",
  "properties/exhaustive.test.ts",
  "scripts/build.test.ts",
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
  String.raw`(?!(?:.*/)?node_modules/)(?!.*(?:\.test|\.long|/test-[^/]*)\.ts$)[^/]+/.*\.(?:ts|mjs)$`,
].join("/"));
