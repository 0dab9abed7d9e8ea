// `npm run coverage`: runs the tests with V8 counting in every process and thread of theirs, and
// writes text, lcov, HTML and a summary to coverage/. Exits 1 when a test fails, 8 at the gate.

import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { compile } from "./compile.mjs";
import { coveredLines } from "./gate.mjs";
import { COMPILED, LEAST, NOT_COUNTED, RAW, REPORTS, ROOT, SOURCES } from "./settings.mjs";

const FAILED = 1;
const GATE = 8;

const VITEST = join(ROOT, "node_modules/vitest/vitest.mjs");
const C8 = join(ROOT, "node_modules/c8/bin/c8.js");

/** @param {readonly string[]} words @param {NodeJS.ProcessEnv} [env] */
function run(words, env = {}) {
  const options = { cwd: ROOT, stdio: /** @type {const} */ ("inherit"), env: { ...process.env, ...env } };
  return spawnSync(process.execPath, words, options).status === 0;
}

/** @param {readonly string[]} filters */
function runTests(filters) {
  const preload = `--import ${pathToFileURL(join(import.meta.dirname, "register.mjs")).href}`;
  // Hooks see what is imported: a pool that may require() modules would run the bundle past them.
  const options = [process.env.NODE_OPTIONS, preload, "--no-experimental-require-module"];
  return run([VITEST, "run", "--mode", "coverage", ...filters], {
    NODE_V8_COVERAGE: RAW,
    NODE_OPTIONS: options.filter(Boolean).join(" "),
  });
}

/** @param {readonly string[]} typesOnly */
function report(typesOnly) {
  const options = {
    "temp-directory": [RAW],
    "reports-dir": [REPORTS],
    reporter: ["text", "lcovonly", "html", "json-summary"],
    include: [SOURCES],
    exclude: [...NOT_COUNTED, ...typesOnly],
    extension: [".ts", ".mjs"],
    src: [ROOT],
  };
  const words = Object.entries(options)
    .flatMap(([name, values]) => values.flatMap((value) => `--${name}=${value}`));
  return run([C8, "report", "--all", "--merge-async", ...words]);
}

rmSync(REPORTS, { recursive: true, force: true });
mkdirSync(RAW, { recursive: true });
const typesOnly = compile(ROOT, COMPILED);
const passed = runTests(process.argv.slice(2));
if (!report(typesOnly)) throw new Error("c8 wrote no report");
rmSync(dirname(RAW), { recursive: true });
const summary = readFileSync(join(REPORTS, "coverage-summary.json"), "utf8");
const folders = coveredLines(summary, ROOT, LEAST);
for (const { line } of folders) console.log(line);
const short = folders.filter(({ under }) => under);
for (const { line } of short) console.error(`coverage: ${line}`);
process.exitCode = !passed ? FAILED : short.length > 0 ? GATE : 0;
