/**
 * The package as other people get it: packed, installed into an empty folder with nothing but its dependencies, and
 * used there by the guide for drivers. Needs npm's cache or a registry.
 */
import { execFile, execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Results } from "../../reports/index.ts";
import { bundle } from "../../scripts/build.mjs";
import { ENGINE } from "../../scripts/page.mjs";
import { findRoot, listSources } from "../../scripts/stamp.mjs";

const ROOT = findRoot();
const EXAMPLES = join(ROOT, "docs/examples/driver");
const MIB = 1024 * 1024;

let place = "";
let tarball = "";
let home = "";

interface Ended {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program in the folder the package was installed into. */
function run(command: string, ...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(command, args, { cwd: home, maxBuffer: 64 * MIB, env: { ...process.env, NO_COLOR: "1" } }, (error, stdout, stderr) => {
      resolve({ exit: typeof error?.code === "number" ? error.code : error === null ? 0 : -1, stdout, stderr });
    });
  });
}

const interlock = (...args: readonly string[]): Promise<Ended> => run(join(home, "node_modules/.bin/interlock"), ...args);

/** The sources in the bundles that an installed package makes. */
async function bundledFrom(): Promise<readonly string[]> {
  const names = ["model", "properties", "scenarios", "sim"].map((name) => `cli/package/${name}.ts`);
  const entryPoints = [ENGINE, "cli/engine.ts", "cli/project/project-engine.ts", "cli/project/author.ts", "reports/page/engine-of.ts", ...names];
  const { metafile } = await bundle({ entryPoints, outdir: join(place, "bundled"), write: false, metafile: true }, ROOT);
  return Object.keys(metafile?.inputs ?? {});
}

beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), "interlock-packed-"));
  home = join(place, "home");
  mkdirSync(home);
  const packed = execFileSync("npm", ["pack", "--json", "--pack-destination", place], { cwd: ROOT, encoding: "utf8" });
  const [{ filename }] = JSON.parse(packed.slice(packed.indexOf("[\n"))) as [{ filename: string }];
  tarball = join(place, filename);
  writeFileSync(join(home, "package.json"), JSON.stringify({ name: "home", private: true, type: "module" }));
  execFileSync("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", tarball], { cwd: home, encoding: "utf8" });
}, 300_000);

afterAll(() => {
  rmSync(place, { recursive: true, force: true });
});

describe("the tarball", () => {
  it("is no larger than 1 MiB", () => {
    expect(statSync(tarball).size).toBeLessThanOrEqual(MIB);
  });

  it("holds the sources that variants, projects and pages are bundled from, and besides them what is run, declared and read", async () => {
    const installed = join(home, "node_modules/interlock");
    const files = readdirSync(installed, { recursive: true, withFileTypes: true })
      .filter((file) => file.isFile())
      .map((file) => join(file.parentPath, file.name).slice(installed.length + 1))
      .filter((path) => !path.startsWith("node_modules/"));
    const inputs = (await bundledFrom()).filter((path) => !path.startsWith("node_modules/"));
    // Tokens know the code by these folders, whether all of it is bundled or not; and a bundle has no types.
    const whole = /^(bin|model|properties|protocol|scenarios|sim|variants)\/|^findings\/[^/]*\.json$|^(package|tsconfig)\.json$/;
    const others = /^dist\/|^(cli|reports)\/[^/]*\.?schema\.json$|^scripts\/(build|page|stamp)\.mjs$|^(LICENSE|README\.md|docs\/kernel-functions\.json|docs\/examples\/(driver\/skel\.ts|init\/.*))$/;
    const expected = new Set([...inputs, ...listSources(ROOT).filter((path) => whole.test(path))]);

    expect(files.filter((path) => !others.test(path)).sort()).toEqual([...expected].sort());
    expect(files.filter((path) => /\.(map|test\.ts|long\.ts)$|\/test-/.test(path))).toEqual([]);
  });

  it("is what publint and attw want", () => {
    const tool = (name: string, ...args: readonly string[]): string =>
      execFileSync(join(ROOT, "node_modules/.bin", name), args, { cwd: ROOT, encoding: "utf8" });

    // Both exit with an error, which is thrown here, for anything they do not like.
    expect(tool("publint", "--strict", tarball)).toMatch(/All good!/);
    expect(tool("attw", "--profile", "esm-only", tarball)).toMatch(/"interlock\/properties"/);
  });
});

