// Prints `N passed, N failed` from a results file of the test runner.

import { readFileSync } from "node:fs";

/**
 * What is read of the results; a file that could not be loaded has no assertions but a status.
 * @typedef {object} Results
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {{ status: string, assertionResults: unknown[] }[]} testResults
 */

const path = process.argv[2];
if (path === undefined) throw new Error("usage: node scripts/count-tests.mjs RESULTS");

try {
  const text = readFileSync(path, "utf8");
  const results = /** @type {Results} */ (JSON.parse(text));
  const unloaded = results.testResults
    .filter(({ status, assertionResults }) => status === "failed" && assertionResults.length === 0);
  const failed = results.numFailedTests + unloaded.length;
  console.log(`${String(results.numPassedTests)} passed, ${String(failed)} failed`);
} catch {
  console.log("0 passed, 1 failed");
  process.exitCode = 1;
}
