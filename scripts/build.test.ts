import { execFile } from "node:child_process";
import {
  cpSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const PROJECT = join(import.meta.dirname, "..");
const REBUILDS = "interlock: the build is not up to date with its sources, rebuilding\n";

let root = "";

/** A project of a few source files beside the real build. */
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "interlock-build-"));
  for (const name of ["bin", "scripts", "package.json", "tsconfig.json"]) {
    cpSync(join(PROJECT, name), join(root, name), { recursive: true });
  }
  symlinkSync(join(PROJECT, "node_modules"), join(root, "node_modules"));
  write("cli/main.ts", `import { word } from "../model/index.ts";\nconsole.log(word);\n`);
  for (const entry of ["engine", "worker"]) write(`cli/${entry}.ts`, `export { word } from "../model/index.ts";\n`);
  write("model/index.ts", `export const word = "one";\n`);
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function write(path: string, text: string) {
  mkdirSync(join(root, path, ".."), { recursive: true });
  writeFileSync(join(root, path), text);
}

async function start() {
  const run = promisify(execFile);
  try {
    const done = await run(process.execPath, [join(root, "bin/interlock.mjs")]);
    return { code: 0, stdout: done.stdout, stderr: done.stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, stdout, stderr };
  }
}

const builds = () => readdirSync(join(root, "build")).filter((name) => /^[0-9a-f]{32}/.test(name));

describe("the executable", () => {
  test("builds what is not built, says so, and does it once", async () => {
    expect(await start()).toEqual({ code: 0, stdout: "one\n", stderr: REBUILDS });
    expect(await start()).toEqual({ code: 0, stdout: "one\n", stderr: "" });
  });

  test("never runs a build older than its sources", async () => {
    await start();
    write("model/index.ts", `export const word = "two";\n`);

    expect(await start()).toEqual({ code: 0, stdout: "two\n", stderr: REBUILDS });
    expect(await start()).toEqual({ code: 0, stdout: "two\n", stderr: "" });
  });

  test("notices an edit that keeps the size and the times", async () => {
    const then = new Date("2026-01-01T00:00:00Z");
    utimesSync(join(root, "model/index.ts"), then, then);
    await start();
    write("model/index.ts", `export const word = "two";\n`);
    utimesSync(join(root, "model/index.ts"), then, then);

    expect((await start()).stdout).toBe("two\n");
  });

  test("notices a source that is new or gone", async () => {
    await start();
    write("sim/new.ts", "export const more = 1;\n");
    expect((await start()).stderr).toBe(REBUILDS);

    rmSync(join(root, "model/index.ts"));
    expect((await start()).code).toBe(3);
  });

  test("goes back to an earlier build when the sources do", async () => {
    await start();
    write("model/index.ts", `export const word = "two";\n`);
    await start();
    write("model/index.ts", `export const word = "one";\n`);

    expect(await start()).toEqual({ code: 0, stdout: "one\n", stderr: "" });
  });

  test("does not rebuild for a test", async () => {
    await start();
    write("model/index.test.ts", "not even a program\n");

    expect(await start()).toEqual({ code: 0, stdout: "one\n", stderr: "" });
  });

  test("prints one line per error and exits 3 when the sources do not build", async () => {
    await start();
    write("model/index.ts", `export const word = ;\n`);
    write("sim/a.ts", "export const = 1;\n");
    write("cli/main.ts", `import "../model/index.ts";\nimport "../sim/a.ts";\n`);

    const { code, stdout, stderr } = await start();

    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(stderr.split("\n").sort()).toEqual([
      "",
      "interlock: build failed: model/index.ts:1:21: Unexpected \";\"",
      "interlock: build failed: sim/a.ts:1:14: Expected identifier but found \"=\"",
      REBUILDS.trimEnd(),
    ]);
    expect(builds()).toHaveLength(1);
  });

  test("builds once and whole when several start at the same time", async () => {
    const all = await Promise.all(Array.from({ length: 6 }, start));

    expect(all.map(({ code, stdout }) => ({ code, stdout })))
      .toEqual(all.map(() => ({ code: 0, stdout: "one\n" })));
    expect(builds()).toHaveLength(1);
  });

  test("runs the build of the package when it is installed without sources", async () => {
    await start();
    const [built = ""] = builds();
    mkdirSync(join(root, "dist"));
    renameSync(join(root, "build", built), join(root, "dist/build"));
    for (const folder of ["cli", "model"]) rmSync(join(root, folder), { recursive: true });

    expect(await start()).toEqual({ code: 0, stdout: "one\n", stderr: "" });
  });
});
