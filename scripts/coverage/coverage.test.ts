/** The measurement measures what is true: a project of three files whose covered lines are known. */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lcovParser } from "@friedemannsommer/lcov-parser/sync";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const PROJECT = join(import.meta.dirname, "../..");

/**
 * Lines that nobody runs are marked; a line that declares runs when its module is loaded. The types
 * are there to move what is compiled.
 */
const MARK = " // no";
const MARKED = `
export interface Shape {
  readonly edges: number;
  readonly name: string;
}

export type Many = readonly Shape[];

export function calledByTest(edges: number): Shape {
  return { edges, name: "by a test" };
}

export function neverCalled(edges: number): Shape {
  const name = "never"; // no
  return { edges, name }; // no
} // no

export function calledInCommand(shapes: Many): number {
  let sum = 0;
  for (const { edges } of shapes) {
    if (edges < 0) {
      sum -= edges; // no
    } else {
      sum += edges;
    }
  }
  return sum;
}

export class Polygon implements Shape {
  readonly edges: number;
  readonly name = "in a thread";

  constructor(edges: number) {
    this.edges = edges;
  }

  calledInThread(): number {
    return this.edges;
  }

  methodNeverCalled(): number {
    return this.edges * 2; // no
  } // no
}

export function* runPartly(): Generator<number> {
  yield 1;
  yield 2; // no
} // no
`;

const MAIN = `
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Piscina } from "piscina";
import { buildAll } from "../scripts/build.mjs";
import { calledInCommand } from "../sim/probe.ts";

const { href: filename } = pathToFileURL(join(await buildAll(), "cli/worker.js"));
const threads = new Piscina({ filename, maxThreads: 1 });
const edges = await threads.run(5) as number;
console.log(calledInCommand([{ edges, name: "from the thread" }]));
await threads.destroy();
`;

const WORKER = `
import { Polygon } from "../sim/probe.ts";

export default (edges: number): number => new Polygon(edges).calledInThread();
`;

const TEST = `
import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { calledByTest, runPartly } from "./probe.ts";
import { part } from "../unheard-of/part.ts";

test("a function", () => {
  expect(calledByTest(3).edges).toBe(3);
  expect(part()).toBe(1);
  expect(runPartly().next().value).toBe(1);
});

test("a command and its thread", () => {
  const done = execFileSync(process.execPath, ["bin/interlock.mjs"], { encoding: "utf8" });
  expect(done).toBe("5\\n");
});
`;

const FILES = {
  "sim/probe.ts": MARKED.replaceAll(MARK, ""),
  "sim/probe.test.ts": TEST,
  "sim/types.ts": "export type { Shape } from \"./probe.ts\";\nexport type Never = never;\n",
  "unheard-of/part.ts": "export const part = (): number => 1;\n",
  "model/unloaded.ts": "export const one = 1;\nexport const two = 2;\n",
  "cli/main.ts": MAIN,
  "cli/worker.ts": WORKER,
  "cli/engine.ts": "export const engine = 1;\n",
};

let root = "";

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "interlock-coverage-"));
  for (const name of ["bin", "scripts", "package.json", "tsconfig.json", "vitest.config.ts"]) {
    cpSync(join(PROJECT, name), join(root, name), { recursive: true, filter: (path) => !path.endsWith(".test.ts") });
  }
  symlinkSync(join(PROJECT, "node_modules"), join(root, "node_modules"));
  for (const [path, text] of Object.entries(FILES)) write(path, text);
});

afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

function write(path: string, text: string): void {
  mkdirSync(join(root, path, ".."), { recursive: true });
  writeFileSync(join(root, path), text);
}

/** Runs a command in the project, unaware of the test runner and the measurement around it. */
function run(...words: readonly string[]): { readonly code: number | null; readonly stdout: string; readonly stderr: string } {
  const mine = Object.entries(process.env).filter(([name]) => !/^(?:VITEST|NODE_|INTERLOCK_|TEST$)/.test(name));
  const done = spawnSync(process.execPath, words, { cwd: root, env: Object.fromEntries(mine), encoding: "utf8" });
  return { code: done.status, stdout: done.stdout, stderr: done.stderr };
}

