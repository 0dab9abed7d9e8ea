import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { UsageError } from "./errors.ts";
import { prepareFolder } from "./files.ts";

describe("a folder for results", () => {
  it("is made with all its parents", () => {
    const root = mkdtempSync(join(tmpdir(), "interlock-"));

    prepareFolder(join(root, "a", "b"));

    expect(existsSync(join(root, "a", "b"))).toBe(true);
    rmSync(root, { recursive: true });
  });

  it.skipIf(!existsSync("/proc"))("is refused where the file system has no such thing (/proc)", () => {
    expect(() => {
      prepareFolder("/proc/interlock/out");
    }).toThrow(UsageError);
  });
});
