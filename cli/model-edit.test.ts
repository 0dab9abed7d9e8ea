import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findRoot } from "../scripts/stamp.mjs";
import type { Results } from "../reports/index.ts";
import { findVariant, patchedSources } from "./variants.ts";

const PROJECT = findRoot();
const COPIED = [
  "bin", "cli", "findings", "model", "programs", "properties", "protocol", "reports", "scenarios", "scripts", "sim", "variants", "package.json", "tsconfig.json",
];
const CHECK = ["check", "--scenario", "one-sender", "--runs", "40", "--seed", "1", "--json"];

let root = "";

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "interlock-edit-"));
  for (const name of COPIED) cpSync(join(PROJECT, name), join(root, name), { recursive: true });
  symlinkSync(join(PROJECT, "node_modules"), join(root, "node_modules"));
});

afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

interface Checked {
  readonly exit: number;
  readonly rebuilt: boolean;
  readonly failed: readonly string[];
}

async function check(): Promise<Checked> {
  const started = [process.execPath, [join(root, "bin/interlock.mjs"), ...CHECK], { cwd: root }] as const;
  const done = await promisify(execFile)(...started).then(
    ({ stdout, stderr }) => ({ exit: 0, stdout, stderr }),
    (error: unknown) => {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { exit: code, stdout, stderr };
    },
  );
  const { scenarios } = JSON.parse(done.stdout) as Results;
  return {
    exit: done.exit,
    rebuilt: done.stderr.includes("the build is not up to date with its sources, rebuilding"),
    failed: scenarios.flatMap(({ failures }) => failures.map(({ property }) => property)),
  };
}

describe("an edit of the model", () => {
  it("changes the verdict of the next check, and so does its undoing", async () => {
    const edits = patchedSources(root, findVariant(root, "keeps-the-interlock-when-busy"));

    const before = await check();
    for (const [path, text] of edits) writeFileSync(join(root, path), text);
    const edited = await check();
    for (const path of edits.keys()) cpSync(join(PROJECT, path), join(root, path));
    const undone = await check();

    expect(before).toEqual({ exit: 0, rebuilt: true, failed: [] });
    expect(edited).toEqual({ exit: 1, rebuilt: true, failed: ["interlock-is-released"] });
    expect(undone).toEqual({ exit: 0, rebuilt: false, failed: [] });
  });
});