/** The written lcov as an independent reader understands it: one section for each file. */
const readLcov = () => lcovParser({ from: readFileSync(join(root, "coverage/lcov.info")) });

/** The lines of a file that ran, and those that did not. */
function linesOf(path: string): { readonly run: readonly number[]; readonly missed: readonly number[] } | undefined {
  const lines = readLcov().find((section) => section.path === path)?.lines.details;
  if (lines === undefined) return undefined;
  const those = (wanted: boolean): readonly number[] =>
    lines.filter(({ hit }) => hit > 0 === wanted).map(({ line }) => line);
  return { run: those(true), missed: those(false) };
}

const TRUTH = (() => {
  const lines = MARKED.trimEnd().split("\n").map((text, i) => ({ line: i + 1, run: !text.endsWith(MARK) }));
  const those = (wanted: boolean): readonly number[] => lines.filter(({ run }) => run === wanted).map(({ line }) => line);
  return { run: those(true), missed: those(false) };
})();

describe("npm run coverage", () => {
  test("counts exactly the lines that tests, commands and threads ran, and stops at the gate", () => {
    const { code, stdout, stderr } = run("scripts/coverage/main.mjs");

    expect(linesOf("sim/probe.ts"), stdout + stderr).toEqual(TRUTH);
    expect(linesOf("model/unloaded.ts")).toEqual({ run: [], missed: [1, 2] });
    expect(linesOf("sim/types.ts")).toBeUndefined();
    expect(linesOf("sim/probe.test.ts")).toBeUndefined();
    for (const path of ["cli/main.ts", "cli/worker.ts", "unheard-of/part.ts"]) expect(linesOf(path)?.missed, path).toEqual([]);
    expect(linesOf("bin/interlock.mjs")?.run).toContain(15);
    expect(code).toBe(8);
    expect(stderr.split("\n").filter((line) => line.startsWith("coverage: "))).toEqual([
      "coverage: model: 0.00 % of 2 lines are covered, must be 90 %",
      "coverage: sim: 84.00 % of 50 lines are covered, must be 90 %",
    ]);
    expect(stdout).toMatch(/^ *probe\.ts +\| /m);
    for (const name of ["index.html", "sim/probe.ts.html", "coverage-summary.json"]) {
      expect(existsSync(join(root, "coverage", name)), name).toBe(true);
    }
  });

  test("writes an lcov whose sums are those of its details, for files that exist", () => {
    const sections = readLcov();

    expect(sections.map(({ path }) => path)).toContain("bin/interlock.mjs");
    for (const { path, lines, functions, branches } of sections) {
      expect(existsSync(join(root, path)), path).toBe(true);
      for (const { details, hit, instrumented } of [lines, functions, branches]) {
        expect({ hit, instrumented }, path)
          .toEqual({ hit: details.filter((one) => one.hit > 0).length, instrumented: details.length });
      }
      const last = readFileSync(join(root, path), "utf8").trimEnd().split("\n").length;
      expect(lines.details.map(({ line }) => line), path).toEqual(Array.from({ length: last }, (_, i) => i + 1));
    }
  });

  test("a failing test is no success, and the gate does not hide it", () => {
    write("sim/failing.test.ts", "import { expect, test } from \"vitest\";\ntest(\"fails\", () => expect(1).toBe(2));\n");

    expect(run("scripts/coverage/main.mjs", "sim/failing").code).toBe(1);
    rmSync(join(root, "sim/failing.test.ts"));
  });

  test("which plain c8 does not do", () => {
    const c8 = join(PROJECT, "node_modules/c8/bin/c8.js");
    const vitest = join(PROJECT, "node_modules/vitest/vitest.mjs");
    rmSync(join(root, "coverage"), { recursive: true });

    const { code } = run(c8, "--all", "--extension=.ts", "--include=sim/**", "--reporter=lcovonly", vitest, "run");

    expect(code).toBe(0);
    expect(linesOf("sim/probe.ts")?.missed).not.toEqual(TRUTH.missed);
  });
});
