// Prints the names of the tests that failed and `N passed, N failed`, from a results file of the test runner.

import { readFileSync } from "node:fs";
import { relative } from "node:path";

/**
 * What is read of the results; a file that could not be loaded has no assertions but a status.
 * @typedef {object} Results
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {{ name: string, status: string, message: string, assertionResults: Assertion[] }[]} testResults
 */

/**
 * @typedef {object} Assertion
 * @property {string} fullName
 * @property {string} status
 * @property {string[]} failureMessages
 */

/** Lines shown of a message: what was expected, and where. */
const SHOWN = 12;

const path = process.argv[2];
if (path === undefined) throw new Error("usage: node scripts/count-tests.mjs RESULTS");

/** @param {string} file @param {string} name @param {string} message */
function show(file, name, message) {
  const lines = message.split("\n").slice(0, SHOWN).map((line) => `    ${line}\n`);
  console.log(`failed: ${relative(process.cwd(), file)}: ${name}\n${lines.join("")}`);
}

try {
  const text = readFileSync(path, "utf8");
  const results = /** @type {Results} */ (JSON.parse(text));
  const unloaded = results.testResults
    .filter(({ status, assertionResults }) => status === "failed" && assertionResults.length === 0);
  for (const { name, message } of unloaded) show(name, "could not be loaded", message);
  for (const { name, assertionResults } of results.testResults) {
    const failed = assertionResults.filter(({ status }) => status === "failed");
    for (const { fullName, failureMessages } of failed) show(name, fullName, failureMessages.join("\n"));
  }
  const failed = results.numFailedTests + unloaded.length;
  console.log(`${String(results.numPassedTests)} passed, ${String(failed)} failed`);
} catch {
  console.log("0 passed, 1 failed");
  process.exitCode = 1;
}