describe("the installed package", () => {
  it("runs its command without a rebuild", async () => {
    const { exit, stdout, stderr } = await interlock("check", "--scenario", "one-sender", "--runs", "20", "--seed", "1", "--no-regressions");

    expect(stderr).toBe("");
    expect(stdout.trimEnd().split("\n").at(-1)).toMatch(/^passed: 20 runs of 1 scenario/);
    expect(exit).toBe(0);
  });

  it("bundles a variant of the model", async () => {
    const { stdout } = await interlock("check", "--scenario", "one-sender", "--runs", "20", "--seed", "1", "--variant", "takes-without-removing", "--no-regressions");

    expect(stdout.trimEnd().split("\n").at(-1)).toMatch(/^failed: /);
  });

  it("is typed, and checks from a program", async () => {
    writeFileSync(join(home, "own.ts"), `
import { check, defineDriver, type Results } from "interlock";
import { nicDriver } from "interlock/model";
import { PLAIN } from "interlock/scenarios";
import type { Property } from "interlock/properties";
import type { Routine } from "interlock/sim";
export const driver = defineDriver({ ...nicDriver, name: "own" });
export type Used = [Property, Routine<void>, typeof PLAIN];
const results: Results = await check({ scenario: "one-sender", seed: 1, runs: 20, regressions: false });
console.log(results.totals.runs, results.totals.verdict);
`);
    const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
    const typed = await run(process.execPath, tsc, "--strict", "--module", "nodenext", "--target", "es2023", "--ignoreConfig", "own.ts");
    expect(typed.stdout).toBe("");

    expect((await run(process.execPath, "own.js")).stdout).toBe("20 passed\n");
  });
});

describe("the guide for drivers, followed in the folder", () => {
  beforeAll(() => {
    cpSync(EXAMPLES, home, { recursive: true });
  });

  const checked = async (...args: readonly string[]): Promise<Results> => {
    const { stdout, stderr } = await interlock("check", "--json", "--no-regressions", "--seed", "1", ...args);
    expect(stderr).not.toMatch(/^interlock: /m);
    return JSON.parse(stdout) as Results;
  };

  it("checks its driver with the stock scenarios, and finds nothing new", async () => {
    const { totals, scenarios } = await checked("--runs", "2000");

    expect(scenarios.every(({ name }) => name.startsWith("skel-"))).toBe(true);
    expect(totals.failures).toBe(0);
  });

  it.each([
    ["forgets-oactive.ts", "skel-ring-full"],
    ["forgets-the-serializer.ts", "skel-one-sender"],
    ["frees-too-early.ts", "skel-one-sender"],
  ])("finds the mistake of %s in %s, and its token replays", async (module, scenario) => {
    expect(existsSync(join(home, module))).toBe(true);
    const config = JSON.parse(readFileSync(join(EXAMPLES, "interlock.config.json"), "utf8")) as object;
    writeFileSync(join(home, "mistake.json"), JSON.stringify({ ...config, drivers: [`./${module}`] }));

    const { totals, scenarios } = await checked("--config", "mistake.json", "--scenario", scenario);

    expect(totals.failures).toBeGreaterThan(0);
    const token = scenarios.flatMap(({ failures }) => failures).find(({ known }) => !known)?.token ?? "";
    const replayed = await interlock("replay", token, "--config", "mistake.json");
    expect(replayed.stdout.trimEnd().split("\n").at(-1)).toMatch(/^fails as recorded/);
  });
});
